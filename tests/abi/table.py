"""table.py HEADER ABI.MD [--write]: the tables of ABI.md are those of the header.

What is new gets the header's version as "since"; nothing that is there loses its own.
"""

import pathlib
import re
import sys

import header

START = "<!-- tables: written by tests/abi/table.py -->\n"
BASELINE = pathlib.Path(__file__).parent / "baseline" / "oss_presign.h"


def rows(now):
    """(section, heading of the columns, [(name, detail)])."""
    yield "Functions", "function", [(name, "") for name in now.functions]
    for name, fields in now.structs.items():
        grows = " (grows at the end)" if name in header.GROWING else " (never changes)"
        yield (f"`{name}`{grows}", "field | type",
               [(field, declaration.removesuffix(field).strip()) for field, declaration in fields])
    for name, enumerators in now.enums.items():
        yield f"`{name}`", "enumerator | value", [(e, str(value)) for e, value in enumerators]
    yield "Flags", "flag | value", [(name, str(value)) for name, value in now.constants.items()]
    yield "Callbacks", "callback | type", list(now.callbacks.items())
    yield "Opaque types", "type", [(name, "") for name in now.opaque]


def known(text):
    """(section, name) -> since, of the tables that are there."""
    found, section = {}, None
    for line in text.splitlines():
        if line.startswith("### "):
            section = line[4:].split(" (")[0]
        row = re.fullmatch(r"\| `(\w+)` \|(?:.* \|)? (\d+\.\d+\.\d+) \|", line)
        if row:
            found[section, row[1]] = row[2]
    return found


def tables(now, since):
    lines = []
    for section, columns, entries in rows(now):
        columns = f"| {columns} | since |"
        lines += ["", f"### {section}", columns, re.sub(r"[^|]+", "---", columns)]
        for name, detail in entries:
            version = since.get((section.split(" (")[0], name), now.version)
            cells = [f"`{name}`", *([f"`{detail}`"] if detail else []), version]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def number(version):
    return [int(part) for part in version.split(".")]


def main():
    path, document, *options = sys.argv[1:]
    now, released = header.read(path), header.read(BASELINE)
    text = pathlib.Path(document).read_text(encoding="utf-8")
    before, start, there = text.partition(START)
    since = known(there)
    wanted = before + START + tables(now, since)
    if options == ["--write"]:
        pathlib.Path(document).write_text(wanted, encoding="utf-8")
    elif not start or text != wanted:
        for line in set(wanted.splitlines()) ^ set(text.splitlines()):
            print(line)
        sys.exit(f"{document} does not have the header's tables: tests/abi/table.py writes them")
    # What the last release had is no newer than that release; all else is newer, or of this version.
    old = {(section.split(" (")[0], name) for section, _, entries in rows(released)
           for name, _ in entries}
    for entry, version in known(wanted).items():
        older = number(version) <= number(released.version)
        if older != (entry in old) and (entry in old or version != now.version):
            sys.exit(f"{entry[1]} is not since {version}: {released.version} "
                     f"{'had' if entry in old else 'did not have'} it")
    names = known(wanted)
    if len(names) != sum(len(entries) for *_, entries in rows(now)):
        sys.exit("the tables are not read as they were written")
    print(f"{len(names)} names as the header has them")


main()
