"""package.py LIBRARY NM: what makes a package of the sources is whole, as far as that shows without a
Mac. LIBRARY is the shared library, whose functions the XCFramework must show."""

import json
import os
import pathlib
import plistlib
import re
import subprocess
import sys
import tempfile

objc = pathlib.Path(__file__).resolve().parents[1]
root = objc.parents[1]
version = re.search(r'^version = "(.*)"', (root / "Cargo.toml").read_text(), re.M).group(1)


def output(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def check_privacy_manifest():
    path = objc / "PrivacyInfo.xcprivacy"
    # Another program understands the same.
    binary = subprocess.run(["plistutil", "-i", str(path), "-o", "-"], check=True,
                            capture_output=True).stdout
    said = plistlib.loads(path.read_bytes())
    assert plistlib.loads(binary) == said
    assert said == {
        "NSPrivacyTracking": False,
        "NSPrivacyTrackingDomains": [],
        "NSPrivacyCollectedDataTypes": [],
        # Sizes of the part file and the target: in the app's own folders, or where the user said.
        "NSPrivacyAccessedAPITypes": [{
            "NSPrivacyAccessedAPIType": "NSPrivacyAccessedAPICategoryFileTimestamp",
            "NSPrivacyAccessedAPITypeReasons": ["C617.1", "3B52.1"],
        }],
    }, said


def check_swift_package():
    text = (objc / "Package.swift").read_text()
    assert text.startswith("// swift-tools-version:5.5\n")
    excluded = re.findall(r'"(.*?)"', re.search(r"exclude: \[(.*?)\]", text, re.S).group(1))
    named = {*excluded, "src", "include", "PrivacyInfo.xcprivacy", "Package.swift"}
    assert 'sources: ["src"]' in text and 'publicHeadersPath: "include"' in text
    assert '.copy("PrivacyInfo.xcprivacy")' in text
    there = {path.name for path in objc.iterdir() if path.name[0] != "."} | {"build"}
    assert named == there, named ^ there
    assert (objc / "include" / "module.modulemap").exists()


def check_podspec():
    said = json.loads(output("ruby", str(objc / "tests" / "podspec.rb"),
                             str(objc / "OSSPresign.podspec")))
    for name in ("name", "summary", "homepage", "source", "license", "author"):
        assert said.get(name), f"{name} is missing"
    assert said["version"] == [version], said["version"]

    def files(name):
        found = {path for pattern in said[name] for braces in expand(pattern)
                 for path in objc.glob(braces)}
        assert found, f"{name} matches nothing"
        return found

    everything = {*objc.glob("include/**/*.h"), *objc.glob("src/*")}
    assert files("source_files") == everything, files("source_files") ^ everything
    assert files("public_header_files") == {*objc.glob("include/**/*.h")}
    assert files("private_header_files") == {*objc.glob("src/*.h")}
    assert said["vendored_frameworks"] == ["build/COSSPresign.xcframework"]
    assert said["resource_bundles"] == [{"OSSPresign": ["PrivacyInfo.xcprivacy"]}]


def expand(pattern):
    """The one kind of braces that the podspec has."""
    braces = re.search(r"\{(.*?)\}", pattern)
    if not braces:
        return [pattern]
    return [pattern.replace(braces.group(), choice) for choice in braces.group(1).split(",")]


# Stands in for Apple's tools: writes down how it was called, and makes the file that was wanted.
FAKE = """#!/bin/sh
echo "$(basename "$0") $*" >>"$FAKE_LOG"
case "$*" in
  *--show-sdk-version*) echo 17.5 ;;
esac
target= folder=
while [ $# -gt 0 ]; do
  case "$1" in
    -o | -output) mkdir -p "$(dirname "$2")" && echo made >"$2" ;;
    --target) target=$2 ;;
    --target-dir) folder=$2 ;;
  esac
  shift
done
if [ -n "$folder" ]; then
  mkdir -p "$folder/$target/release"
  echo library >"$folder/$target/release/liboss_presign.a"
fi
"""

SLICES = {
    "aarch64-apple-ios": ("iphoneos", "arm64", "ios 13.0"),
    "aarch64-apple-ios-sim": ("iphonesimulator", "arm64", "ios-simulator 14.0"),
    "x86_64-apple-ios": ("iphonesimulator", "x86_64", "ios-simulator 13.0"),
    "aarch64-apple-darwin": ("macosx", "arm64", "macos 11.0"),
    "x86_64-apple-darwin": ("macosx", "x86_64", "macos 11.0"),
}


def check_script(library, nm):
    script = objc / "make-xcframework.sh"
    output("shellcheck", str(script))
    # Bash 3.2 is what macOS has.
    assert not re.search(r"mapfile|readarray|declare -A|\$\{[a-z]+,,|&>>", script.read_text())
    with tempfile.TemporaryDirectory(prefix="oss-presign-package-") as folder:
        folder = pathlib.Path(folder)
        tools = folder / "tools"
        tools.mkdir()
        for name in ("rustup", "cargo", "xcrun", "xcodebuild", "shasum", "zip"):
            (tools / name).write_text(FAKE)
            (tools / name).chmod(0o755)
        out = folder / "out"
        log = folder / "log"
        output("bash", str(script), str(out), env=dict(
            os.environ, PATH=f"{tools}:{os.environ['PATH']}", FAKE_LOG=str(log)))
        calls = log.read_text().splitlines()
        check_exports(out / "slices" / "exports.txt", library, nm)
        check_calls(out, calls)


def check_exports(path, library, nm):
    exported = {line.split()[-1] for line in
                output(nm, "-D", "--defined-only", library).splitlines()}
    listed = path.read_text().split()
    assert set(listed) == {f"_{name}" for name in exported}, set(listed) ^ exported
    assert len(listed) > 50


def check_calls(out, calls):
    for target, (sdk, arch, platform) in SLICES.items():
        assert f"rustup target add {target}" in calls
        assert any(call.startswith("cargo rustc --release --locked") and
                   f"--crate-type staticlib --target {target} " in call for call in calls), target
        link = [call for call in calls if call.startswith(f"xcrun --sdk {sdk} ld -r") and
                f"/{target}/release/liboss_presign.a" in call]
        assert len(link) == 1, link
        assert f"-arch {arch} -platform_version {platform} 17.5" in link[0], link
        assert f"-exported_symbols_list {out}/slices/exports.txt -u _oss_" in link[0], link
        assert f"xcrun --sdk {sdk} libtool -static -o {out}/slices/{target}/libCOSSPresign.a " \
               f"{out}/slices/{target}/COSSPresign.o" in calls, target
    fat = [call for call in calls if call.startswith("xcrun lipo -create")]
    assert [len(re.findall(r"libCOSSPresign\.a", call)) for call in fat] == [3, 3], fat
    assemble = [call for call in calls if call.startswith("xcodebuild -create-xcframework")]
    assert len(assemble) == 1, assemble
    for folder in ("aarch64-apple-ios", "ios-simulator", "macos"):
        assert f"-library {out}/slices/{folder}/libCOSSPresign.a -headers {out}/slices/headers" \
            in assemble[0], assemble
    assert assemble[0].endswith(f"-output {out}/COSSPresign.xcframework"), assemble
    archive = "COSSPresign.xcframework.zip"
    assert calls[-2:] == [f"zip -qry {archive} COSSPresign.xcframework",
                          f"shasum -a 256 {out}/{archive}"], calls[-2:]
    assert [path.name for path in (out / "slices" / "headers").iterdir()] == ["oss_presign.h"]


check_privacy_manifest()
check_swift_package()
check_podspec()
check_script(*sys.argv[1:])
print("privacy manifest, Package.swift, podspec and make-xcframework.sh: whole")
