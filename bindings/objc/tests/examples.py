"""examples.py PRESIGN DOWNLOAD, run by prepare.py: the two example programs, one after the other."""

import os
import pathlib
import re
import signal
import subprocess
import sys

presign_program, download_program = sys.argv[1:]
folder = pathlib.Path(os.environ["OSS_TEST_FOLDER"])
content = pathlib.Path(os.environ["OSS_TEST_OBJECT"]).read_bytes()


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def presign(key, *arguments):
    done = run(presign_program, "cn-hangzhou", os.environ["OSS_TEST_BUCKET"], key,
               "--endpoint", os.environ["OSS_TEST_ENDPOINT"], *arguments)
    assert done.returncode == 0 and not done.stderr, done
    first, url, *headers = done.stdout.splitlines()
    assert re.fullmatch(r"GET, expires \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000", first), first
    assert headers == ["x-client: a=b"] * ("--header" in arguments), headers
    return url


url = presign("dir/object.bin", "--expires", "600", "--attachment", "报告.pdf")
assert "x-oss-expires=600&" in url and "%E6%8A%A5%E5%91%8A.pdf" in url, url
target = folder / "目标.bin"
done = run(download_program, url, target)
assert done.returncode == 0 and target.read_bytes() == content, done
assert done.stdout == f"{len(content)} bytes, 0 of them from before, " \
                      "verified: CRC-64 of the service\n", done.stdout
assert "100%" in done.stderr, done.stderr

# Ctrl-C in the middle cancels, and the next run goes on from there.
command = [download_program, presign("fault/starts-once"), folder / "interrupted"]
child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
progress = ""
while not re.search(r"[1-9]%", progress):
    progress += child.stderr.read(1)
child.send_signal(signal.SIGINT)
out, err = child.communicate()
assert child.returncode == 1 and not out and "cancelled" in err, (child.returncode, out, err)
assert not (folder / "interrupted").exists()
done = run(*command)
assert done.returncode == 0 and (folder / "interrupted").read_bytes() == content, done
assert re.search(r"bytes, [1-9][0-9]* of them from before, ", done.stdout), done.stdout

failed = run(download_program, presign("no/such/key"), target)
assert failed.returncode == 1 and failed.stderr.strip().startswith("download: "), failed
assert target.read_bytes() == content
# What was signed must be sent.
url = presign("dir/object.bin", "--header", "x-client=a=b")
failed = run(download_program, url, target)
assert failed.returncode == 1 and "x-client" in failed.stderr, failed
done = run(download_program, url, target, "--header", "x-client=a=b")
assert done.returncode == 0, done
failed = run(download_program, "no url", target)
assert failed.returncode == 1 and failed.stderr.startswith("download: url: "), failed
failed = run(presign_program, "cn-hangzhou", "B", "key")
assert failed.returncode == 1 and failed.stderr.startswith("presign: bucket: "), failed
for program in presign_program, download_program:
    usage = run(program, "--key")
    assert usage.returncode == 2 and usage.stderr.startswith("usage: "), usage

print("presign, then download: all as it should be")
