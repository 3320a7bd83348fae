#!/usr/bin/env bash
# The official SDKs, and our library for the same inputs, against the emulator: ordinary signed
# requests, then presigned URLs, each of which must be served as it is, refused after any change, and
# downloaded by our engine.
#
# Needs cargo, Python 3, Node.js with npm, Go and a JDK with Maven. Installs the SDKs under
# $OSS_INTEROP_DIR (default: target/interop).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
dir=${OSS_INTEROP_DIR:-$root/target/interop}
target=${CARGO_TARGET_DIR:-$root/target}/debug
mkdir -p "$dir"/sdk-{node,go,java}

(cd "$root" && cargo build --quiet --lib --example download && cargo build --quiet -p oss-emulator)
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check alibabacloud-oss-v2==1.4.1
npm install --prefix "$dir/sdk-node" --silent --no-audit --no-fund --no-save ali-oss@6.23.0
(cd "$here/go" && go build -o "$dir/sdk-go/" .)
mvn -q -B -Dstyle.color=never -f "$here/java/pom.xml" \
    dependency:copy-dependencies -DoutputDirectory="$dir/sdk-java"
javac -encoding UTF-8 -d "$dir/sdk-java" -cp "$dir/sdk-java/*" "$here/java/SdkV2.java"

# The emulator lives as long as its standard input is open.
coproc EMULATOR {
    exec "$target/oss-emulator" --access-key-id id --access-key-secret secret \
        --access-key-id sts-id --access-key-secret sts-secret --security-token 'sts/token+=' \
        --bucket examplebucket --domain localhost=examplebucket
}
read -r addresses <&"${EMULATOR[0]}"
http=$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["http"])' "$addresses")

# URLs come in as lines of JSON.
check() {
    tee "$dir/urls" | "$dir/venv/bin/python" "$here/mutate.py" --emulator "$http" --label "$1"
    "$dir/venv/bin/python" "$here/engine.py" "$1" "$http" "$target/examples/download" <"$dir/urls"
}
export PYTHONPATH=$root/tests/interop
# All is on 127.0.0.1 now: no proxy is on the way, and localhost is not ::1, which Node.js 18 takes first.
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
export NODE_OPTIONS=--dns-result-order=ipv4first
"$dir/venv/bin/python" "$here/sdk_v2.py" "$http" | check "python sdk"
NODE_PATH="$dir/sdk-node/node_modules" node "$here/ali_oss.mjs" "$http" | check "ali-oss"
"$dir/sdk-go/go" "$http" | check "go sdk"
java -cp "$dir/sdk-java:$dir/sdk-java/*" SdkV2 "$http" | check "java sdk"
"$dir/venv/bin/python" "$here/ours.py" "$http" "$target/liboss_presign.so" | check "our library"
