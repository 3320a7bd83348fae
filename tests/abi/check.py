"""check.py HEADER [--release]: the header breaks nothing that the last release promised.

With --release: makes the header the one of the last release, which programs rely on from now on.
"""

import pathlib
import sys

import description
import header

BASELINE = pathlib.Path(__file__).parent / "baseline"


def main():
    path = sys.argv[1]
    now = header.read(path)
    if sys.argv[2:] == ["--release"]:
        BASELINE.mkdir(exist_ok=True)
        (BASELINE / "oss_presign.h").write_text(now.text, encoding="utf-8")
        (BASELINE / "oss_presign.abi").write_text(description.describe(now), encoding="utf-8")
    promised = header.read(BASELINE / "oss_presign.h")
    text = (BASELINE / "oss_presign.abi").read_text(encoding="utf-8")
    if description.breaks(text, promised, promised):
        sys.exit("the baseline's description is not that of its header")
    broken = description.breaks(text, promised, now)
    if broken:
        sys.exit(f"breaks programs compiled with {promised.version}:\n{broken}")
    print(f"{len(promised.functions)} functions as in {promised.version}, "
          f"{len(now.functions) - len(promised.functions)} more")


main()
