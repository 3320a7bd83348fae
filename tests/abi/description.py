"""The binary interface of a header, as libabigail sees it.

Rust describes its own types in the debug information, not C's. So what is described is a library in
C that has the header's declarations and nothing else, compiled by GCC: every function returns
nothing or 0, and one more for each type and flag lets it be seen. That the real library has these
functions, with these types, is what the header's generator and the tests of it show.
"""

import pathlib
import subprocess
import tempfile

from header import GROWING, REDEFINED, Header, without_field


def stub(header):
    lines = ['#include "oss_presign.h"']
    for declaration in header.functions.values():
        nothing = declaration.startswith("void oss_")
        lines.append(f"{declaration} {{ {'' if nothing else 'return 0;'} }}")
    for kind, names in [("struct", header.structs), ("enum", header.enums)]:
        lines += [f"void type_{name}({kind} {name} *value) {{ (void)value; }}" for name in names]
    lines += [f"void type_{name}({name} value) {{ (void)value; }}" for name in header.callbacks]
    for name in header.constants:
        lines += [f"enum constant_{name} {{ value_{name} = {name} }};",
                  f"void type_{name}(enum constant_{name} value) {{ (void)value; }}"]
    return "\n".join([*lines, ""])


def describe(header):
    """The description, as XML."""
    with tempfile.TemporaryDirectory(prefix="oss-presign-abi-") as folder:
        folder = pathlib.Path(folder)
        (folder / "oss_presign.h").write_text(header.text, encoding="utf-8")
        (folder / "stub.c").write_text(stub(header), encoding="utf-8")
        subprocess.run(["gcc", "-g", "-gdwarf-4", "-shared", "-fPIC", "-o", "liboss_presign.so",
                        "stub.c"], cwd=folder, check=True)
        subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs",
                        "--type-id-style", "hash", "--out-file", "description.abi",
                        "liboss_presign.so"], cwd=folder, check=True)
        return (folder / "description.abi").read_text(encoding="utf-8")


def as_known_to(header, old):
    """The header without what was appended to the old one: fields at the end of structs that may
    grow, and enumerators. What is left must be the old one. (Functions are let pass by abidiff.)"""
    text = header.text
    for name in GROWING:
        for _, declaration in header.structs.get(name, [])[len(old.structs.get(name, [])):]:
            text = without_field(text, name, declaration)
    known = old.names()
    for name, body in header.enums.items():
        for enumerator, value in body:
            if name in old.enums and enumerator not in known:
                text = text.replace(f"  {enumerator} = {value},\n", "", 1)
    return Header(text)


def unseen(old, new):
    """Breaks that libabigail does not see: of macros, which no debug information has, and of what is
    appended with a number that already means something."""
    for name, definitions in old.macros.items():
        if name not in new.macros:
            yield f"{name} is gone"
        elif new.macros[name] != definitions and name not in REDEFINED:
            yield f"{name} is defined otherwise"
    for name, body in new.enums.items():
        used = {}
        for enumerator, value in body:
            if value in used:
                yield f"{enumerator} of {name} has the number of {used[value]}"
            used[value] = enumerator
    used = {}
    for name, value in new.constants.items():
        prefix = "_".join(name.split("_")[:2])
        if used.get(prefix, 0) & value:
            yield f"{name} has a bit of another {prefix} flag"
        used[prefix] = used.get(prefix, 0) | value


def breaks(old_description, old, new):
    """What a program compiled with the old header would trip over; "" if nothing."""
    found = "".join(f"{what}\n" for what in unseen(old, new))
    with tempfile.TemporaryDirectory(prefix="oss-presign-abi-") as folder:
        files = [pathlib.Path(folder) / name for name in ["old.abi", "new.abi"]]
        files[0].write_text(old_description, encoding="utf-8")
        files[1].write_text(describe(as_known_to(new, old)), encoding="utf-8")
        # --harmless: a renamed field breaks no program that runs, but each that is compiled anew.
        done = subprocess.run(["abidiff", "--harmless", "--no-added-syms", *files],
                              capture_output=True, text=True, check=False)
    if done.returncode & 3:
        raise SystemExit(f"abidiff: {done.stderr}{done.stdout}")
    return found + (done.stdout if done.returncode else "")
