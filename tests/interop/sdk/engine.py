#!/usr/bin/env python3
"""Downloads presigned URLs from the emulator with our engine.

Reads JSON lines as mutate.py does: {"name", "url", "headers", "sha256"}. Prints one line with the
count; fails when a download fails or has other bytes.
"""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile


def download(program, emulator, case, target):
    """Returns what is wrong, or ""."""
    command = [program, case["url"], target, "--connect-to", emulator]
    for name, value in (case["headers"] or {}).items():
        command += ["--header", f"{name}: {value}"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        return ended.stderr
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    return "" if digest == case["sha256"] else "other bytes"


def main(label, emulator, program):
    downloaded, failed = 0, False
    with tempfile.TemporaryDirectory(prefix="oss-presign-sdk-") as folder:
        for number, line in enumerate(sys.stdin):
            case = json.loads(line)
            wrong = download(program, emulator, case, pathlib.Path(folder, str(number)))
            if wrong:
                print(f"{case['name']}: {wrong}", file=sys.stderr)
            failed = failed or bool(wrong)
            downloaded += not wrong
    print(f"{label}: {downloaded} downloaded by our engine")
    if failed or not downloaded:
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
