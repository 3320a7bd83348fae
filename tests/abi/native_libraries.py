"""native_libraries.py CARGO SOURCE TARGET_DIR [LIBRARY]...: what CMake and pkg-config say that a
program needs besides the static library is what rustc says."""

import os
import re
import subprocess
import sys


def main():
    cargo, source, target_dir, *ours = sys.argv[1:]
    command = [cargo, "rustc", "--locked", "--package", "oss-presign", "--lib", "--crate-type",
               "staticlib", "--target-dir", target_dir, "--", "--print", "native-static-libs"]
    environment = {name: value for name, value in os.environ.items() if "MAKEFLAGS" not in name}
    done = subprocess.run(command, cwd=source, env=environment, check=True, capture_output=True,
                          text=True)
    said = re.search(r"native-static-libs: (.*)", done.stderr)
    if not said:
        sys.exit(f"rustc does not say it:\n{done.stderr}")
    print("rustc:", said[1])
    print("CMake:", " ".join(ours))
    # A library that is named twice is linked once.
    sys.exit(list(dict.fromkeys(said[1].split())) != ours)


main()
