#!/usr/bin/env bash
# Builds everything and runs every test; what is missing on a Debian machine is installed first.
#
#   bash tests/run.sh          all of it, in the share that fits a review
#   bash tests/run.sh --long   and what takes long: 300 kills, power cuts in 20 downloads of each kind,
#                              200 cancels in each state, 4 GiB of download, 30 s of 1-second URLs,
#                              every mutant of the presign core, minutes of fuzzing for each parser,
#                              valgrind on threads, ThreadSanitizer over all of the library,
#                              everything compiled by the oldest Rust that is promised,
#                              C tests on arm64 under qemu and on Windows under wine,
#                              the libraries compiled for macOS, iOS and Android
#
# Ends with a list of what ran, with counts. Exit status 0 only if all of it passed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

long=no
case "${1-}" in
  "") ;;
  --long) long=yes ;;
  *) echo "usage: bash tests/run.sh [--long]" >&2; exit 2 ;;
esac

logs=target/test-logs
mkdir -p "$logs"
summary=()
passed=0
failed=0

# --- what must be there --------------------------------------------------------------------------

install_packages() {
  # Debian keeps nginx where only the superuser's PATH leads.
  local missing=() pair name PATH=$PATH:/usr/sbin
  for pair in gcc:gcc g++:g++ clang:clang clang-tidy:clang-tidy cmake:cmake make:make valgrind:valgrind curl:curl \
    nginx:nginx-light python3:python3 node:nodejs npm:npm nm:binutils strace:strace \
    ninja:ninja-build pkg-config:pkg-config abidiff:abigail-tools \
    javac:default-jdk-headless mvn:maven go:golang-go chromium:chromium \
    gnustep-config:gnustep-make zip:zip unzip:unzip ruby:ruby plistutil:libplist-utils shellcheck:shellcheck \
    doxygen:doxygen; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  # Objective-C: the runtime's headers, and Foundation.
  for name in gobjc libgnustep-base-dev; do
    [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
      as_root=(sudo -n)
    fi
    echo "installing: ${missing[*]}"
    if ! { "${as_root[@]}" apt-get update -q &&
      DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -yq --no-install-recommends "${missing[@]}"; } \
      >"$logs/packages.log" 2>&1; then
      tail -n 5 "$logs/packages.log" >&2
      echo "these packages are missing and could not be installed: ${missing[*]}" >&2
      exit 1
    fi
  fi
  if ! unshare --map-root-user --mount true 2>/dev/null; then
    echo "a full disk is tried on a mount of its own, which needs user namespaces: allow them, as by" \
      "docker run --security-opt seccomp=unconfined" \
      "or sysctl kernel.apparmor_restrict_unprivileged_userns=0" >&2
    exit 1
  fi
  if ! command -v cargo >/dev/null; then
    echo "cargo is missing: install Rust 1.89 or newer from https://rustup.rs" >&2
    exit 1
  fi
}

# --- running and counting ------------------------------------------------------------------------

# part NAME COUNTER COMMAND...: runs a part, counts its tests with COUNTER, and says how it went.
part() {
  local name=$1 counter=$2 log="$logs/$1.log" status=0 count start=$SECONDS
  shift 2
  printf '== %s: %s\n' "$name" "$*"
  "$@" >"$log" 2>&1 || status=$?
  count=$("$counter" "$log")
  if [ "$status" = 0 ] && [ "$count" -gt 0 ]; then
    passed=$((passed + count))
    summary+=("$(printf 'ok      %-12s %5d tests  %4d s' "$name" "$count" $((SECONDS - start)))")
  else
    failed=$((failed + 1))
    summary+=("$(printf 'FAILED  %-12s see %s' "$name" "$log")")
    tail -n 60 "$log"
  fi
}

one() { echo 1; }
cargo_tests() { awk '/^test result: ok/ { n += $4 } END { print n + 0 }' "$1"; }
ctest_tests() { awk '/tests passed, 0 tests failed out of/ { print $NF; found = 1 } END { if (!found) print 0 }' "$1"; }
# Lines of the form "NAME: N accepted, M altered refused" and "NAME: N downloaded by our engine".
interop_checks() {
  awk '/ accepted, [0-9]+ altered refused$/ { n += $(NF-4) + $(NF-2) }
    / [0-9]+ downloaded by our engine$/ { n += $(NF-4) }
    END { print n + 0 }' "$1"
}
# A line of the form "clients: N ok, M documented limits, 0 red".
client_cells() { awk '/^clients: / && / 0 red$/ { n += $2 + $4 } END { print n + 0 }' "$1"; }
# Lines of the form "size: NAME N bytes ..." and "consumers: N built and run".
product_checks() { awk '/^size: / { n++ } /^consumers: / { n += $2 } END { print n + 0 }' "$1"; }
quickstart_urls() { sed -n 's/^Done: \([0-9]*\) URLs presigned.*/\1/p' "$1" | grep . || echo 0; }
fuzzed_parsers() { grep -c '^Done [0-9]* runs' "$1"; }
built_libraries() { grep -cE '^(macos|android): ' "$1"; }
mutants_caught() { awk '/mutants tested/ { for (i = 1; i < NF; i++) if ($(i + 1) ~ /^caught/) print $i; found = 1 } END { if (!found) print 0 }' "$1"; }

style_files() { awk '/^style: [0-9]+ files$/ { print $2; found = 1 } END { if (!found) print 0 }' "$1"; }

# The last line of each Maven module.
surefire_tests() { awk '/Tests run: [0-9]+, Failures: 0, Errors: 0, Skipped: 0$/ { sub(/,.*/, "", $4); n += $4 } END { print n + 0 }' "$1"; }

lints() {
  cargo clippy --workspace --all-targets -- -D warnings &&
    cargo clippy --no-default-features --lib --test vectors -- -D warnings
}

# The shared libraries' sizes, and projects of other people's that build with the library.
product() {
  python3 tests/abi/size.py target/cmake && python3 tests/consumer/run.py target/cmake
}

build_c() {
  cmake -S . -B target/cmake -DCMAKE_BUILD_TYPE=Release &&
    cmake --build target/cmake --parallel 2 &&
    ctest --test-dir target/cmake -E '^(objc|sanitize)/' --output-on-failure --no-tests=error --parallel 2
}

build_objc() {
  cmake -S . -B target/cmake -DOSS_PRESIGN_BUILD_OBJC=ON &&
    cmake --build target/cmake --parallel 2 &&
    ctest --test-dir target/cmake -R '^objc/' --output-on-failure --no-tests=error --parallel 2
}

# build_sanitize TESTS [CMAKE-ARGUMENT]...
build_sanitize() {
  local tests=$1
  shift
  cmake -S . -B target/cmake -DOSS_PRESIGN_BUILD_SANITIZE=ON -DOSS_PRESIGN_TSAN_LIBRARY= "$@" &&
    cmake --build target/cmake --parallel 2 &&
    ctest --test-dir target/cmake -R "$tests" --output-on-failure --no-tests=error --parallel 2
}

# valgrind as well, and ThreadSanitizer over all of the library, the standard library included.
build_sanitize_all() {
  nightly && rustup component add rust-src --toolchain nightly || return
  local system=x86_64-unknown-linux-gnu folder=$PWD/target/tsan
  local library=$folder/$system/release/liboss_presign.so
  RUSTFLAGS='-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer' cargo +nightly build --release \
    --locked --lib --package oss-presign -Zbuild-std --target "$system" --target-dir "$folder" &&
    ln -sf "${library##*/}" "$library.0" &&
    build_sanitize ^sanitize/ -DOSS_PRESIGN_TSAN_LIBRARY="$library" \
      -DOSS_PRESIGN_TSAN_RUNTIME="$(rustc +nightly --print target-libdir)/librustc-nightly_rt.tsan.a"
}

# What cargo built for the C tests is good for these too.
build_java() {
  OSS_PRESIGN_STATIC_LIBRARY=$PWD/target/cmake/cargo/release/liboss_presign.a \
    CARGO_TARGET_DIR=$PWD/target/cmake/cargo mvn --batch-mode -Dstyle.color=never \
    --file bindings/java/pom.xml verify
}

mutants() {
  command -v cargo-mutants >/dev/null || cargo install cargo-mutants --locked || return
  cargo mutants --file 'src/presign/*.rs' --file src/encoding.rs --file src/clock.rs --output target \
    -- --lib --test vectors
}

# The oldest Rust that Cargo.toml promises compiles all of it.
oldest() {
  local version
  version=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
  rustup toolchain install "$version" --profile minimal &&
    cargo "+$version" check --workspace --all-targets --target-dir target/oldest
}

# Many runs of what the default does a small share of.
soak() {
  cargo build --release --examples &&
    OSS_PRESIGN_KILLS=300 OSS_PRESIGN_REPLAYS=20 OSS_PRESIGN_CANCELS=200 OSS_PRESIGN_GIB=4 \
      OSS_PRESIGN_SECONDS=30 cargo test --release \
      --test crash --test replay --test cancel --test memory --test expiry -- --nocapture
}

nightly() {
  rustup toolchain list | grep -q ^nightly || rustup toolchain install nightly --profile minimal
}

# What is found goes to the first folder; the committed corpus stays as it is.
fuzz() {
  command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --locked || return
  nightly || return
  local name
  for name in $(cargo fuzz list); do
    mkdir -p "target/fuzz/$name" &&
      cargo +nightly fuzz run "$name" "target/fuzz/$name" "fuzz/corpus/$name" -- \
        -dict="fuzz/dictionaries/$name.dict" -max_total_time=240 || return
  done
}

install_packages
part format one cargo fmt --all --check
part clippy one lints
part docs one env RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items
part cargo cargo_tests cargo test --workspace -- --show-output
part sign-only cargo_tests cargo test --no-default-features --lib --test vectors
part quickstart quickstart_urls cargo run --release --example quickstart
part manual one doxygen docs/manual/Doxyfile
part ctest ctest_tests build_c
part style style_files bash tests/style.sh target/style
part sanitize ctest_tests build_sanitize '^sanitize/(asan|tsan)/'
part product product_checks product
part java surefire_tests build_java
part objc ctest_tests build_objc
part sdk interop_checks bash tests/interop/sdk/run.sh
part clients client_cells bash tests/interop/clients/run.sh
if [ "$long" = yes ]; then
  part oldest one oldest
  part soak cargo_tests soak
  part mutants mutants_caught mutants
  part sanitize-all ctest_tests build_sanitize_all
  part fuzz fuzzed_parsers fuzz
  part linux-aarch64 ctest_tests bash tests/platforms/linux-aarch64.sh target/cross
  part windows ctest_tests bash tests/platforms/windows-x86_64.sh target/cross
  part macos built_libraries bash tests/platforms/macos.sh target/cross
  part ios one bash bindings/objc/tests/ios.sh target/cross
  part android built_libraries bash bindings/java/android/cross.sh \
    bindings/java/library/target/oss-presign-*[0-9].jar target/cross
else
  for name in oldest soak mutants sanitize-all fuzz linux-aarch64 windows macos ios android; do
    summary+=("$(printf 'skipped %-12s takes minutes; bash tests/run.sh --long runs it' "$name")")
  done
fi

echo
echo "== what ran"
printf '%s\n' "${summary[@]}"
grep -hE '^(java|vectors|crash|replay|memory|expiry|macos|ios|android|size|consumers): ' "$logs"/*.log 2>/dev/null | sort -u
# The matrix of clients and scenarios.
sed -n '/^ *a   b   c /,/^clients: /p' "$logs/clients.log"
echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
