#!/usr/bin/env python3
"""Our library, through its C ABI, presigns what the Python SDK presigns; prints the URLs."""
import ctypes
import hashlib
import json
import sys

import sdk_v2

TEXTS = """region bucket key endpoint access_key_id access_key_secret security_token version_id process
    response_cache_control response_content_disposition response_content_encoding
    response_content_language response_content_type response_expires range_behavior request_payer
    cloud_box_id""".split()
CUSTOM_DOMAIN, HTTP = 2, 1


class Pair(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("value", ctypes.c_char_p)]


class Options(ctypes.Structure):
    """oss_presign_options"""

    _fields_ = (
        [("struct_size", ctypes.c_size_t)]
        + [(name, ctypes.c_char_p) for name in TEXTS]
        + [("query", ctypes.POINTER(Pair)), ("query_len", ctypes.c_size_t)]
        + [("headers", ctypes.POINTER(Pair)), ("headers_len", ctypes.c_size_t)]
        + [(n, ctypes.c_int64) for n in ("expires_in", "expires_at", "signing_time", "traffic_limit")]
        + [(n, ctypes.c_uint32) for n in ("addressing", "endpoint_kind", "flags", "reserved")]
    )


def load(path):
    library = ctypes.CDLL(path)
    library.oss_presign_get.restype = ctypes.c_void_p
    library.oss_result_header_count.restype = ctypes.c_size_t
    for name in ("url", "message", "header_name", "header_value"):
        getattr(library, f"oss_result_{name}").restype = ctypes.c_char_p
    return library


def presign(library, name, key, headers=(), **fields):
    """Prints a URL as mutate.py wants it."""
    options = Options(struct_size=ctypes.sizeof(Options), region=b"cn-hangzhou", flags=HTTP)
    given = {"bucket": sdk_v2.BUCKET, "key": key, "access_key_id": "id", **fields}
    given.setdefault("access_key_secret", "secret")
    for field, value in given.items():
        setattr(options, field, value.encode() if isinstance(value, str) else value)
    pairs = [Pair(header.encode(), value.encode()) for header, value in headers]
    options.headers, options.headers_len = (Pair * len(pairs))(*pairs), len(pairs)
    result = ctypes.c_void_p(library.oss_presign_get(ctypes.byref(options)))
    url = library.oss_result_url(result).decode()
    assert url, library.oss_result_message(result).decode()
    signed = {
        library.oss_result_header_name(result, ctypes.c_size_t(i)).decode():
        library.oss_result_header_value(result, ctypes.c_size_t(i)).decode()
        for i in range(library.oss_result_header_count(result))
    }
    library.oss_result_free(result)
    content = hashlib.sha256(sdk_v2.content(key)).hexdigest()
    line = {"name": f"{name} {key[:40]}", "url": url, "headers": signed, "sha256": content}
    print(json.dumps(line), flush=True)


def main(endpoint, path):
    library = load(path)
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
