"""coverage.py C_HEADER WRAPPER_FOLDER: the C++ wrapper says all that the C header says, and knows
nothing else of the library."""

import pathlib
import re
import sys

# Functions that C++ uses as they are.
PLAIN = {"oss_presign_version", "oss_presign_abi_version"}
# Where the fields of a struct are read or written.
PLACES = {
    "oss_presign_options": ("presign.hpp", r"\bout\.{} ?="),
    "oss_download_options": ("download.hpp", r"\bout\.{} ?="),
    "oss_client_options": ("client.hpp", r"\bout\.{} ?="),
    "oss_progress": ("download.hpp", r"\bfrom->{}\b"),
}
# The kinds of result that the comment of an accessor names before a colon, and the class of each.
CLASSES = {"presign": "presigned_url", "download": "downloaded", "inspection": "inspection"}
# What is said of every result, and worth knowing of one that succeeded.
ON_SUCCESS = {("downloaded", "oss_result_http_status"), ("downloaded", "oss_result_request_id")}

header = pathlib.Path(sys.argv[1]).read_text()
files = {path.name: re.sub(r"//.*", "", path.read_text())
         for path in pathlib.Path(sys.argv[2]).rglob("*.hpp")}
code = "\n".join(files.values())

functions = set(re.findall(r"\b(oss_\w+)\s*\((?:const|struct|void|int|size|uint)", header)) - PLAIN
flags = set(re.findall(r"^#define (OSS_(?:PRESIGN|DOWNLOAD|URL)_\w+) \d+$", header, re.M))
flags = {flag for flag in flags if "VERSION" not in flag}
fields = {}
for body, name in re.findall(r"typedef struct oss_\w+ \{(.*?)\n\} (oss_\w+);", header, re.S):
    if name != "oss_pair":
        fields[name] = set(re.findall(r"\b(\w+);$", body, re.M)) - {"struct_size", "reserved"}
assert len(functions) > 30 and len(flags) >= 4 and fields.keys() == PLACES.keys(), (functions, flags, fields)

missing = [name for name in sorted(functions | flags) if not re.search(rf"\b{name}\b", code)]
for name, wanted in fields.items():
    file, access = PLACES[name]
    missing += [f"{name}.{field}" for field in sorted(wanted)
                if not re.search(access.format(field), files[file])]

# Accessors: of the kinds of result they are for; all others are of an error, which take makes.
bodies = {name: re.search(rf"^class {name} \{{.*?^\}};", code, re.M | re.S)[0]
          for name in CLASSES.values()}
bodies["error"] = re.search(r"^result<T> take\(.*?^\}", code, re.M | re.S)[0]
accessors = set(ON_SUCCESS)
for comment, name in re.findall(
        r"((?:^///.*\n)+)OSS_PRESIGN_API[\w\s*]*?\b(oss_result_(?!free)\w+)\(", header, re.M):
    text = " ".join(comment.replace("///", "").split())
    labels = " ".join(re.findall(r"(?:^|\. )((?:Presign|Download|Inspection)[a-z ]*):", text)).lower()
    kinds = [owner for kind, owner in CLASSES.items() if kind in labels.split()]
    accessors |= {(owner, name) for owner in kinds or ["error"]}
assert {name for _, name in accessors} == {
    name for name in functions if re.match("oss_result_(?!free)", name)}, accessors
missing += [f"{name} in {owner}" for owner, name in sorted(accessors)
            if not re.search(rf"\b{name}\(", bodies[owner])]
assert not missing, f"the wrapper lacks {', '.join(missing)}"

for file, text in files.items():
    for include in re.findall(r"#include (\S+)", text):
        known = re.fullmatch(r"<(\w+|oss_presign\.h|oss_presign/\w+\.hpp)>", include)
        assert known, f"{file} includes {include}"
count = len(functions) + len(flags) + sum(map(len, fields.values()))
print(f"{len(accessors)} accessors are in the classes that they are for")
print(f"{count} functions, flags and fields of the C header are in the wrapper")
