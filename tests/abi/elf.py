"""elf.py READELF HEADER LIBRARY: the shared library as it is installed is what a distribution wants:
named by its ABI version, hardened, and without debug information, which lies beside it."""

import pathlib
import re
import subprocess
import sys
import zlib

PAGE = 16 * 1024
# What every Linux with glibc has.
NEEDED = r"lib(c|m|gcc_s|pthread|dl|rt|util)\.so\.\d+|ld-linux.*\.so\.\d+"

failures = []


def check(rule, holds, seen=""):
    print(f"{'ok' if holds else 'FAILED'}: {rule}{'' if holds else f': {seen}'}")
    if not holds:
        failures.append(rule)


def readelf(*arguments):
    # A section that is dumped as text may have more than text in it.
    return subprocess.run([READELF, "--wide", *arguments], check=True, capture_output=True,
                          text=True, errors="replace").stdout


def dynamic(library):
    """The dynamic section: name of the tag -> its values."""
    tags = {}
    for name, value in re.findall(r"^\s*0x[0-9a-f]+ \((\w+)\)\s+(.*)$",
                                  readelf("--dynamic", library), re.M):
        tags.setdefault(name, []).append(value)
    return tags


def segments(library):
    """(type, flags, alignment) of each segment."""
    found = re.findall(r"^\s+(\w+)\s+0x\w+ 0x\w+ 0x\w+ 0x\w+ 0x\w+ ([RWE ]{3}) +(?:0x)?(\w+)$",
                       readelf("--segments", library), re.M)
    return [(kind, flags, int(alignment, 16)) for kind, flags, alignment in found]


def sections(file):
    return set(re.findall(r"^\s+\[ *\d+\] (\.\S+)", readelf("--sections", file), re.M))


def build_id(file):
    return re.findall(r"Build ID: (\w+)", readelf("--notes", file))


def hardened(library, tags):
    parts = segments(library)
    loaded = [part for part in parts if part[0] == "LOAD"]
    check("segments lie on pages of 16 KiB",
          loaded and all(alignment % PAGE == 0 for *_, alignment in loaded), loaded)
    check("no segment is writable and executable",
          not [part for part in parts if {"W", "E"} <= set(part[1])], parts)
    stack = [flags for kind, flags, _ in parts if kind == "GNU_STACK"]
    check("the stack is not executable", len(stack) == 1 and "E" not in stack[0], stack)
    flags = " ".join(tags.get("FLAGS", []) + tags.get("FLAGS_1", []))
    relocated = [part for part in parts if part[0] == "GNU_RELRO"]
    check("full RELRO", len(relocated) == 1 and "NOW" in flags.split(),
          (relocated, flags))
    check("no text relocation", "TEXTREL" not in tags and "TEXTREL" not in flags, tags)
    check("no search path", not {"RPATH", "RUNPATH"} & set(tags), tags)
    check("never unloaded", "NODELETE" in flags, flags)


def split(library):
    here = sections(library)
    check("no debug information",
          not [name for name in here if name.startswith(".debug") or name == ".symtab"], here)
    debug = library.with_name(library.name + ".debug")
    link = readelf("--string-dump=.gnu_debuglink", library)
    check("says where it is", f"]  {debug.name}" in link, link)
    # After the name and its padding: the CRC-32 of the file.
    dump = re.findall(r"^  0x\w+ ((?:\w+ )+)", readelf("--hex-dump=.gnu_debuglink", library), re.M)
    crc = int.from_bytes(bytes.fromhex("".join(dump).replace(" ", ""))[-4:], "little")
    check("and that is the right file", crc == zlib.crc32(debug.read_bytes()), hex(crc))
    check("with the same build id", build_id(library) == build_id(debug) != [], build_id(library))
    there = sections(debug)
    check("which has lines and symbols", {".debug_line", ".symtab"} <= there, there)
    symbols = readelf("--symbols", debug)
    address = re.search(r"([0-9a-f]+) +\d+ FUNC .* oss_presign_get$", symbols, re.M)
    lines = subprocess.run(["addr2line", "--exe", debug, address[1]], capture_output=True,
                           text=True, check=True).stdout
    check("of our sources", "src/ffi/presign.rs:" in lines, lines)


def main():
    global READELF
    READELF, header, library = sys.argv[1:]
    library = pathlib.Path(library)
    text = pathlib.Path(header).read_text(encoding="utf-8")
    abi = re.search(r"^#define OSS_PRESIGN_ABI_VERSION (\d+)$", text, re.M)[1]
    tags = dynamic(library)
    name = re.findall(r"\[(.*)\]", tags["SONAME"][0])
    check("the SONAME ends in the ABI version", name == [f"liboss_presign.so.{abi}"], name)
    needed = [re.search(r"\[(.*)\]", value)[1] for value in tags["NEEDED"]]
    check("nothing is needed but the C library",
          all(re.fullmatch(NEEDED, name) for name in needed), needed)
    hardened(library, tags)
    split(library)
    sys.exit(len(failures))


main()
