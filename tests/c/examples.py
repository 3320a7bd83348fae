"""examples.py PRESIGN DOWNLOAD, run by with_emulator.py: presign | download, as the OSS document
shows it, by the two example programs."""

import datetime
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import urllib.request

import with_emulator

presign_program, download_program = sys.argv[1:]
folder = pathlib.Path(os.environ["OSS_TEST_FOLDER"])
bucket = os.environ["OSS_TEST_BUCKET"]
new = pathlib.Path(os.environ["OSS_TEST_OBJECT"]).read_bytes()
old = pathlib.Path(os.environ["OSS_TEST_OLD_OBJECT"]).read_bytes()


def run(program, *arguments, **environment):
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False,
                          env=dict(os.environ, **environment))


def presign(*arguments, endpoint=True):
    """The URL, and the headers as arguments of download."""
    where = ["--endpoint", os.environ["OSS_TEST_ENDPOINT"]] if endpoint else []
    key = [] if "--key" in arguments else ["--key", "dir/object.bin"]
    done = run(presign_program, "--region", "cn-hangzhou", "--bucket", bucket, *key,
               *where, *arguments)
    assert done.returncode == 0 and not done.stderr, done
    first, url, *headers = done.stdout.splitlines()
    assert re.fullmatch(r"GET, expires \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first), first
    assert url.startswith("http"), url
    expires = datetime.datetime.fromisoformat(first.split()[-1].replace("Z", "+00:00"))
    pairs = [header.split(": ", 1) for header in headers]
    return url, [item for name, value in pairs for item in ("--header", f"{name}={value}")], expires


def download(url, *arguments, expected=new):
    target = folder / "target"
    target.unlink(missing_ok=True)
    done = run(download_program, url, target, *arguments)
    assert done.returncode == 0, done
    assert target.read_bytes() == expected
    assert done.stdout.startswith(f"{len(expected)} bytes, 0 of them from before, "), done.stdout
    assert "100%" in done.stderr, done.stderr
    return done.stdout


url, headers, expires = presign("--expires", 600)
left = expires - datetime.datetime.now(datetime.timezone.utc)
assert datetime.timedelta(seconds=570) < left <= datetime.timedelta(seconds=600), left
assert not headers
assert "verified: CRC-64" in download(url)

url, headers, _ = presign("--version-id", os.environ["OSS_TEST_OLD_VERSION"])
download(url, expected=old)

url, headers, _ = presign("--header", "Range=bytes=0-99", "--header", "x-oss-traffic-limit=819200")
assert headers == ["--header", "range=bytes=0-99", "--header", "x-oss-traffic-limit=819200"]
assert "verified: length" in download(url, *headers, expected=new[:100])
refused = run(download_program, url, folder / "refused")
assert refused.returncode == 1 and not refused.stdout, refused
assert "download: OSS_E_" in refused.stderr, refused
assert not (folder / "refused").exists()

# What a browser would do with it, by a client that is not ours.
url, _, _ = presign("--attachment", "报告.pdf")
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
with opener.open(url, timeout=30) as answer:
    disposition = answer.headers["Content-Disposition"].encode("latin-1").decode()
    assert disposition == 'attachment; filename="报告.pdf"', disposition
    assert answer.read() == new

url, _, _ = presign(endpoint=False)
assert url.startswith(f"https://{bucket}.oss-cn-hangzhou.aliyuncs.com/dir/object.bin?"), url
download(url, "--ca-file", os.environ["OSS_TEST_CA"],
         "--connect-to", os.environ["OSS_TEST_HTTPS"])

failed = run(presign_program, "--region", "cn-hangzhou", "--bucket", "B", "--key", "k")
assert failed.returncode == 1 and failed.stderr.startswith("presign: bucket:"), failed
failed = run(presign_program, "--region", "cn-hangzhou", "--bucket", bucket, "--key", "k",
             OSS_ACCESS_KEY_ID="")
assert failed.returncode == 1 and "OSS_ACCESS_KEY_ID" in failed.stderr, failed
for program in presign_program, download_program:
    usage = run(program, "--key")
    assert usage.returncode == 2 and usage.stderr.startswith("usage: "), usage
# Ctrl-C in the middle cancels, and the next run goes on from there.
# So slow that the end is far, and that something comes again and again.
url, _, _ = presign("--key", "dir/object.bin")
crawl = {"bucket": bucket, "key": "dir/object.bin", "times": 1,
         "faults": [{"trickle": {"bytes": 4096, "every_ms": 100}}]}
with_emulator.send(os.environ["OSS_TEST_ENDPOINT"].removeprefix("http://"), "POST",
                   "/-/emulator/faults", json.dumps(crawl).encode())
target = folder / "interrupted"
command = [download_program, url, target]
child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
progress = ""
while not re.search(r"[1-9]%", progress):
    progress += child.stderr.read(1)
child.send_signal(signal.SIGINT)
out, err = child.communicate()
assert child.returncode == 1 and not out and "cancelled" in err, (child.returncode, out, err)
assert not target.exists() and pathlib.Path(f"{target}.part.resume").exists()
done = run(*command)
assert done.returncode == 0 and target.read_bytes() == new, done
assert re.search(r"bytes, [1-9][0-9]* of them from before, ", done.stdout), done.stdout
assert sorted(path.name for path in folder.glob("interrupted*")) == ["interrupted"]

print("presign | download: all as it should be")
