#!/usr/bin/env python3
"""Our library, through its C ABI, presigns what the Python SDK presigns; prints the URLs."""
import hashlib
import json
import sys

import sdk_v2
from oss_presign import CUSTOM_DOMAIN, Library


def presign(library, name, key, headers=(), **fields):
    """Prints a URL as mutate.py wants it."""
    given = {"access_key_id": "id", "access_key_secret": "secret", **fields}
    url, signed = library.presign(headers, bucket=sdk_v2.BUCKET, key=key, **given)
    content = hashlib.sha256(sdk_v2.content(key)).hexdigest()
    line = {"name": f"{name} {key[:40]}", "url": url, "headers": signed, "sha256": content}
    print(json.dumps(line), flush=True)


def main(endpoint, path):
    library = Library(path)
    sdk = sdk_v2.client(endpoint, "id", "secret")
    sts = {
        "access_key_id": "sts-id",
        "access_key_secret": "sts-secret",
        "security_token": "sts/token+=",
    }
    for key in sdk_v2.KEYS:
        sdk_v2.ordinary(sdk, key)
        presign(library, "plain", key)
        presign(library, "path style", key, endpoint=endpoint)
        presign(library, "sts", key, **sts)
    key = "ours/versions.txt"
    older = sdk_v2.ordinary(sdk, key)
    sdk.put_object(sdk_v2.oss.PutObjectRequest(bucket=sdk_v2.BUCKET, key=key, body=b"newer"))
    presign(library, "version", key, version_id=older)
    key = sdk_v2.KEYS[1]
    disposition = 'attachment; filename="ü +.txt"'
    presign(library, "disposition", key, response_content_disposition=disposition)
    presign(library, "payer", key, request_payer="requester")
    presign(library, "traffic limit", key, traffic_limit=245760, expires_in=60)
    presign(library, "week", key, expires_in=604800)
    presign(library, "domain", key, endpoint="localhost", addressing=CUSTOM_DOMAIN)
    signed = [("Cache-Control", "no-cache"), ("Content-Type", "text/plain"), ("X-Oss-Meta-A", "b")]
    presign(library, "signed headers", key, headers=signed)


if __name__ == "__main__":
    main(*sys.argv[1:])
