#!/usr/bin/env bash
# tools.sh FOLDER: what the tests need besides: the loopback OSS, and the vectors as lines of text.
set -euo pipefail
cd "$(dirname "$0")/../../../../.."

build=${CARGO_TARGET_DIR:-$PWD/target}
for package in oss-emulator presign-vectors; do
  cargo build --release --locked --target-dir "$build" --package "$package"
done
mkdir -p "$1"
cp "$build/release/oss-emulator" "$1/"
"$build/release/presign-vectors" tests/vectors/presign-vectors.jsonl > "$1/vector-cases.tsv"
