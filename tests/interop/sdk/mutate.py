#!/usr/bin/env python3
"""Fetches presigned URLs from the emulator as they are, and after every kind of single change.

Reads JSON lines {"name", "url", "headers", "sha256"}: headers are those the URL demands (may be
absent), sha256 is that of the object (may be absent). Whatever host a URL names, the request goes
to the emulator, with the URL's host in its Host header. Prints one line with the counts; fails
when a URL is refused or a changed one is not.
"""
import argparse
import datetime
import email.utils
import hashlib
import http.client
import json
import re
import sys
from urllib.parse import unquote_to_bytes

# A changed request must fail for its signature, not because the changed name is not there.
REFUSALS = {400, 403}


class Request:
    """A request whose target goes out byte for byte."""

    def __init__(self, host, target, headers, method="GET"):
        self.host, self.target, self.headers, self.method = host, target, dict(headers), method

    def changed(self, **parts):
        return Request(**{**vars(self), **parts})

    def send(self, connection):
        connection.putrequest(
            self.method, self.target, skip_host=True, skip_accept_encoding=True
        )
        connection.putheader("Host", self.host)
        for name, value in self.headers.items():
            connection.putheader(name, value.encode())
        if self.method in ("PUT", "POST"):
            connection.putheader("Content-Length", "0")
        connection.endheaders()
        response = connection.getresponse()
        return response, response.read()


def meaning(target):
    """What two targets share when they differ in spelling only."""
    path, _, query = target.partition("?")
    pairs = [pair.partition("=")[::2] for pair in query.split("&") if pair]
    decoded = sorted((unquote_to_bytes(name), unquote_to_bytes(value)) for name, value in pairs)
    return unquote_to_bytes(path), decoded


def changed_targets(target):
    """The target with each byte changed, except the first slash and the question mark."""
    question = target.index("?")
    original = meaning(target)
    for at in range(1, len(target)):
        if at == question:
            continue
        for replacement in "x0A":
            changed = target[:at] + replacement + target[at + 1 :]
            if replacement != target[at] and meaning(changed) != original:
                what = "path" if at < question else "query"
                yield f"{what} byte {at}", changed
                break


def changed_requests(request):
    for what, target in changed_targets(request.target):
        yield what, request.changed(target=target)
    for extra in ("&x=1", "&x", "&versionId=1", "&x-oss-process=image/info"):
        yield f"query {extra}", request.changed(target=request.target + extra)
    for method in ("HEAD", "PUT", "POST", "DELETE"):
        yield method, request.changed(method=method)
    for name, value in request.headers.items():
        others = {other: v for other, v in request.headers.items() if other != name}
        yield f"no {name}", request.changed(headers=others)
        for changed in (value + "x", value[:-1], value.swapcase()):
            if changed.strip() != value.strip():
                headers = {**others, name: changed}
                yield f"{name}: {changed}", request.changed(headers=headers)
    for name in ("Content-Type", "Content-MD5", "x-oss-meta-added", "x-oss-request-payer"):
        if name.lower() not in (given.lower() for given in request.headers):
            headers = {**request.headers, name: "added"}
            yield f"added {name}", request.changed(headers=headers)


def expires_at(target):
    date = re.search(r"[?&]x-oss-date=(\w+)", target).group(1)
    seconds = int(re.search(r"[?&]x-oss-expires=(\d+)", target).group(1))
    signed = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
    return int(signed.replace(tzinfo=datetime.timezone.utc).timestamp()) + seconds


def control(connection, operation, body):
    connection.request("POST", f"/-/emulator/{operation}", json.dumps(body))
    response = connection.getresponse()
    text = response.read()
    if response.status != 200:
        sys.exit(f"{operation}: {response.status} {text!r}")


class Checker:
    def __init__(self, emulator):
        self.connection = http.client.HTTPConnection(emulator)
        self.accepted = self.refused = 0
        self.failures = []

    def check(self, case):
        host, _, rest = case["url"].partition("://")[2].partition("/")
        request = Request(host, "/" + rest, case.get("headers") or {})
        response, body = request.send(self.connection)
        digest = hashlib.sha256(body).hexdigest()
        if response.status != 200 or case.get("sha256", digest) != digest:
            self.failures.append(f"{case['name']}: {response.status} {body[:2000]!r}")
            return
        self.accepted += 1
        for what, changed in changed_requests(request):
            self.expect_refusal(case, what, changed)

        now = int(email.utils.parsedate_to_datetime(response.headers["Date"]).timestamp())
        past = expires_at(request.target) + 1 - now
        control(self.connection, "time", {"advance": past})
        self.expect_refusal(case, "expired", request)
        control(self.connection, "time", {"advance": -past})

    def expect_refusal(self, case, what, request):
        response, body = request.send(self.connection)
        if response.status in REFUSALS:
            self.refused += 1
        else:
            self.failures.append(f"{case['name']}: {what}: {response.status} {body[:200]!r}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--emulator", required=True, metavar="HOST:PORT")
    arguments.add_argument("--label", default="urls")
    options = arguments.parse_args()
    checker = Checker(options.emulator)
    for line in sys.stdin:
        checker.check(json.loads(line))
    for failure in checker.failures:
        print(failure, file=sys.stderr)
    print(f"{options.label}: {checker.accepted} accepted, {checker.refused} altered refused")
    if checker.failures or not checker.accepted:
        sys.exit(1)


if __name__ == "__main__":
    main()
