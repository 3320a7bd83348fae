#!/usr/bin/env bash
# aar.sh OUTPUT.aar: builds the library for Android with the NDK in ANDROID_NDK_HOME, and packs the
# AAR. Needs the NDK (r26 or newer) and rustup's targets aarch64-linux-android,
# armv7-linux-androideabi and x86_64-linux-android; `mvn package` comes first, for the classes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
output=$1
api=21

tools=$(echo "${ANDROID_NDK_HOME:?set it to the NDK}"/toolchains/llvm/prebuilt/*/bin)
libraries=$(mktemp -d)
trap 'rm -rf "$libraries"' EXIT

# build ABI RUST_TARGET CLANG_TARGET
build() {
  local clang=$tools/$3$api-clang
  local variable=${2//-/_}
  [ -x "$clang" ] || { echo "no compiler $clang" >&2; exit 1; }
  env "CC=$clang" "CC_$variable=$clang" "AR_$variable=$tools/llvm-ar" \
    "CARGO_TARGET_$(tr '[:lower:]' '[:upper:]' <<<"$variable")_LINKER=$clang" \
    "$here/../library/native/build.sh" "$libraries" "$2" "$1"
}
build arm64-v8a aarch64-linux-android aarch64-linux-android
build armeabi-v7a armv7-linux-androideabi armv7a-linux-androideabi
build x86_64 x86_64-linux-android x86_64-linux-android

jar=${OSS_PRESIGN_JAR:-$(ls "$here"/../library/target/oss-presign-*[0-9].jar)}
"$here/assemble.sh" "$jar" "$libraries" "$output"
echo "$output"
