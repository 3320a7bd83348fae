"""prepare.py PROGRAM [ARGUMENT]..., run by with_emulator.py: objects that fail in every way, and a disk
that is full.

The keys are "fault/NAME" for the names below; OSS_TEST_FULL is a folder on a file system of 256 KiB.
"""

import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "tests" / "c"))
import with_emulator  # noqa: E402


def status(number, code):
    return {"status": {"status": number, "code": code, "message": f"the test wants {code}"}}


FAULTS = {
    "throttled": status(503, "SlowDown"),
    "server": status(500, "InternalError"),
    "gone-in-between": status(412, "PreconditionFailed"),
    "stalls": "stall_before_headers",
    "stalls-later": {"stall": {"after": 1000}},
    "breaks": {"cut_after": 1000},
    "no-range": {"raw_body": {"status": 206, "body": list(b"part")}},
}

address = os.environ["OSS_TEST_ENDPOINT"].removeprefix("http://")
content = pathlib.Path(os.environ["OSS_TEST_OBJECT"]).read_bytes()
# At the first time of asking, a part in the middle never comes; or the object, but for its start.
FAULTS_ONCE = {
    "stalls-once": {"range_start": 4 * 131072, "faults": [{"stall": {"after": 0}}]},
    "starts-once": {"faults": [{"trickle": {"bytes": 65536, "every_ms": 40}},
                               {"stall": {"after": 600000}}]},
    "of-unknown-size": {"faults": ["ignore_range", "no_content_length"]},
}
with_emulator.send(address, "PUT", with_emulator.presign("PUT", "empty"), b"")
for name in [*FAULTS, *FAULTS_ONCE]:
    key = f"fault/{name}"
    with_emulator.send(address, "PUT", with_emulator.presign("PUT", key), content)
    if name in FAULTS:
        with_emulator.queue_fault(address, key, FAULTS[name])
    else:
        rule = {"bucket": with_emulator.BUCKET, "key": key, "times": 1, **FAULTS_ONCE[name]}
        with_emulator.send(address, "POST", "/-/emulator/faults", json.dumps(rule).encode())

full = pathlib.Path(os.environ["OSS_TEST_FOLDER"]).parent / "full"
full.mkdir()
os.environ["OSS_TEST_FULL"] = str(full)
# Mounted where only the program sees it.
script = 'mount -t tmpfs -o size=256k none "$OSS_TEST_FULL" && exec "$@"'
os.execvp("unshare", ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", *sys.argv[1:]])
