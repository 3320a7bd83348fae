#!/usr/bin/env bash
# mvn --projects bench --also-make package -DskipTests -Dbench.phase=package: the benchmarks of the
# Java binding. Maven runs this file with JAVA_HOME and the class path.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
java=$1/bin/java classes=$2

build=${CARGO_TARGET_DIR:-$root/target}
(cd "$root" && cargo build --release --locked --target-dir "$build" --package oss-emulator)
scratch=$(mktemp -d)
# In memory, where there is such a folder: the disk is not what is measured.
folder=$(mktemp -d -p "$([ -d /dev/shm ] && echo /dev/shm || echo /tmp)")
trap 'rm -rf "$scratch" "$folder"' EXIT
cc -O2 -D_POSIX_C_SOURCE=200809L "-I$root/include" "$root/examples/c/download.c" \
  "$build/release/liboss_presign.a" -lpthread -lm -ldl -o "$scratch/download"

export OSS_ACCESS_KEY_ID=id OSS_ACCESS_KEY_SECRET=secret
export OSS_BENCH_FOLDER=$folder OSS_BENCH_C=$scratch/download
coproc oss { "$build/release/oss-emulator" --access-key-id id --access-key-secret secret \
  --put-sparse "bucket/object=$((1 << 30))"; }
read -r addresses <&"${oss[0]}"
OSS_BENCH_ENDPOINT=http://$(sed 's/.*"http":"\([^"]*\)".*/\1/' <<<"$addresses")
export OSS_BENCH_ENDPOINT

"$java" -cp "$classes" org.openjdk.jmh.Main PresignBenchmark
"$java" -cp "$classes" io.github.osspresign.bench.DownloadBenchmark
