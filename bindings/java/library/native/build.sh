#!/usr/bin/env bash
# build.sh OUTPUT: builds the JNI library for this machine into OUTPUT/<os>-<arch>/.
# build.sh OUTPUT RUST_TARGET ABI: for Android, with the compiler in CC; android/aar.sh calls it so.
# OSS_PRESIGN_STATIC_LIBRARY: liboss_presign.a for this machine, if it was built before.
set -euo pipefail
cd "$(dirname "$0")"

output=$1 target=${2-}
root=$(cd ../../../.. && pwd)
build=${CARGO_TARGET_DIR:-$root/target}

# Only as this kind of library, or rustc optimises nothing across crates.
arguments=(rustc --release --locked --package oss-presign --lib --crate-type staticlib)
arguments+=(--target-dir "$build")
if [ -n "$target" ]; then
  arguments+=(--target "$target")
  folder=$output/$3
  headers=()
else
  machine=$(uname -m)
  folder=$output/$(uname -s | tr '[:upper:]' '[:lower:]')-${machine/amd64/x86_64}
  java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
  headers=("-I$java_home/include" "-I$java_home/include/linux")
fi
library=$build/${target:+$target/}release/liboss_presign.a
if [ -z "$target" ] && [ -n "${OSS_PRESIGN_STATIC_LIBRARY-}" ]; then
  library=$OSS_PRESIGN_STATIC_LIBRARY
else
  (cd "$root" && cargo "${arguments[@]}")
fi

mkdir -p "$folder"
# nodelete: threads of the library may still end when a class loader goes.
"${CC:-cc}" -std=c11 -O2 -fPIC -fvisibility=hidden -Wall -Wextra -Werror \
  "${headers[@]}" "-I$root/include" ./*.c "$library" \
  -shared -o "$folder/liboss_presign_jni.so" \
  -Wl,--version-script=exports.map -Wl,--gc-sections -Wl,--no-undefined -Wl,--build-id \
  -Wl,-soname,liboss_presign_jni.so -Wl,-z,max-page-size=16384 -Wl,-z,relro,-z,now,-z,noexecstack \
  -Wl,-z,nodelete -Wl,--strip-all -lm -ldl
