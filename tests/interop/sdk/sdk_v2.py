#!/usr/bin/env python3
"""The Python SDK V2 puts, gets, heads and deletes at the emulator, and prints presigned URLs."""
import datetime
import hashlib
import json
import sys

import alibabacloud_oss_v2 as oss

BUCKET = "examplebucket"
# No dot segments: the SDK's HTTP client resolves them, after the SDK has signed.
KEYS = ["python/object.txt", "a b+c%/中文/😀.txt", "a//b~!'()*;:@&=$,?#[]", "x" * 1023]


def client(endpoint, *credentials):
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(*credentials)
    config.region = "cn-hangzhou"
    config.endpoint = f"http://{endpoint}"
    config.retry_max_attempts = 1
    return oss.Client(config)


def content(key):
    return f"python sdk, {key}".encode() * 100


def ordinary(sdk, key):
    """Requests signed in the Authorization header; returns the version id."""
    put = sdk.put_object(
        oss.PutObjectRequest(
            bucket=BUCKET,
            key=key,
            body=content(key),
            content_type="text/plain",
            metadata={"color": "blue"},
        )
    )
    got = sdk.get_object(oss.GetObjectRequest(bucket=BUCKET, key=key))
    body = got.body.read()
    head = sdk.head_object(oss.HeadObjectRequest(bucket=BUCKET, key=key))
    part = sdk.get_object(
        oss.GetObjectRequest(
            bucket=BUCKET, key=key, range_header="bytes=7-99", range_behavior="standard"
        )
    )
    assert body == content(key), "get is not what was put"
    assert part.body.read() == content(key)[7:100], "range"
    assert head.content_length == len(body) and head.metadata["color"] == "blue", "head"
    assert put.etag == got.etag == head.etag, "etag"
    assert put.hash_crc64 == got.hash_crc64 == head.hash_crc64, "crc64"
    assert put.version_id == head.version_id, "version id"
    return put.version_id


def refused(sdk):
    """Errors arrive in the SDK with code, status and request id."""
    none = {"bucket": BUCKET, "key": "none"}
    stranger = {"bucket": "no-bucket", "key": "none"}
    wrong_md5 = {**none, "body": b"x", "content_md5": "1B2M2Y8AsgTpgAmY7PhCfg=="}
    for call, request, code, status in [
        (sdk.get_object, oss.GetObjectRequest(**none), "NoSuchKey", 404),
        (sdk.head_object, oss.HeadObjectRequest(**none), "NoSuchKey", 404),
        (sdk.get_object, oss.GetObjectRequest(**stranger), "NoSuchBucket", 404),
        (sdk.put_object, oss.PutObjectRequest(**wrong_md5), "InvalidDigest", 400),
    ]:
        try:
            call(request)
        except oss.exceptions.OperationError as error:
            cause = error.unwrap()
            assert (cause.code, cause.status_code) == (code, status), cause
            assert cause.request_id, cause
        else:
            raise AssertionError(f"{code} expected")


def presign(sdk, name, key, expires=600, **fields):
    request = oss.GetObjectRequest(bucket=BUCKET, key=key, **fields)
    result = sdk.presign(request, expires=datetime.timedelta(seconds=expires))
    line = {
        "name": f"{name} {key[:40]}",
        "url": result.url,
        "headers": dict(result.signed_headers or {}),
        "sha256": hashlib.sha256(content(key)).hexdigest(),
    }
    print(json.dumps(line), flush=True)


def main(endpoint):
    sdk = client(endpoint, "id", "secret")
    sts = client(endpoint, "sts-id", "sts-secret", "sts/token+=")
    refused(sdk)
    for key in KEYS:
        ordinary(sdk, key)
    ordinary(sts, "python/sts.txt")
    sdk.delete_object(oss.DeleteObjectRequest(bucket=BUCKET, key="python/sts.txt"))
    assert not sdk.is_object_exist(BUCKET, "python/sts.txt")
    for key in KEYS:
        presign(sdk, "plain", key)
        presign(sts, "sts", key)
    key = "python/versions.txt"
    older = ordinary(sdk, key)
    sdk.put_object(oss.PutObjectRequest(bucket=BUCKET, key=key, body=b"newer"))
    presign(sdk, "version", key, version_id=older)
    key = KEYS[1]
    disposition = 'attachment; filename="ü +.txt"'
    presign(sdk, "disposition", key, response_content_disposition=disposition)
    presign(sdk, "payer", key, request_payer="requester")
    presign(sdk, "traffic limit", key, traffic_limit=245760, expires=60)
    presign(sdk, "week", key, expires=604800)


if __name__ == "__main__":
    main(sys.argv[1])
