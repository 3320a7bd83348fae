"""with_emulator.py EMULATOR -- PROGRAM [ARGUMENT]...: runs a program beside an OSS on loopback.

The program learns from its environment what there is:
  OSS_TEST_ENDPOINT       http://127.0.0.1:PORT
  OSS_TEST_HTTPS          127.0.0.1:PORT of https, for any host name
  OSS_TEST_CA             the certificate (PEM) to trust there
  OSS_TEST_CLOSED         127.0.0.1:PORT where connections are refused
  OSS_TEST_FOLDER         an empty folder
  OSS_TEST_BUCKET         the bucket, which holds
  OSS_TEST_OBJECT         the file that was put as "dir/object.bin" and under the names below
  OSS_TEST_OLD_OBJECT     the file that was put as "dir/object.bin" before,
  OSS_TEST_OLD_VERSION    and the id of that version
  OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET
"slow.bin" comes in small pieces, "altered.bin" with a wrong CRC-64, "stalled.bin" as far as byte
300000; "moved.bin" is a redirect to "dir/object.bin". static.example.com is a domain of the bucket.
"""

import hashlib
import hmac
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

REGION = "cn-hangzhou"
BUCKET = "examplebucket"
KEY = "dir/object.bin"
DOMAIN = "static.example.com"
ACCESS_KEY_ID = "LTAI5tEmulatorTestKey"
ACCESS_KEY_SECRET = "SecretOfTheEmulatorTestKey"


def presign(method, key):
    """A V4 request target by code that has nothing in common with the library's."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = [stamp[:8], REGION, "oss", "aliyun_v4_request"]
    query = "&".join([
        "x-oss-credential=" + "%2F".join([ACCESS_KEY_ID] + scope),
        f"x-oss-date={stamp}",
        "x-oss-expires=600",
        "x-oss-signature-version=OSS4-HMAC-SHA256",
    ])
    path = f"/{BUCKET}/{key}"
    canonical = "\n".join([method, path, query, "", "", "UNSIGNED-PAYLOAD"])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    secret = ("aliyun_v4" + ACCESS_KEY_SECRET).encode()
    for part in scope:
        secret = hmac.digest(secret, part.encode(), "sha256")
    to_sign = "\n".join(["OSS4-HMAC-SHA256", stamp, "/".join(scope), digest])
    signature = hmac.digest(secret, to_sign.encode(), "sha256").hex()
    return f"{path}?{query}&x-oss-signature={signature}"


def send(address, method, target, body=None):
    # Adds no header of its own that would have to be signed, and knows no proxy.
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request(method, target, body)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status != 200:
        sys.exit(f"emulator: {method}: {answer.status} {text!r}")
    return answer.headers


def queue_fault(address, key, fault):
    rule = {"bucket": BUCKET, "key": key, "faults": [fault], "always": True}
    send(address, "POST", "/-/emulator/faults", json.dumps(rule).encode())


def run(emulator, program, folder):
    new = folder / "object"
    old = folder / "old-object"
    # Odd, and longer than any buffer between.
    noise = random.Random(20261124)
    new.write_bytes(noise.randbytes(1024 * 1024 + 13))
    old.write_bytes(noise.randbytes(1000))
    work = folder / "work"
    work.mkdir()
    certificate = folder / "ca.pem"
    command = [emulator, "--region", REGION, "--ca-out", certificate,
               "--access-key-id", ACCESS_KEY_ID, "--access-key-secret", ACCESS_KEY_SECRET,
               "--domain", f"{DOMAIN}={BUCKET}",
               "--put", f"{BUCKET}/{KEY}={old}", "--put", f"{BUCKET}/slow.bin={new}",
               "--put", f"{BUCKET}/altered.bin={new}",
               "--put", f"{BUCKET}/stalled.bin={new}", "--put", f"{BUCKET}/moved.bin={new}"]
    # Bound but not listening: refuses, and nobody else can take the port.
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    oss = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        line = oss.stdout.readline()
        if not line:
            sys.exit("the emulator did not start")
        addresses = json.loads(line)
        address = addresses["http"]
        old_version = send(address, "HEAD", presign("HEAD", KEY))["x-oss-version-id"]
        send(address, "PUT", presign("PUT", KEY), new.read_bytes())
        queue_fault(address, "slow.bin", {"trickle": {"bytes": 65536, "every_ms": 40}})
        queue_fault(address, "altered.bin", "wrong_crc64")
        queue_fault(address, "stalled.bin", {"stall": {"after": 300000}})
        elsewhere = {"status": 302, "location": presign("GET", KEY)}
        queue_fault(address, "moved.bin", {"redirect": elsewhere})
        environment = dict(
            os.environ,
            OSS_TEST_ENDPOINT=f"http://{address}",
            OSS_TEST_HTTPS=addresses["https"],
            OSS_TEST_CA=str(certificate),
            OSS_TEST_CLOSED="127.0.0.1:%d" % closed.getsockname()[1],
            OSS_TEST_FOLDER=str(work),
            OSS_TEST_BUCKET=BUCKET,
            OSS_TEST_OBJECT=str(new),
            OSS_TEST_OLD_OBJECT=str(old),
            OSS_TEST_OLD_VERSION=old_version,
            OSS_ACCESS_KEY_ID=ACCESS_KEY_ID,
            OSS_ACCESS_KEY_SECRET=ACCESS_KEY_SECRET,
        )
        environment.pop("OSS_SESSION_TOKEN", None)
        return subprocess.run(program, env=environment, check=False).returncode
    finally:
        oss.stdin.close()
        try:
            oss.wait(timeout=10)
        except subprocess.TimeoutExpired:
            oss.kill()
        closed.close()


def main():
    emulator, dashes, *program = sys.argv[1:]
    if dashes != "--" or not program:
        sys.exit(__doc__)
    # ctest ends a test by SIGTERM; the emulator must not outlive it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    with tempfile.TemporaryDirectory(prefix="oss-presign-test-") as folder:
        code = run(emulator, program, pathlib.Path(folder))
    if code < 0:
        sys.exit(f"{program[0]} died of signal {-code}")
    sys.exit(code)


if __name__ == "__main__":
    main()
