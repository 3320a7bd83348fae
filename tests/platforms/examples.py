"""examples.py PRESIGN DOWNLOAD -- RUNNER..., run by tests/c/with_emulator.py: presign and download by
the example programs, each run by RUNNER."""

import os
import pathlib
import subprocess
import sys

dashes = sys.argv.index("--")
presign, download = sys.argv[1:dashes]
runner = sys.argv[dashes + 1:]
new = pathlib.Path(os.environ["OSS_TEST_OBJECT"]).read_bytes()
target = pathlib.Path(os.environ["OSS_TEST_FOLDER"]) / "target"
runs = 0


def run(code, *arguments):
    """What it prints: lines on stdout if it succeeds, on stderr if it fails."""
    global runs
    done = subprocess.run([*runner, *map(str, arguments)], capture_output=True, text=True,
                          check=False)
    if done.returncode != code:
        sys.exit(f"{arguments[0]}: {done}")
    runs += 1
    return (done.stderr if code else done.stdout).splitlines()


def fetch(key, endpoint, *options, code=0):
    """What the download says, having made the file, or none if it should fail."""
    where = ["--endpoint", endpoint] if endpoint else []
    url = run(0, presign, "--region", "cn-hangzhou", "--bucket", os.environ["OSS_TEST_BUCKET"],
              "--key", key, *where)[1]
    target.unlink(missing_ok=True)
    said = run(code, download, url, target, *options)
    if (target.read_bytes() if target.exists() else None) != (None if code else new):
        sys.exit(f"{key}: not what was asked for")
    return "\n".join(said)


http = os.environ["OSS_TEST_ENDPOINT"]
https = ["--connect-to", os.environ["OSS_TEST_HTTPS"]]
trusted = ["--ca-file", os.environ["OSS_TEST_CA"]]
closed = ["--connect-to", os.environ["OSS_TEST_CLOSED"]]
assert "verified: CRC-64" in fetch("dir/object.bin", http)
assert "verified: CRC-64" in fetch("dir/object.bin", None, *https, *trusted)
assert "OSS_E_TLS" in fetch("dir/object.bin", None, *https, code=1)
assert "OSS_E_NOT_FOUND" in fetch("nothing", http, code=1)
assert "OSS_E_CHECKSUM" in fetch("altered.bin", http, code=1)
assert "OSS_E_CONNECT" in fetch("dir/object.bin", None, *closed, code=1)
print(f"{runs} runs of the example programs, all as they should be")
