#!/usr/bin/env bash
# Linux on arm64: built with GCC's cross compiler; the C tests run under qemu, downloads from a
# loopback OSS included.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tests/platforms/toolchain.sh

packages gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
build=$work/linux-aarch64
cmake --preset linux-aarch64 -G Ninja -B "$build" -DOSS_PRESIGN_BUILD_TESTS=ON \
  "-DOSS_PRESIGN_CARGO_ARGUMENTS=$build_std" "-DOSS_PRESIGN_CARGO_TARGET_DIR=$work/cargo" \
  "-DCMAKE_CROSSCOMPILING_EMULATOR=qemu-aarch64;-L;/usr/aarch64-linux-gnu"
cmake --build "$build"
ctest --test-dir "$build" --output-on-failure --no-tests=error
