"""proof.py HEADER: the comparison with the last release sees each kind of break, and lets pass what
is appended."""

import sys

import description
import header

FIELD = "  const char *process;\n"
LAST = "  uint32_t flags;\n} oss_download_options;"
CODE = "  OSS_E_NOT_FOUND = 62,\n"
FLAG = "#define OSS_DOWNLOAD_NO_SYNC 2\n"
ETAG = "OSS_PRESIGN_API const char *oss_result_etag(const struct oss_result *result);\n"
INIT = """#define OSS_OPTIONS_INIT(options) \\
  ((void)(memset((options), 0, sizeof *(options)), (options)->struct_size = sizeof *(options)))
"""
VERSION = "OSS_PRESIGN_API const char *oss_presign_version(void);\n"

# What is done -> what is replaced, by what, and so on.
BREAKS = {
    "a field removed": (FIELD, ""),
    "the last field removed": (LAST, "} oss_download_options;"),
    "a field inserted": (FIELD, "  const char *inserted;\n" + FIELD),
    "a field renamed": (FIELD, "  const char *processing;\n"),
    "fields swapped": ("char *endpoint;", "char *other;", "char *access_key_id;",
                       "char *endpoint;", "char *other;", "char *access_key_id;"),
    "a field that gets another sign": ("  int32_t retries;", "  uint32_t retries;"),
    "a field that gets longer": ("  uint32_t connections;", "  uint64_t connections;"),
    "a field appended where arrays are made": ("} oss_pair;", "  int more;\n} oss_pair;"),
    "a function removed": (ETAG, ""),
    "a parameter added": ("oss_code_name(int32_t code)", "oss_code_name(int32_t code, int more)"),
    "a parameter that gets longer": ("oss_code_name(int32_t", "oss_code_name(int64_t"),
    "another return type": ("int64_t oss_result_expires_at", "int32_t oss_result_expires_at"),
    "a callback that is called otherwise": ("const uint8_t *data, size_t length)",
                                            "const uint8_t *data, uint32_t length)"),
    "an enumerator removed": (CODE, ""),
    "an enumerator with another value": (CODE, "  OSS_E_NOT_FOUND = 162,\n"),
    "a value removed that only options have": ("  OSS_ENDPOINT_INTERNAL = 1,\n", ""),
    "a flag removed": (FLAG, ""),
    "a flag with another value": (FLAG, "#define OSS_DOWNLOAD_NO_SYNC 1024\n"),
    "an enumerator with a number that is used": (CODE, CODE + "  OSS_E_MORE = 63,\n"),
    "a flag with a number that is used": (FLAG, FLAG + "#define OSS_DOWNLOAD_MORE 4\n"),
    "a flag with a bit that is used": (FLAG, FLAG + "#define OSS_DOWNLOAD_MORE 1028\n"),
    "a macro removed": (INIT, ""),
    "a macro defined otherwise": ("(memset((options), 0,", "(memset((options), 1,"),
    "another version of the ABI": ("define OSS_PRESIGN_ABI_VERSION ", "define OSS_PRESIGN_ABI_VERSION 1"),
}
APPENDS = {
    "nothing": (),
    "a field": (LAST, LAST.replace("}", "  const char *more;\n}")),
    "a field of progress": ("} oss_progress;", "  uint64_t more;\n} oss_progress;"),
    "a function": (VERSION, VERSION + "OSS_PRESIGN_API int32_t oss_more(const char *text);\n"),
    "an enumerator": (CODE, CODE + "  OSS_E_MORE = 1000,\n"),
    "a flag": (FLAG, FLAG + "#define OSS_DOWNLOAD_MORE 1024\n"),
    "a flag with a number of other flags": (FLAG, FLAG + "#define OSS_DOWNLOAD_MORE 32\n"),
    "a version": ("define OSS_PRESIGN_VERSION_PATCH ", "define OSS_PRESIGN_VERSION_PATCH 1"),
    "an enum": ("typedef struct oss_pair {",
                "typedef enum oss_more {\n  OSS_MORE_ONE = 0,\n} oss_more;\n\n"
                "typedef struct oss_pair {"),
    "a struct": ("typedef struct oss_pair {",
                 "typedef struct oss_more {\n  int32_t one;\n} oss_more;\n\ntypedef struct oss_pair {"),
}


def changed(text, pairs):
    for old, new in zip(pairs[::2], pairs[1::2]):
        if old not in text:
            sys.exit(f"not in the header: {old!r}")
        text = text.replace(old, new, 1)
    return text


def main():
    now = header.read(sys.argv[1])
    before = description.describe(now)
    wrong = []
    for what, replacement in {**BREAKS, **APPENDS}.items():
        new = header.Header(changed(now.text, replacement))
        if replacement and new.text == now.text:
            sys.exit(f"{what}: nothing was changed")
        broken = bool(description.breaks(before, now, new))
        should = what in BREAKS
        print(f"{'breaks' if broken else 'passes'}: {what}{'' if should else ', appended'}")
        if broken != should:
            wrong.append(what)
    if wrong:
        sys.exit(f"wrong: {wrong}")
    print(f"{len(BREAKS)} breaks seen, {len(APPENDS)} additions let pass")


main()
