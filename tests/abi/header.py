"""What include/oss_presign.h declares. The header is generated, so its form is regular; a name that
is not understood is an error, so nothing of it escapes the tests."""

import re

# Structs that the library or the caller measures, so that they may grow at the end.
GROWING = ["oss_presign_options", "oss_download_options", "oss_client_options", "oss_progress"]
# Macros that are no part of the binary interface.
MACROS = {"OSS_PRESIGN_H", "OSS_PRESIGN_API", "OSS_PRESIGN_DLL", "OSS_PRESIGN_MUST_USE",
          "OSS_OPTIONS_INIT", "OSS_PRESIGN_VERSION_MAJOR", "OSS_PRESIGN_VERSION_MINOR",
          "OSS_PRESIGN_VERSION_PATCH", "OSS_PRESIGN_ABI_VERSION"}
# Those of them whose definition may change.
REDEFINED = {"OSS_PRESIGN_API", "OSS_PRESIGN_MUST_USE", "OSS_PRESIGN_VERSION_MAJOR",
             "OSS_PRESIGN_VERSION_MINOR", "OSS_PRESIGN_VERSION_PATCH"}


class Header:
    """functions: name -> declaration; structs: name -> [(field, declaration)];
    enums: name -> [(enumerator, value)]; callbacks: name -> declaration; constants: name -> value;
    macros: name -> definitions; opaque: names."""

    def __init__(self, text):
        self.text = text
        code = re.sub(r"/\*.*?\*/", "", re.sub(r"//[^\n]*", "", text), flags=re.S)
        self.functions = {
            re.search(r"(\w+)\(", declaration)[1]: " ".join(declaration.split())
            for declaration in re.findall(
                r"^OSS_PRESIGN_API\s+(?:OSS_PRESIGN_MUST_USE\s+)?([^;]*);", code, re.M)}
        self.structs = {
            name: [(re.search(r"(\w+)$", field)[1], field)
                   for field in (" ".join(field.split()) for field in body.split(";"))
                   if field]
            for name, body in re.findall(r"^typedef struct (\w+) \{(.*?)^\} \1;", code, re.M | re.S)}
        self.enums = {
            name: [(enumerator, int(value))
                   for enumerator, value in re.findall(r"(\w+) = (\d+),", body)]
            for name, body in re.findall(r"^typedef enum (\w+) \{(.*?)^\} \1;", code, re.M | re.S)}
        self.callbacks = {
            re.search(r"\(\*(\w+)\)", declaration)[1]: " ".join(declaration.split())
            for declaration in re.findall(r"^typedef (\w+ \(\*[^;]*);", code, re.M)}
        self.constants = {name: int(value) for name, value in
                          re.findall(r"^#define (OSS_\w+) (\d+)$", code, re.M) if name not in MACROS}
        self.macros = {}
        for name, definition in re.findall(r"^#define (OSS_\w+)(.*)$",
                                           code.replace("\\\n", " "), re.M):
            self.macros.setdefault(name, []).append(" ".join(definition.split()))
        self.opaque = re.findall(r"^typedef struct (\w+) \1;", code, re.M)
        self.version = ".".join(
            re.search(rf"^#define OSS_PRESIGN_VERSION_{part} (\d+)$", text, re.M)[1]
            for part in ["MAJOR", "MINOR", "PATCH"])
        unknown = set(re.findall(r"\b(?:oss|OSS)_\w+", code)) - self.names() - MACROS
        if unknown or not self.functions:
            raise SystemExit(f"the header has names that are not understood: {sorted(unknown)}")

    def names(self):
        """Every name, but those of fields."""
        enumerators = [name for body in self.enums.values() for name, _ in body]
        return {*self.functions, *self.structs, *self.enums, *enumerators, *self.callbacks,
                *self.constants, *self.opaque}


def without_field(text, struct, declaration):
    """The header's text without a field of a struct."""
    start = text.index(f"typedef struct {struct} {{")
    line = f"  {declaration};\n"
    at = text.index(line, start)
    return text[:at] + text[at + len(line):]


def read(path):
    with open(path, encoding="utf-8") as file:
        return Header(file.read())
