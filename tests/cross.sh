# Sourced with $work set: tools for systems whose own are not in Debian, under $work. Afterwards
# clang-22 and its like are there, cross_cargo compiles Rust's standard library along, and $zig has C
# headers and symbols of other systems.
#
# The standard library's source is what Debian's security archive has for its browsers.
# shellcheck shell=bash
: "${work:?a folder}"

cross_install() {
  local as_root=() package
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  if ! { command -v clang-22 && command -v llvm-nm-22 && command -v ld64.lld-22; } >/dev/null; then
    "${as_root[@]}" apt-get update -q
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -yq --no-install-recommends \
      clang-22 lld-22 llvm-22
  fi
  if [ ! -x "$work/rust/usr/bin/rustc" ]; then
    [ -n "$(apt-cache depends rustc-web 2>/dev/null)" ] || "${as_root[@]}" apt-get update -q
    mkdir -p "$work/packages"
    (cd "$work/packages" &&
      apt-get download rustc-web cargo-web rust-web-src libstd-rust-web-dev libgit2-1.5 \
        libhttp-parser2.9 libmbedtls14 libmbedcrypto7 libmbedx509-1 libssh2-1 \
        "$(apt-cache depends rustc-web libstd-rust-web-dev |
          grep -oE 'libstd-rust-web-[0-9.]+' | head -n 1)")
    for package in "$work"/packages/*.deb; do
      dpkg -x "$package" "$work/rust"
    done
  fi
  [ -d "$work/python" ] || python3 -m venv "$work/python"
  "$work/python/bin/pip" install --quiet ziglang==0.17.1
  # shellcheck disable=SC2034
  zig=$(echo "$work"/python/lib/python3*/site-packages/ziglang/lib/libc)
}

# cross_cargo COMMAND...: with that cargo, instead of the machine's.
cross_cargo() {
  PATH=$work/rust/usr/bin:$PATH LD_LIBRARY_PATH=$work/rust/usr/lib/x86_64-linux-gnu RUSTC_BOOTSTRAP=1 \
    CARGO_UNSTABLE_BUILD_STD=std,panic_unwind "$@"
}
