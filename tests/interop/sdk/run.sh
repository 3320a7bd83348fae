#!/usr/bin/env bash
# The official SDKs, and our library for the same inputs, against the emulator: ordinary signed
# requests, then presigned URLs, each of which must be served as it is and refused after any change.
#
# Needs cargo, Python 3 and Node.js. Installs the SDKs under $OSS_INTEROP_DIR
# (default: target/interop); OSS_EMULATOR may name a built emulator.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
dir=${OSS_INTEROP_DIR:-$root/target/interop}
python_sdk=alibabacloud-oss-v2==1.4.1
node_sdk=ali-oss@6.23.0

mkdir -p "$dir/node"
if [ ! -x "$dir/venv/bin/python" ]; then
    python3 -m venv "$dir/venv"
fi
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check "$python_sdk"
npm install --prefix "$dir/node" --silent --no-audit --no-fund --no-save "$node_sdk"

emulator=${OSS_EMULATOR:-}
if [ -z "$emulator" ]; then
    (cd "$root" && cargo build --quiet -p oss-emulator)
    emulator=${CARGO_TARGET_DIR:-$root/target}/debug/oss-emulator
fi

# The emulator lives as long as its standard input is open.
coproc EMULATOR {
    exec "$emulator" --access-key-id id --access-key-secret secret \
        --access-key-id sts-id --access-key-secret sts-secret --security-token 'sts/token+=' \
        --bucket examplebucket --domain localhost=examplebucket
}
read -r addresses <&"${EMULATOR[0]}"
http=$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["http"])' "$addresses")

check() {
    "$dir/venv/bin/python" "$here/mutate.py" --emulator "$http" --label "$1"
}
"$dir/venv/bin/python" "$here/sdk_v2.py" "$http" | check "python sdk"
NODE_PATH="$dir/node/node_modules" node "$here/ali_oss.mjs" "$http" | check "ali-oss"
(cd "$root" && cargo build --quiet --lib)
library=${CARGO_TARGET_DIR:-$root/target}/debug/liboss_presign.so
"$dir/venv/bin/python" "$here/ours.py" "$http" "$library" | check "our library"
