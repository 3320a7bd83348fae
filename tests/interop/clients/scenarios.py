"""What is fetched: each scenario is a column of the matrix."""
import dataclasses
import time
import urllib.parse
from typing import Callable

import emulator

OBJECT, VERSIONED = "dir/object.bin", "versions.bin"
# In folders, because file systems take 255 bytes for a name.
LONG = "keys/" + "长短/" * 140
KEYS = {
    "+": "keys/a+b.bin",
    "a space": "keys/a b.bin",
    "%": "keys/100%25%.bin",
    "?": "keys/a?b=c.bin",
    "#": "keys/a#b.bin",
    "//": "keys/a//b.bin",
    "..": "keys/a/../b.bin",
    "Chinese": "keys/中文.bin",
    "an emoji": "keys/😀.bin",
    "other signs": "keys/!'()*~&=$,;:@[]{}|^`\"<>\\.bin",
    "1023 bytes": LONG + "x" * (1023 - len(LONG.encode())),
}

NAME = "it's the 报告 😀.txt"
QUOTED_NAME = 'it\'s the "报告" 😀.txt'


# The first is listed in the URL, because only then is it signed; OSS has all x-oss- headers signed.
LISTED, UNLISTED = ("x-client", "interop"), ("x-oss-meta-note", "two  words")
SIGNED = (("Content-Type", "text/plain"), LISTED, UNLISTED)


def unchanged(url):
    return url


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    key: str = OBJECT
    # Options of the presigning; the key and who signs may be among them.
    options: dict = dataclasses.field(default_factory=dict)
    # Headers that are signed, and the names of those that are then not sent.
    headers: tuple = ()
    left_out: tuple = ()
    # The error code of OSS, if it has to refuse.
    refused: str = ""
    # What our own downloader says then; it may have sent nothing.
    we_say: str = ""
    # The name under which a browser saves, where the service tells it one.
    saved_as: str = ""
    # From the URL that was signed to the one that the client gets.
    tampered: Callable = unchanged


def quoted(name):
    """The older form of RFC 6266."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'filename="{escaped}"'


def extended(name):
    """The newer one, which wins."""
    return "filename*=UTF-8''" + urllib.parse.quote(name, safe="")


def attachment(name, saved_as, *parameters):
    disposition = "; ".join(["attachment", *parameters])
    options = {"response_content_disposition": disposition}
    return Scenario(name, options=options, saved_as=saved_as)


def scenarios(old_version):
    expired = {"signing_time": int(time.time()) - 3600, "expires_in": 60}
    return [
        Scenario("basic"),
        Scenario("a version", key=VERSIONED, options={"version_id": old_version}),
        attachment("forced download: filename=", NAME, quoted(NAME)),
        attachment("forced download: filename*=", NAME, quoted("a.txt"), extended(NAME)),
        attachment('forced download: " in filename=', QUOTED_NAME, quoted(QUOTED_NAME)),
        attachment(
            'forced download: " in filename*=', QUOTED_NAME, quoted("a.txt"), extended(QUOTED_NAME)
        ),
        Scenario("signed headers: sent", headers=SIGNED),
        Scenario(
            "signed headers: a listed one missing",
            headers=SIGNED,
            left_out=(LISTED[0],),
            refused="InvalidArgument",
            we_say=LISTED[0],
        ),
        Scenario(
            "signed headers: an x-oss one missing",
            headers=SIGNED,
            left_out=(UNLISTED[0],),
            refused="SignatureDoesNotMatch",
            we_say="SignatureDoesNotMatch",
        ),
        Scenario("custom domain", options={"endpoint": emulator.DOMAIN}),
        Scenario("STS token", options=emulator.STS),
        Scenario("expired", options=expired, refused="AccessDenied", we_say="expired"),
        *(Scenario(f"key with {name}", key=key) for name, key in KEYS.items()),
    ]
