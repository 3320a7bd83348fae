#!/usr/bin/env bash
# Builds COSSPresign.xcframework, the C library for Apple's systems, from the sources of this project:
#
#   bash make-xcframework.sh [FOLDER]     FOLDER: where to; default: build, where Package.swift looks
#
# Needs macOS with Xcode and rustup. Each slice is one prelinked object that shows the functions of
# oss_presign.h and nothing else, so that it can be linked beside any other Rust library.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/build}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$here/../.."

name=COSSPresign
export IPHONEOS_DEPLOYMENT_TARGET=13.0
export MACOSX_DEPLOYMENT_TARGET=11.0

rm -rf "$out/$name.xcframework" "$out/slices"
mkdir -p "$out/slices/headers"
cp include/oss_presign.h "$out/slices/headers/"
grep -oE 'oss_[a-z0-9_]+\(' include/oss_presign.h | sed 's/^/_/; s/($//' | sort -u \
  >"$out/slices/exports.txt"

# slice RUST-TARGET SDK ARCH PLATFORM MINIMUM
slice() {
  local target=$1 sdk=$2 arch=$3 platform=$4 minimum=$5 folder=$out/slices/$1 roots=() symbol version
  echo "== $target"
  mkdir -p "$folder"
  rustup target add "$target"
  cargo rustc --release --locked --lib --crate-type staticlib --target "$target" \
    --target-dir "$out/cargo"
  version=$(xcrun --sdk "$sdk" --show-sdk-version)
  # Each function is a root: ld takes from an archive only what something asks for.
  while read -r symbol; do
    roots+=(-u "$symbol")
  done <"$out/slices/exports.txt"
  xcrun --sdk "$sdk" ld -r -arch "$arch" -platform_version "$platform" "$minimum" "$version" \
    -exported_symbols_list "$out/slices/exports.txt" "${roots[@]}" \
    "$out/cargo/$target/release/liboss_presign.a" -o "$folder/$name.o"
  xcrun --sdk "$sdk" libtool -static -o "$folder/lib$name.a" "$folder/$name.o"
}

# fat FOLDER RUST-TARGET...: one library of several architectures
fat() {
  local folder=$out/slices/$1 target libraries=()
  shift
  mkdir -p "$folder"
  for target in "$@"; do
    libraries+=("$out/slices/$target/lib$name.a")
  done
  xcrun lipo -create "${libraries[@]}" -output "$folder/lib$name.a"
}

slice aarch64-apple-ios iphoneos arm64 ios 13.0
slice aarch64-apple-ios-sim iphonesimulator arm64 ios-simulator 14.0
slice x86_64-apple-ios iphonesimulator x86_64 ios-simulator 13.0
slice aarch64-apple-darwin macosx arm64 macos 11.0
slice x86_64-apple-darwin macosx x86_64 macos 11.0
fat ios-simulator aarch64-apple-ios-sim x86_64-apple-ios
fat macos aarch64-apple-darwin x86_64-apple-darwin

arguments=()
for folder in aarch64-apple-ios ios-simulator macos; do
  arguments+=(-library "$out/slices/$folder/lib$name.a" -headers "$out/slices/headers")
done
xcodebuild -create-xcframework "${arguments[@]}" -output "$out/$name.xcframework"

# What a release needs: the archive, and the checksum that Package.swift states with its address
# (`swift package compute-checksum` prints the same, but only in the folder of a package).
(cd "$out" && zip -qry "$name.xcframework.zip" "$name.xcframework")
shasum -a 256 "$out/$name.xcframework.zip"
