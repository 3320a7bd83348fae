"""fetch_urllib.py URL FILE [NAME VALUE]...: Python's own urllib."""
import shutil
import sys
import urllib.error
import urllib.request


def main(url, file, *fields):
    headers = dict(zip(fields[::2], fields[1::2]))
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response, open(file, "xb") as target:
            shutil.copyfileobj(response, target)
    except urllib.error.HTTPError as error:
        sys.exit(f"HTTP {error.code}")


main(*sys.argv[1:])
