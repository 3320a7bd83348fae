#!/usr/bin/env bash
# cross.sh JAR FOLDER: aar.sh, run in full on Debian with a stand-in for the NDK in FOLDER: the Rust
# library and the JNI glue compiled for each of Android's processors, linked, and packed. The stand-in
# has no libraries of Android, so what the library needs of the system stays open, and nothing of it
# can run or is ever shipped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
jar=$(realpath "$1")
mkdir -p "$2"
work=$(cd "$2" && pwd)
# shellcheck source-path=SCRIPTDIR source=../../../tests/cross.sh
. "$root/tests/cross.sh"
cross_install

java_home=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
tools=$work/ndk/toolchains/llvm/prebuilt/linux-x86_64/bin
mkdir -p "$tools" "$work/android-system"
ln -sf "$(command -v llvm-ar-22)" "$tools/llvm-ar"
# Android's system libraries, empty: their names are noted, and what is in them stays open.
llvm-ar-22 rc "$work/android-system/libunwind.a"

# stand_in CLANG_TARGET MACHINE
stand_in() {
  local include=$zig/include
  mkdir -p "$work/android-system/$2"
  for library in c dl log m; do
    clang-22 "--target=$1" -shared -nostdlib -fuse-ld=lld-22 -x c /dev/null \
      "-Wl,-soname,lib$library.so" -o "$work/android-system/$2/lib$library.so"
  done
  cat >"$tools/$1-clang" <<END
#!/usr/bin/env bash
exec clang-22 --target=$1 -nostdlibinc -isystem $include/$2-linux-musl -isystem $include/generic-musl \\
  -isystem $include/$2-linux-any -isystem $include/any-linux-any \\
  -isystem $java_home/include -isystem $java_home/include/linux \\
  -nostdlib -fuse-ld=lld-22 -L$work/android-system/$2 -L$work/android-system -Wno-unused-command-line-argument "\$@" \\
  -lc -Wl,--unresolved-symbols=ignore-all
END
  chmod +x "$tools/$1-clang"
}
stand_in aarch64-linux-android21 aarch64
stand_in armv7a-linux-androideabi21 arm
stand_in x86_64-linux-android21 x86_64

CARGO_TARGET_DIR=$work/target ANDROID_NDK_HOME=$work/ndk OSS_PRESIGN_JAR=$jar \
  cross_cargo "$here/aar.sh" "$work/stand-in.aar"

rm -rf "$work/aar"
unzip -q "$work/stand-in.aar" -d "$work/aar"
for abi in arm64-v8a:AArch64 armeabi-v7a:ARM x86_64:X86-64; do
  library=$work/aar/jni/${abi%%:*}/liboss_presign_jni.so
  readelf --file-header "$library" | grep -q "Machine: .*${abi##*:}"
  readelf --segments --wide "$library" | awk '$1 == "LOAD" { n++; if ($NF != "0x4000") bad = 1 }
    END { exit n < 2 || bad }'
  [ "$(llvm-nm-22 --dynamic --defined-only "$library" | awk '{ print $3 }')" = JNI_OnLoad ]
  needed=$(readelf --dynamic "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort | tr '\n' ' ')
  echo "android: ${abi%%:*}: $(stat -c %s "$library") bytes, exports JNI_OnLoad, 0x4000, needs $needed"
done
