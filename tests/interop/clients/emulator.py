"""The loopback OSS that the clients fetch from."""
import http.client
import json
import subprocess
import urllib.parse

# An independent signer: the library presigns no PUT.
import with_emulator as signer

BUCKET = signer.BUCKET
DOMAIN = "localhost"
KEY = {"access_key_id": signer.ACCESS_KEY_ID, "access_key_secret": signer.ACCESS_KEY_SECRET}
STS = {"access_key_id": "STS.Emulator", "access_key_secret": "secret", "security_token": "a/b+c=="}


class Emulator:
    """Runs inside a with statement, and holds the given objects: {key: content}."""

    def __init__(self, program, objects, folder):
        self.command = [program, "--region", signer.REGION, "--domain", f"{DOMAIN}={BUCKET}"]
        for key in (KEY, STS):
            for name, value in key.items():
                self.command += ["--" + name.replace("_", "-"), value]
        for number, (key, content) in enumerate(objects.items()):
            file = folder / f"object-{number}"
            file.write_bytes(content)
            self.command += ["--put", f"{BUCKET}/{key}={file}"]

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the emulator did not start")
        self.address = json.loads(line)["http"]
        self.port = self.address.rpartition(":")[2]
        return self

    def __exit__(self, *_):
        # It lives as long as its standard input is open.
        self.process.stdin.close()
        self.process.wait(timeout=30)

    def put(self, key, content):
        """Returns the version id. The key is plain letters."""
        target = signer.presign("PUT", key)
        return signer.send(self.address, "PUT", target, content)["x-oss-version-id"]

    def take_requests(self):
        """The GET requests since the last call, but for the icons that browsers ask for."""
        connection = http.client.HTTPConnection(self.address)
        connection.request("GET", "/-/emulator/requests")
        requests = json.loads(connection.getresponse().read())
        connection.request("DELETE", "/-/emulator/requests")
        connection.getresponse().read()
        connection.close()
        return [r for r in requests if r["method"] == "GET" and r["target"] != "/favicon.ico"]


def target(url):
    """What a client that alters nothing sends for a URL."""
    parts = urllib.parse.urlsplit(url)
    return f"{parts.path}?{parts.query}"
