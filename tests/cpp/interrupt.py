"""interrupt.py PRESIGN DOWNLOAD, run by with_emulator.py: Ctrl-C ends a download that stands still,
and the next run keeps what is there."""

import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import urllib.parse

presign_program, download_program = sys.argv[1:]
address = urllib.parse.urlsplit(os.environ["OSS_TEST_ENDPOINT"]).netloc
expected = pathlib.Path(os.environ["OSS_TEST_OBJECT"]).read_bytes()
target = pathlib.Path(os.environ["OSS_TEST_FOLDER"]) / "interrupted"


def stall(start):
    """One answer, to a request for what begins there, stops in the middle."""
    rule = {"bucket": os.environ["OSS_TEST_BUCKET"], "key": "dir/object.bin",
            "faults": [{"stall": {"after": 1000}}], "range_start": start}
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request("POST", "/-/emulator/faults", json.dumps(rule))
    assert connection.getresponse().status == 200
    connection.close()


done = subprocess.run([presign_program, "--region", "cn-hangzhou", "--key", "dir/object.bin",
                       "--bucket", os.environ["OSS_TEST_BUCKET"],
                       "--endpoint", os.environ["OSS_TEST_ENDPOINT"]],
                      capture_output=True, text=True, check=True)
url = done.stdout.splitlines()[1]

download = [download_program, url, target, "--part-size", "131072"]
stall(524288)
running = subprocess.Popen(download, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
shown = b""
while not re.search(rb"[5-9]\d%", shown):
    piece = running.stderr.read1()
    assert piece, shown
    shown += piece
running.send_signal(signal.SIGINT)
output, rest = running.communicate(timeout=60)
assert running.returncode == 1 and not output, (running.returncode, output, rest)
assert b"download: OSS_E_CANCELLED: " in rest, rest
assert not target.exists()

done = subprocess.run(download, capture_output=True, text=True, check=False)
assert done.returncode == 0, done
assert target.read_bytes() == expected
before = int(done.stdout.split(", ")[-1].split()[0])
assert 0 < before < len(expected), done.stdout
assert sorted(path.name for path in target.parent.iterdir()) == [target.name]
print(f"interrupted, and resumed with {before} bytes from before")
