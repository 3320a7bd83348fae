"""symbols.py NM HEADER LIBRARY [+NAME | ABI.MD]: what the shared library exports is exactly what the
header declares, and NAME; or, for presigning only, without what ABI.MD says that such a one lacks."""

import pathlib
import re
import subprocess
import sys

import header


def exported(nm, library):
    command = [nm, "--dynamic", "--defined-only", library]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split("@")[0] for line in output.splitlines()}


def lacking(document, functions):
    """Those of the functions that a library for presigning only lacks."""
    text = pathlib.Path(document).read_text(encoding="utf-8")
    sentence = re.search(r"^- A library that was built for presigning only (.*?):", text, re.M | re.S)
    names = re.findall(r"`(oss_\w+)`", sentence[1])
    for name in names:
        # What ends so is the start of several.
        fits = {function for function in functions
                if function == name or name.endswith("_") and function.startswith(name)}
        if not fits:
            sys.exit(f"{document}: no function is like {name}")
        yield from fits


def main():
    nm, path, library, *changes = sys.argv[1:]
    want = set(header.read(path).functions)
    for change in changes:
        if change[0] == "+":
            want.add(change[1:])
        else:
            want -= set(lacking(change, want))
    got = exported(nm, library)
    for name in sorted(want - got):
        print(f"not exported: {name}")
    for name in sorted(got - want):
        print(f"not in the header: {name}")
    print(f"{len(want & got)} functions exported as declared")
    sys.exit(want != got)


main()
