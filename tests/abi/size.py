"""size.py BUILD_FOLDER: the shared libraries, stripped, are no larger than was promised."""

import pathlib
import subprocess
import sys
import tempfile

# What an installation has, and the library without downloads, as Rust 1.95 builds them. In the latter
# some 270 KB are what every shared library in Rust has that contains panics: the standard library's
# unwinding, and its reader of debug information, for backtraces, which stable Rust cannot leave out.
LIMITS = {
    "whole library": ("cargo/release/liboss_presign.so", 2_000_000),
    "sign-only library": ("cargo/sign-only/release/liboss_presign.so", 350_000),
}
# An older Rust makes up to a tenth more of the same source.
OLDER = 1.12


def main():
    build = pathlib.Path(sys.argv[1])
    rustc = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout
    allowance = OLDER if int(rustc.split(".")[1]) < 95 else 1
    over = []
    for name, (path, limit) in LIMITS.items():
        with tempfile.TemporaryDirectory(prefix="oss-presign-size-") as folder:
            stripped = pathlib.Path(folder) / "library.so"
            subprocess.run(["strip", "--strip-unneeded", "-o", stripped, build / path], check=True)
            size = stripped.stat().st_size
        print(f"size: {name} {size:,} bytes stripped, {size / limit:.0%} of {limit:,}")
        if size > limit * allowance:
            over.append(name)
    if over:
        sys.exit(f"too large: {over}")


main()
