"""documented.py HEADER-FOLDER -- CLANG...: everything that the public headers declare has a comment of
its own, and no public header knows the C library's."""

import json
import pathlib
import subprocess
import sys

KINDS = {
    "ObjCInterfaceDecl", "ObjCProtocolDecl", "ObjCMethodDecl", "ObjCPropertyDecl",
    "EnumConstantDecl", "VarDecl", "FunctionDecl", "TypedefDecl",
}

folder = pathlib.Path(sys.argv[1])
headers = sorted((folder / "OSSPresign").glob("*.h"))
for header in headers:
    text = header.read_text()
    assert "oss_presign.h" not in text, f"{header} includes the C header"
    umbrella = (folder / "OSSPresign" / "OSSPresign.h").read_text()
    if header.name not in ("OSSPresign.h", "OSPDefines.h"):
        assert f"<OSSPresign/{header.name}>" in umbrella, f"{header.name} is not in OSSPresign.h"

command = [*sys.argv[3:], "-fsyntax-only", "-Xclang", "-ast-dump=json",
           str(folder / "OSSPresign" / "OSSPresign.h")]
tree = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

file = ""
found = 0
missing = []


def place(location):
    """The file of a location: clang names it only where it changes."""
    global file
    for part in (location, location.get("spellingLoc", {}), location.get("expansionLoc", {})):
        file = part.get("file", file)
    return file


def walk(node):
    global found
    here = place(node.get("loc", {}))
    for end in ("begin", "end"):
        place(node.get("range", {}).get(end, {}))
    children = node.get("inner", [])
    ours = pathlib.Path(here).parent == folder / "OSSPresign"
    # An @class has nothing to say.
    plain = node["kind"] in KINDS and not node.get("isImplicit") and not (
        node["kind"] == "ObjCInterfaceDecl" and not children)
    if ours and plain:
        found += 1
        if not any(child.get("kind") == "FullComment" for child in children):
            missing.append(f"{here}: {node['kind']} {node.get('name')}")
    for child in children:
        if child:
            walk(child)


sys.setrecursionlimit(10000)
walk(tree)
for line in missing:
    print("not documented:", line)
assert found > 200, found
assert not missing
print(found, "declarations, all documented")
