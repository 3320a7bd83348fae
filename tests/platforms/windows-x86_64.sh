#!/usr/bin/env bash
# Windows on x86-64: built with MinGW; C tests, and the two example programs against a loopback OSS,
# run under wine.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tests/platforms/toolchain.sh

packages gcc-mingw-w64-x86-64-posix g++-mingw-w64-x86-64-posix wine64
build=$work/windows-x86_64
wine=/usr/lib/wine/wine64
export WINEPREFIX=$work/wine WINEDEBUG=-all
cmake --preset windows-x86_64 -G Ninja -B "$build" \
  -DOSS_PRESIGN_BUILD_TESTS=ON -DOSS_PRESIGN_BUILD_EXAMPLES=ON \
  "-DOSS_PRESIGN_CARGO_ARGUMENTS=$build_std" "-DOSS_PRESIGN_CARGO_TARGET_DIR=$work/cargo" \
  -DCMAKE_C_COMPILER=x86_64-w64-mingw32-gcc-posix \
  -DCMAKE_CXX_COMPILER=x86_64-w64-mingw32-g++-posix \
  -DCMAKE_EXE_LINKER_FLAGS=-static "-DCMAKE_CROSSCOMPILING_EMULATOR=$wine"
cmake --build "$build"

# Windows has this since version 10; wine 8 has not, and the standard library asks for it.
cat >"$work/prng.c" <<'C'
#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL ProcessPrng(PBYTE data, SIZE_T length)
{
  return RtlGenRandom(data, length);
}
C
x86_64-w64-mingw32-gcc-posix -shared -o "$work/bcryptprimitives.dll" "$work/prng.c" -ladvapi32
export WINEPATH="$work;$work/cargo/x86_64-pc-windows-gnu/release"
ctest --test-dir "$build" --output-on-failure --no-tests=error
python3 tests/c/with_emulator.py "$work/cargo/release/oss-emulator" -- \
  python3 tests/platforms/examples.py \
  "$build/examples/c/presign.exe" "$build/examples/c/download.exe" -- "$wine"
