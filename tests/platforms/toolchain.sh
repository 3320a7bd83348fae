# Sourced by the scripts beside it, which stand in the project's folder then: a Rust compiler with the
# source of its standard library, which builds that library for any target. rustup has neither on a
# machine without a network; Debian 12 has both, apart from the rest under target/platforms.
# shellcheck shell=bash

work=$PWD/target/platforms
mkdir -p "$work"

# packages NAME...: installs what is missing.
packages() {
  local name missing=()
  for name in "$@"; do
    [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    "${as_root[@]}" apt-get update -q
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -yq --no-install-recommends "${missing[@]}"
  fi
}

packages cmake ninja-build python3 gcc g++ libllvm22 libcurl4 libgit2-1.5 libssh2-1 libsqlite3-0
if [ ! -x "$work/rust/usr/bin/cargo" ]; then
  mkdir -p "$work/packages"
  (cd "$work/packages" && apt-get download rustc-web cargo-web rust-web-src libstd-rust-web-dev libstd-rust-web-1.96)
  for package in "$work/packages"/*.deb; do
    dpkg --extract "$package" "$work/rust"
  done
fi
export PATH=$work/rust/usr/bin:$PATH
export LD_LIBRARY_PATH=$work/rust/usr/lib/x86_64-linux-gnu
# Building the standard library is for nightly compilers, and for those that are told so.
export RUSTC_BOOTSTRAP=1
build_std=-Zbuild-std=std,panic_unwind
