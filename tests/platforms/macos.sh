#!/usr/bin/env bash
# macos.sh FOLDER: the static library for macOS on both of its processors. Built only: it shows every
# function of the header, and needs nothing that the system has not. Nothing of it can run here.
#
# C headers and the list of the system's symbols are those that Zig brings.
set -euo pipefail
mkdir -p "$1"
work=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
# shellcheck source-path=SCRIPTDIR source=toolchain.sh
. tests/platforms/toolchain.sh

build=$work/macos
mkdir -p "$build/sdk/usr"
# shellcheck disable=SC2154
ln -sfn "$zig/include/any-darwin-any" "$build/sdk/usr/include"
export SDKROOT=$build/sdk MACOSX_DEPLOYMENT_TARGET=11.0 CC=clang-22 AR=llvm-ar-22
export CFLAGS="-isysroot $SDKROOT"
grep -oE 'oss_[a-z0-9_]+\(' include/oss_presign.h | sed 's/^/_/; s/($//' | sort -u >"$build/header"
grep -oE '_[A-Za-z0-9_]+' "$zig/darwin/libSystem.tbd" | sort -u >"$build/system"
roots=()
while read -r symbol; do
  roots+=(-u "$symbol")
done <"$build/header"

# build_for PROCESSOR ARCH
build_for() {
  local target=$1-apple-darwin library
  library=$work/cargo/$target/release/liboss_presign.a
  cargo rustc --release --locked --lib --crate-type staticlib --target "$target" \
    --target-dir "$work/cargo" -Zbuild-std=std,panic_unwind
  ld64.lld-22 -dylib -arch "$2" -platform_version macos 11.0 11.0 -undefined dynamic_lookup \
    -dead_strip -exported_symbols_list "$build/header" "${roots[@]}" "$library" -o "$build/$2.dylib"
  llvm-nm-22 --defined-only --extern-only "$build/$2.dylib" | awk '{ print $3 }' | sort |
    diff "$build/header" -
  # Names of the processor's older interfaces have a suffix.
  llvm-nm-22 -u "$build/$2.dylib" | tr -d ' ' | sed 's/[$].*//' | sort -u |
    comm -23 - "$build/system" >"$build/left"
  if grep -vE '^dyld_stub_binder$' "$build/left"; then
    echo "macOS has not these symbols" >&2
    exit 1
  fi
  echo "macos: $2, $(wc -l <"$build/header") functions"
}
build_for aarch64 arm64
build_for x86_64 x86_64
