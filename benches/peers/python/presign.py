"""Measures ns per presigned GetObject URL for the official Python SDK (V2)."""

import argparse
import datetime
import statistics
import sys
import time

import alibabacloud_oss_v2 as oss
from alibabacloud_oss_v2._version import VERSION

MIN_WARM_UP_NS = 500_000_000


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def presign(client):
    # The SDK writes x-oss-expires=899: it takes the clock a second time when
    # signing and rounds the difference down. The work is the same.
    return client.presign(
        oss.GetObjectRequest(bucket="examplebucket", key="dir/object.txt"),
        expires=datetime.timedelta(seconds=900),
    ).url


def run(client, iterations):
    start = time.perf_counter_ns()
    for _ in range(iterations):
        presign(client)
    return time.perf_counter_ns() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=positive, default=15)
    parser.add_argument("--iterations", type=positive, default=2000)
    args = parser.parse_args()

    config = oss.config.load_default()
    config.region = "cn-hangzhou"
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(
        "LTAI5tFakeAccessKeyId001", "FakeSecretForTestsOnly0123456789"
    )
    client = oss.Client(config)

    print("python-sdk-v2", presign(client), file=sys.stderr, flush=True)
    warm = 0
    while warm < MIN_WARM_UP_NS:
        warm += run(client, args.iterations)

    samples = [run(client, args.iterations) / args.iterations for _ in range(args.rounds)]
    # "-": allocations are not counted.
    print(
        f"python-sdk-v2 {VERSION} {statistics.median(samples):.0f}"
        f" {min(samples):.0f} {max(samples):.0f} -"
    )


if __name__ == "__main__":
    main()
