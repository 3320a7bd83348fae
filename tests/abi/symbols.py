"""symbols.py NM HEADER LIBRARY [+NAME]... [-PATTERN]...: what the shared library exports is exactly
what the header declares, with NAME and without what PATTERN fits."""

import fnmatch
import subprocess
import sys

import header


def exported(nm, library):
    command = [nm, "--dynamic", "--defined-only", library]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split("@")[0] for line in output.splitlines()}


def main():
    nm, path, library, *changes = sys.argv[1:]
    want = set(header.read(path).functions)
    for change in changes:
        if change[0] == "+":
            want.add(change[1:])
        else:
            gone = set(fnmatch.filter(want, change[1:]))
            if not gone:
                sys.exit(f"no function is like {change[1:]}")
            want -= gone
    got = exported(nm, library)
    for name in sorted(want - got):
        print(f"not exported: {name}")
    for name in sorted(got - want):
        print(f"not in the header: {name}")
    print(f"{len(want & got)} functions exported as declared")
    sys.exit(want != got)


main()
