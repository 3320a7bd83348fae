#!/usr/bin/env bash
# assemble.sh JAR LIBRARIES OUTPUT.aar: packs an AAR from the jar of the classes and a folder with
# <abi>/liboss_presign_jni.so.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
jar=$1 libraries=$2 output=$(realpath -m "$3")

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir "$stage/classes" "$stage/aar" "$stage/aar/jni"
unzip -q "$jar" -d "$stage/classes"
cp "$stage/classes/META-INF/proguard/oss-presign.pro" "$stage/aar/proguard.txt"
# Libraries of other systems are no use on Android, and Maven's notes none to an app.
rm -rf "$stage/classes/natives" "$stage/classes/META-INF"

cp "$here/AndroidManifest.xml" "$stage/aar/"
touch "$stage/aar/R.txt"
for abi in arm64-v8a armeabi-v7a x86_64; do
  mkdir "$stage/aar/jni/$abi"
  cp "$libraries/$abi/liboss_presign_jni.so" "$stage/aar/jni/$abi/"
done
# The same input gives the same file, byte for byte.
find "$stage" -exec touch -d 2026-01-01T00:00:00Z {} +
(cd "$stage/classes" && find . -type f | sort | TZ=UTC zip -q -X "$stage/aar/classes.jar" -@)
touch -d 2026-01-01T00:00:00Z "$stage/aar/classes.jar"
rm -f "$output"
mkdir -p "$(dirname "$output")"
(cd "$stage/aar" && find . -type f | sort | TZ=UTC zip -q -X "$output" -@)
