#!/usr/bin/env bash
# linux-aarch64.sh FOLDER: Linux on arm64. Built with GCC's cross compiler; the C tests run under
# qemu, downloads from a loopback OSS included.
set -euo pipefail
mkdir -p "$1"
work=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
# shellcheck source-path=SCRIPTDIR source=toolchain.sh
. tests/platforms/toolchain.sh

packages gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
build=$work/linux-aarch64
cmake --preset linux-aarch64 -G Ninja -B "$build" -DOSS_PRESIGN_BUILD_TESTS=ON \
  "${cross[@]}" \
  "-DCMAKE_CROSSCOMPILING_EMULATOR=qemu-aarch64;-L;/usr/aarch64-linux-gnu"
cmake --build "$build"
ctest --test-dir "$build" --output-on-failure --no-tests=error
