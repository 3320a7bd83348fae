#!/usr/bin/env bash
# clang-format and clang-tidy over the C and C++ of the project. Ends with "style: N files".
#
#   bash tests/style.sh FOLDER    FOLDER: where clang-format is installed if it is not there
#
# One version formats: the next may think otherwise of the same code. clang-tidy is the system's.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$(realpath -m "$1")

if [ ! -x "$tools/bin/clang-format" ]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet clang-format==14.0.6
fi

# Not the C header and its baseline, which cbindgen writes, nor Objective-C, whose style is another.
files() {
  find benches bindings docs examples tests \( -name target -o -name node_modules -o -path bindings/objc -o -name baseline \) \
    -prune -o -type f -name "$1" -print | sort
}
mapfile -t c < <(files '*.c')
mapfile -t cpp < <(files '*.cpp')
mapfile -t headers < <(files '*.h' && files '*.hpp')
"$tools/bin/clang-format" --dry-run -Werror "${c[@]}" "${cpp[@]}" "${headers[@]}"

# tidy FLAGS FILE...; headers are read with what includes them.
tidy() {
  local flags=$1
  shift
  # shellcheck disable=SC2016
  printf '%s\n' "$@" | flags="-I$PWD/include $flags" xargs -P 2 -n 3 \
    bash -c 'clang-tidy --quiet "$@" -- $flags' clang-tidy
}
java=$(dirname "$(dirname "$(realpath "$(command -v javac)")")")/include
tidy "-std=c11 -D_POSIX_C_SOURCE=200809L -I$java -I$java/linux" "${c[@]}"
mapfile -t without < <(printf '%s\n' "${cpp[@]}" | grep _without)
mapfile -t with < <(printf '%s\n' "${cpp[@]}" | grep -v _without)
tidy "-std=c++17 -I$PWD/bindings/cpp/include" "${with[@]}"
tidy "-std=c++17 -I$PWD/bindings/cpp/include -fno-exceptions -fno-rtti" "${without[@]}"

echo "style: $((${#c[@]} + ${#cpp[@]} + ${#headers[@]})) files"
