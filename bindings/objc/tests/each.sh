#!/usr/bin/env bash
# each.sh FILE... -- COMMAND...: runs the command with each of the files as its last argument.
set -euo pipefail
files=()
while [ "$1" != -- ]; do
  files+=("$1")
  shift
done
shift
[ ${#files[@]} -gt 0 ]
for file in "${files[@]}"; do
  "$@" "$file"
done
