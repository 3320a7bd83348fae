#!/usr/bin/env bash
# Builds the clients and prints the matrix of clients and scenarios; then breaks something on
# purpose, which must turn cells red.
#
# tests/run.sh runs this, installs what it needs, and prints the matrix too: cargo, CMake, C and C++ compilers, Python 3, Node.js with npm, Go, a JDK with Maven, clang
# with GNUstep's base library, Chromium and curl. Installs under $OSS_INTEROP_DIR (default:
# target/interop).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
built=${OSS_INTEROP_DIR:-$root/target/interop}/clients
mkdir -p "$built"/{java,go,browser,android,foundation,cargo}

python3 -m venv "$built/venv"
"$built/venv/bin/pip" install --quiet --disable-pip-version-check requests==2.34.2

javac -encoding UTF-8 -d "$built/java" "$here/java/Fetch.java"

(cd "$here/go" && go build -o "$built/go/fetch" .)

npm install --prefix "$built/browser" --silent --no-audit --no-fund --no-save puppeteer-core@24.43.1
# An import looks for packages beside the importing file.
cp "$here"/browser/* "$built/browser/"

mvn -q -B -Dstyle.color=never -f "$here/android/pom.xml" \
    dependency:copy-dependencies -DoutputDirectory="$built/android"
(
    cd "$built/android"
    for library in *.aar; do
        jar --extract --file "$library" classes.jar
        mv classes.jar "$library.jar"
    done
)
javac -encoding UTF-8 -d "$built/android" -cp "$built/android/*" "$here"/android/*.java

gcc_lib=$(dirname "$(gcc -print-libgcc-file-name)")
read -ra flags <<<"$(gnustep-config --objc-flags) -fobjc-runtime=gcc -I$gcc_lib/include"
read -ra libraries <<<"$(gnustep-config --base-libs) -L$gcc_lib"
clang -Wall "${flags[@]}" "$here/foundation/fetch.m" -o "$built/foundation/fetch" "${libraries[@]}"

(cd "$root" && cargo build --quiet --lib --example download && cargo build --quiet -p oss-emulator)
cp "$target/debug/examples/download" "$built/cargo/download"

# What is built of the library here is good for the other tests, too.
release=$target/cmake/cargo
cmake -S "$root" -B "$built/cmake" -DCMAKE_BUILD_TYPE=Release -DOSS_PRESIGN_BUILD_TESTS=OFF \
    -DOSS_PRESIGN_BUILD_OBJC=ON -DOSS_PRESIGN_CARGO_TARGET_DIR="$release"
cmake --build "$built/cmake" --parallel 2 \
    --target oss_example_download oss_example_cpp_download oss_objc_example_download
# That of another version would stay.
rm -f "$root"/bindings/java/library/target/oss-presign-*[0-9].jar
CARGO_TARGET_DIR=$release mvn -q -B -Dstyle.color=never -f "$root/bindings/java/pom.xml" \
    --projects library --also-make package -DskipTests -Dmaven.javadoc.skip
cp "$root"/bindings/java/library/target/oss-presign-*[0-9].jar "$built/java/oss-presign.jar"
javac -encoding UTF-8 -d "$built/java" -cp "$built/java/oss-presign.jar" \
    "$root/examples/java/Download.java"

CHROMIUM=$(command -v chromium) || { echo "chromium is missing" >&2; exit 1; }
export CHROMIUM
export PYTHONPATH=$root/tests/interop:$root/tests/c
matrix() {
    "$built/venv/bin/python" "$here/matrix.py" --built "$built" \
        --emulator "$target/debug/oss-emulator" --library "$target/debug/liboss_presign.so" "$@"
}

matrix --picture "$built/interop.svg"
picture=$root/docs/interop.svg
if [ "${OSS_PRESIGN_BLESS-}" = 1 ]; then
    cp "$built/interop.svg" "$picture"
fi
cmp "$built/interop.svg" "$picture" || {
    echo "docs/interop.svg is not the matrix; write it with OSS_PRESIGN_BLESS=1 bash $0" >&2
    exit 1
}

# What is broken on purpose has to turn every cell red, and to fail the run.
for broken in header key limit; do
    if matrix --break "$broken" >"$built/broken.log"; then
        cat "$built/broken.log"
        echo "a broken $broken is not noticed" >&2
        exit 1
    fi
    echo "broken on purpose, $broken: $(tail -n 1 "$built/broken.log")"
    grep -Eq '^clients: 0 ok, 0 documented limits, [1-9][0-9]* red$' "$built/broken.log"
done
