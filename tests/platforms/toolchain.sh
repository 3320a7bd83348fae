# Sourced by the scripts beside it, which stand in the project's folder then, with $work set: packages,
# and the Rust compiler of tests/cross.sh, which has its standard library's source.
# shellcheck shell=bash
: "${work:?a folder}"

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

# shellcheck source-path=SCRIPTDIR source=../cross.sh
. tests/cross.sh
cross_install
export PATH=$work/rust/usr/bin:$PATH
export LD_LIBRARY_PATH=$work/rust/usr/lib/x86_64-linux-gnu
# Building the standard library is for nightly compilers, and for those that are told so.
export RUSTC_BOOTSTRAP=1
# CMake looks for rustup's first.
# shellcheck disable=SC2034
cross=("-DCARGO_EXECUTABLE=$work/rust/usr/bin/cargo" "-DRUSTC_EXECUTABLE=$work/rust/usr/bin/rustc"
  "-DOSS_PRESIGN_CARGO_ARGUMENTS=-Zbuild-std=std,panic_unwind"
  "-DOSS_PRESIGN_CARGO_TARGET_DIR=$work/cargo")
