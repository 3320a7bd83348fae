"""Runs the clients."""
import json
import os
import pathlib
import subprocess

ENVIRONMENT = {
    # Loopback needs no proxy, and names of files are UTF-8.
    **{name: v for name, v in os.environ.items() if not name.lower().endswith("_proxy")},
    "LC_ALL": "C.UTF-8",
    # The emulator is not at ::1, which Node.js 18 takes localhost for, and tries nothing else.
    "NODE_OPTIONS": "--dns-result-order=ipv4first",
}


def start(client, built):
    return Resident(client, built) if client.resident else Program(client, built)


class Program:
    """Fetches by a process for each download."""

    def __init__(self, client, built):
        self.client, self.built = client, built

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def fetch(self, url, file, headers):
        """Returns the file that was saved, or None, and what the client said."""
        command = self.client.arguments(self.built, url=url, file=file)
        command += self.client.header_arguments(headers)
        ended = subprocess.run(
            command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False
        )
        if ended.returncode < 0:
            raise RuntimeError(f"{self.client.name} crashed: {ended.stderr}")
        return (file if ended.returncode == 0 else None), ended.stdout + ended.stderr


class Resident(Program):
    """Fetches by one process that takes a line of JSON for each download."""

    def __enter__(self):
        command = self.client.arguments(self.built)
        self.process = subprocess.Popen(
            command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def fetch(self, url, file, headers):
        request = [url, str(file), *self.client.header_arguments(headers)]
        print(json.dumps(request), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.client.name} ended")
        answer = json.loads(line)
        saved = answer.get("saved")
        return (pathlib.Path(saved) if saved else None), answer.get("failed", "")
