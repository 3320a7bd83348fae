#!/usr/bin/env bash
# Installs the peer SDKs under target/peers and measures them, one line each:
#   <name> <version> <median ns> <min ns> <max ns> <allocs/op, or ->
# usage: run.sh [--one go|python|node] [--install]
#   --one      only this peer
#   --install  install only, measure nothing
# Environment: ROUNDS (default 15), ITERATIONS (default: the peer's own).
# Lines go to stdout; sample URLs and installers' output go to stderr.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=${CARGO_TARGET_DIR:-$here/../../target}
mkdir -p "$target/peers"
out=$(cd "$target/peers" && pwd)

usage() {
    sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
}

peers=(go python node)
measure=yes
while (($#)); do
    case $1 in
        --one)
            case ${2-} in go | python | node) peers=("$2") ;; *) usage ;; esac
            shift 2
            ;;
        --install) measure=no; shift ;;
        *) usage ;;
    esac
done

args=(--rounds "${ROUNDS:-15}")
if [[ -n ${ITERATIONS:-} ]]; then args+=(--iterations "$ITERATIONS"); fi

# A peer is up to date while its inputs and its tool's version are those of the
# last install.
stamp_go() { go version && cat "$here"/go/{go.mod,go.sum,main.go}; }
stamp_python() { python3 --version && cat "$here/python/requirements.txt"; }
stamp_node() { node --version && cat "$here"/node/{.npmrc,package.json,package-lock.json}; }

install_go() {
    # -modcacherw: so that `cargo clean` can remove it.
    export GOMODCACHE=$out/go/mod
    (cd "$here/go" && go mod download -modcacherw && go build -modcacherw -trimpath -o "$out/go/presign" .)
}
install_python() {
    python3 -m venv --clear "$out/python/venv"
    "$out/python/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/python/requirements.txt"
}
install_node() {
    cp "$here"/node/{.npmrc,package.json,package-lock.json} "$out/node/"
    (cd "$out/node" && npm ci --ignore-scripts --no-audit --no-fund)
}

run_go() { "$out/go/presign" "$@"; }
run_python() { "$out/python/venv/bin/python" "$here/python/presign.py" "$@"; }
run_node() {
    # Copied because an import looks for node_modules next to the importing file.
    cp "$here/node/presign.mjs" "$out/node/"
    node "$out/node/presign.mjs" "$@"
}

for peer in "${peers[@]}"; do
    mkdir -p "$out/$peer"
    stamp=$("stamp_$peer")
    if [[ ! -f $out/$peer/stamp || $(<"$out/$peer/stamp") != "$stamp" ]]; then
        rm -f "$out/$peer/stamp"
        "install_$peer" >&2
        printf '%s\n' "$stamp" >"$out/$peer/stamp"
    fi
done

if [[ $measure == yes ]]; then
    for peer in "${peers[@]}"; do "run_$peer" "${args[@]}"; done
fi
