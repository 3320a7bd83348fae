"""Who fetches: each client is a row of the matrix, with what it cannot do."""
import dataclasses
import pathlib
import urllib.parse
from typing import Callable

HERE = pathlib.Path(__file__).parent


@dataclasses.dataclass(frozen=True)
class Limit:
    """What a client does in a scenario instead of what it should; the run holds it to that."""

    why: str
    # From the target that was signed to another one, which arrives.
    alters: Callable | None = None
    # OSS's error code then; without one the right bytes are saved all the same.
    refused: str = ""
    # From the name that the service tells to another one, which the file gets.
    renames: Callable | None = None


@dataclasses.dataclass(frozen=True)
class Client:
    name: str
    # Arguments: {url}, {file} and {built}, the folder of what is built.
    command: str
    # Arguments for each header: {name} and {value}.
    header: tuple = ("{name}", "{value}")
    # Slow to start: one process takes all downloads, a line of JSON each.
    resident: bool = False
    # Decides on the name of the file itself.
    browser: bool = False
    # The project's own downloader: it may refuse before it sends anything, and says why.
    ours: bool = False
    # By name of the scenario.
    limits: dict = dataclasses.field(default_factory=dict)

    def arguments(self, built, **values):
        return [word.format(built=built, here=HERE, **values) for word in self.command.split()]

    def header_arguments(self, headers):
        return [
            word.format(name=name, value=value)
            for name, value in headers.items()
            for word in self.header
        ]


def without_dot_segments(target):
    return urllib.parse.urljoin("/", target)


def spelt_by_gnustep(target):
    path, mark, query = target.partition("?")
    decoded = urllib.parse.unquote(path)
    return urllib.parse.quote(decoded, safe="/!$&'()*+,-.:;=?@_~") + mark + query


DOTS = {
    "key with ..": Limit(
        "resolves dot segments before it sends, so that the signature is not that of the path",
        alters=without_dot_segments,
        refused="SignatureDoesNotMatch",
    )
}
UNDERLINES = Limit('saves a " in the name as _', renames=lambda name: name.replace('"', "_"))
QUOTES = {
    'forced download: " in filename=': UNDERLINES,
    'forced download: " in filename*=': UNDERLINES,
}
NO_HEADERS = Limit("a link sends none of the headers that were signed", refused="InvalidArgument")
RESPELT = Limit("writes escapes in another way, which means the same", alters=spelt_by_gnustep)
BARE_QUESTION_MARK = Limit(
    "sends the ? of a key bare, so that the key ends there and the query is another one",
    alters=spelt_by_gnustep,
    refused="AccessDenied",
)

CURL = "curl --silent --show-error --fail --output {file} {url}"
# As curl and our Rust example take it; as our other examples do.
CURL_HEADER = ("--header", "{name}: {value}")
EXAMPLE_HEADER = ("--header", "{name}={value}")
ANDROID = (
    "java -Drobolectric.offline=true -Drobolectric.dependency.dir={built}/android"
    " -cp {built}/android:{built}/android/* Device"
)
BROWSER = "node {built}/browser/fetch.mjs"
NODE = "node {here}/node/fetch.mjs"
PYTHON = "{built}/venv/bin/python {here}/python"

CLIENTS = [
    Client("curl", CURL, CURL_HEADER, limits=DOTS),
    Client("curl --path-as-is", CURL + " --path-as-is", CURL_HEADER),
    Client("Java HttpURLConnection", "java -cp {built}/java Fetch {url} {file}"),
    Client("Node.js https", NODE + " {url} {file}", limits=DOTS),
    Client("Node.js https, given a path", NODE + " --path-as-is {url} {file}"),
    Client("Python requests", PYTHON + "/fetch.py {url} {file}", limits=DOTS),
    Client("Python urllib", PYTHON + "/fetch_urllib.py {url} {file}"),
    Client("Go net/http", "{built}/go/fetch {url} {file}"),
    Client(
        "Chromium, fetch", BROWSER + " fetch", resident=True, browser=True, limits=DOTS | QUOTES
    ),
    Client(
        "Chromium, link",
        BROWSER + " link",
        resident=True,
        browser=True,
        limits={
            **DOTS,
            **QUOTES,
            "signed headers: sent": NO_HEADERS,
            "signed headers: an x-oss one missing": NO_HEADERS,
        },
    ),
    Client("Android HttpURLConnection", ANDROID, resident=True, limits=DOTS),
    Client(
        "GNUstep NSURLConnection",
        "{built}/foundation/fetch {url} {file}",
        limits={
            "key with +": RESPELT,
            "key with other signs": RESPELT,
            "key with ?": BARE_QUESTION_MARK,
        },
    ),
    Client("ours: Rust", "{built}/cargo/download {url} {file}", CURL_HEADER, ours=True),
    Client("ours: C", "{built}/cmake/examples/c/download {url} {file}", EXAMPLE_HEADER, ours=True),
    Client(
        "ours: C++", "{built}/cmake/examples/cpp/download {url} {file}", EXAMPLE_HEADER, ours=True
    ),
    Client(
        "ours: Java",
        "java -cp {built}/java:{built}/java/oss-presign.jar Download {url} {file}",
        EXAMPLE_HEADER,
        ours=True,
    ),
    Client(
        "ours: Objective-C",
        "{built}/cmake/bindings/objc/examples/download {url} {file}",
        EXAMPLE_HEADER,
        ours=True,
    ),
]
