"""symbols.py NM HEADER LIBRARY [EXTRA]...: what the shared library exports is exactly what the
header declares, and EXTRA."""

import re
import subprocess
import sys


def declared(header):
    text = open(header, encoding="utf-8").read()
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    return set(re.findall(r"^OSS_PRESIGN_API\b[^;(]*?\b(\w+)\(", text, flags=re.M))


def exported(nm, library):
    command = [nm, "--dynamic", "--defined-only", library]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split("@")[0] for line in output.splitlines()}


def main():
    nm, header, library, *extra = sys.argv[1:]
    names = declared(header)
    if len(names) < 20 or "oss_presign_get" not in names:
        sys.exit(f"{header}: functions not understood: {sorted(names)}")
    want = names | set(extra)
    got = exported(nm, library)
    for name in sorted(want - got):
        print(f"not exported: {name}")
    for name in sorted(got - want):
        print(f"not in the header: {name}")
    print(f"{len(want & got)} functions exported as declared")
    sys.exit(want != got)


main()
