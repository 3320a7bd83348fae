"""fetch.py URL FILE [NAME VALUE]...: Python requests."""
import sys

import requests


def main(url, file, *fields):
    headers = dict(zip(fields[::2], fields[1::2]))
    with requests.get(url, headers=headers, stream=True, timeout=30) as response:
        if response.status_code != 200:
            sys.exit(f"HTTP {response.status_code}")
        with open(file, "wb") as target:
            for chunk in response.iter_content(65536):
                target.write(chunk)


main(*sys.argv[1:])
