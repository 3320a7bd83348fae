#!/usr/bin/env bash
# ios.sh FOLDER: the library and the wrapper, compiled for iOS on Debian, as far as that goes without
# Apple's SDK: what they need of the system, what the XCFramework will show, and whether the privacy
# manifest says all that Apple wants to know. Nothing of it can run here.
#
# C headers and the list of the system's symbols are those that Zig brings.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
mkdir -p "$1"
work=$(cd "$1" && pwd)
target=aarch64-apple-ios
objc=$root/bindings/objc

# shellcheck source-path=SCRIPTDIR source=../../../tests/cross.sh
. "$root/tests/cross.sh"
cross_install
mkdir -p "$work/sdk/usr"
ln -sfn "$zig/include/any-darwin-any" "$work/sdk/usr/include"
# crc-fast is a shared library as well, which nobody asked for: whoever links gets an empty file.
# shellcheck disable=SC2016
printf '#!/bin/sh\nwhile [ $# -gt 0 ]; do [ "$1" = -o ] && : >"$2"; shift; done\n' >"$work/no-linker"
chmod +x "$work/no-linker"

echo "== the library"
(
  cd "$root"
  export SDKROOT=$work/sdk IPHONEOS_DEPLOYMENT_TARGET=13.0
  export CC_aarch64_apple_ios=clang-22 CFLAGS_aarch64_apple_ios="-isysroot $work/sdk"
  export AR=llvm-ar-22 CARGO_PROFILE_RELEASE_STRIP=false
  export CARGO_TARGET_AARCH64_APPLE_IOS_LINKER=$work/no-linker
  unset CARGO_TARGET_DIR
  cross_cargo cargo rustc --release --locked --lib --crate-type staticlib --target $target \
    --target-dir "$work/target"
)
library=$work/target/$target/release/liboss_presign.a

echo "== the wrapper, with ARC"
rm -rf "$work/wrapper"
mkdir "$work/wrapper"
for source in "$objc"/src/*.m; do
  clang-22 -target arm64-apple-ios13 -fobjc-arc -fblocks -nostdlibinc -isystem "$objc/tests/apple" \
    "-I$objc/include" "-I$root/include" -Wall -Wextra -Werror -Wno-darwin-sdk-settings \
    -c "$source" -o "$work/wrapper/$(basename "$source" .m).o"
done

echo "== both, linked"
link=(ld64.lld-22 -dylib -arch arm64 -platform_version ios 13.0 13.0 -undefined dynamic_lookup)
"${link[@]}" "$work"/wrapper/*.o "$library" -o "$work/both.dylib"
grep -oE '_[A-Za-z0-9_]+' "$zig/darwin/libSystem.tbd" | sort -u >"$work/system"
# What is left is of Foundation and of the Objective-C runtime.
llvm-nm-22 -u "$work/both.dylib" | tr -d ' ' | sort -u | comm -23 - "$work/system" >"$work/left"
if grep -vE '^_OBJC_(CLASS|METACLASS|EHTYPE)_|^_NS|^__?_?_?objc_|^___CF|^___NS|^dyld_stub_binder$' \
  "$work/left"; then
  echo "nobody has these symbols" >&2
  exit 1
fi

echo "== what the XCFramework shows"
grep -oE 'oss_[a-z0-9_]+\(' "$root/include/oss_presign.h" | sed 's/^/_/; s/($//' | sort -u >"$work/exports"
roots=()
while read -r symbol; do
  roots+=(-u "$symbol")
done <"$work/exports"
"${link[@]}" -dead_strip -exported_symbols_list "$work/exports" "${roots[@]}" "$library" \
  -o "$work/library.dylib"
llvm-nm-22 --defined-only --extern-only "$work/library.dylib" | awk '{ print $3 }' | sort |
  diff "$work/exports" -

echo "== what the privacy manifest must say"
# Apple's list of functions that need a reason, those of C; the manifest has file timestamps only.
llvm-nm-22 -u "$work/both.dylib" | tr -d ' ' | sort -u >"$work/used"
if grep -E '^_(f?statv?fs(64)?|getattrlistat|mach_(absolute|continuous)_time)$' "$work/used"; then
  echo "the privacy manifest has no reason for these" >&2
  exit 1
fi
grep -qE '^_(f|l)?stat$' "$work/used"
echo "ios: $(wc -l <"$work/exports") functions shown, $(wc -l <"$work/left") symbols of Foundation and the runtime"
