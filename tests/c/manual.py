"""manual.py PAGES SOURCES PROGRAMS, run by with_emulator.py: each page of the manual shows code of a
program, and what the program prints. Each URL is fetched by the program and by a client that is not
ours, which sends the headers that were printed."""

import datetime
import http.client
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import urllib.parse

pages, sources, programs = map(pathlib.Path, sys.argv[1:])
address = os.environ["OSS_TEST_HTTPS"]
authority = os.environ["OSS_TEST_CA"]
new = pathlib.Path(os.environ["OSS_TEST_OBJECT"]).read_bytes()
old = pathlib.Path(os.environ["OSS_TEST_OLD_OBJECT"]).read_bytes()
target = pathlib.Path(os.environ["OSS_TEST_FOLDER"], "object.bin")

contents = {"version": old, "signed_headers": new[:100]}
dispositions = {"forced_download": 'attachment; filename="report 2026.bin"'}


def shown(page):
    """What the page says is printed; there a URL may go on in the next line, indented."""
    (block,) = re.findall(r"^```text\n(.*?)^```$", page, re.S | re.M)
    return re.sub(r"\n +", "", block)


def comparable(output):
    """Without what differs from run to run."""
    for pattern in (r"\d{8}T\d{6}Z", r"(?<=%2F)\d{8}(?=%2F)", r"(?<=x-oss-signature=)[0-9a-f]{64}",
                    r"(?<=versionId=)[^&]+", r"(?<=x-oss-expires=)\d{5,}",
                    r"(?<=expires )\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"):
        output = re.sub(pattern, "*", output)
    return output


def get(url, headers):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    plain = socket.create_connection(address.split(":"), timeout=30)
    context = ssl.create_default_context(cafile=authority)
    connection.sock = context.wrap_socket(plain, server_hostname=parts.hostname)
    connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status in (200, 206), (answer.status, body)
    return body, answer.headers["Content-Disposition"]


def expiration(url):
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
    signed = datetime.datetime.strptime(query["x-oss-date"][0], "%Y%m%dT%H%M%SZ")
    return signed + datetime.timedelta(seconds=int(query["x-oss-expires"][0]))


def check(page):
    name = page.stem
    text = page.read_text()
    assert f"\\snippet {name}.c " in text, f"{page} shows no code of {name}.c"
    target.unlink(missing_ok=True)
    before = [os.environ["OSS_TEST_OLD_VERSION"]] if name == "version" else []
    done = subprocess.run([programs / name, *before, target, address, authority],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not done.stderr, done
    expected, printed = comparable(shown(text)), comparable(done.stdout)
    assert printed == expected, f"{name} prints\n{printed}and its page says\n{expected}"
    content = contents.get(name, new)
    assert target.read_bytes() == content, name

    urls = re.findall(r"^GET, expires (\S+)\n(https:.*)\n((?:[a-z-]+: .*\n)*)", done.stdout, re.M)
    assert urls, done.stdout
    for expires, url, headers in urls:
        assert expiration(url).isoformat() + "Z" == expires, (url, expires)
        headers = dict(line.split(": ", 1) for line in headers.splitlines())
        assert get(url, headers) == (content, dispositions.get(name)), name
    if name == "expiry":
        assert urls[-1][0].endswith("T00:00:00Z"), urls[-1]


tasks = sorted(page for page in pages.glob("*.md") if page.stem != "index")
named = {source.stem for source in sources.glob("*.c")} - {"task"}
assert {page.stem for page in tasks} == named, (tasks, named)
for task in tasks:
    check(task)
print(f"manual: {len(tasks)} programs print what their pages say")
