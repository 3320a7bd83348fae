"""drift.py HEADER SOURCE-FOLDER SCRATCH -- CLANG...: the numbers of the wrapper cannot drift from those
of the C library: the sources compile with HEADER, and with no altered one."""

import pathlib
import re
import subprocess
import sys

header = pathlib.Path(sys.argv[1]).read_text()
sources = pathlib.Path(sys.argv[2])
scratch = pathlib.Path(sys.argv[3])
clang = sys.argv[5:]

# What becomes of the header, which source must notice, and what it must say.
ALTERED = [
    ("OSS_E_RANGE = 64,", "OSS_E_RANGE = 68,", "OSPError.m", "OSPErrorRange is not OSS_E_RANGE"),
    ("OSS_E_RANGE = 64,", "OSS_E_RANGE = 64, OSS_E_NEW = 68,", "OSPError.m",
     "enumeration value 'OSS_E_NEW' not handled in switch"),
    ("OSS_E_RANGE = 64,", "", "OSPError.m", "undeclared identifier 'OSS_E_RANGE'"),
    ("OSS_PHASE_DISK = 7,", "OSS_PHASE_DISK = 9,", "OSPError.m",
     "OSPPhaseDisk is not OSS_PHASE_DISK"),
    ("OSS_PHASE_VERIFY = 8,", "OSS_PHASE_VERIFY = 8, OSS_PHASE_NEW = 9,", "OSPError.m",
     "'OSS_PHASE_NEW' not handled in switch"),
    ("OSS_PROBLEM_PLAIN_HTTP = 17,", "OSS_PROBLEM_PLAIN_HTTP = 17, OSS_PROBLEM_NEW = 18,",
     "OSPURLInspection.m", "'OSS_PROBLEM_NEW' not handled in switch"),
    ("OSS_URL_AMZ_V4 = 3,", "OSS_URL_AMZ_V4 = 4,", "OSPURLInspection.m",
     "OSPURLStyleAmzV4 is not OSS_URL_AMZ_V4"),
    ("OSS_URL_SIGNS_HOST 16", "OSS_URL_SIGNS_HOST 64", "OSPURLInspection.m",
     "OSPURLFlagSignsHost is not OSS_URL_SIGNS_HOST"),
    ("OSS_VERIFIED_CRC64 = 2,", "OSS_VERIFIED_CRC64 = 2, OSS_VERIFIED_NEW = 3,",
     "OSPDownloadResult.m", "'OSS_VERIFIED_NEW' not handled in switch"),
    ("OSS_ADDRESSING_PATH = 1,", "OSS_ADDRESSING_PATH = 3,", "OSPPresigner.m",
     "OSPAddressingPath is not OSS_ADDRESSING_PATH"),
    ("OSS_ENDPOINT_INTERNAL = 1,", "OSS_ENDPOINT_INTERNAL = 5,", "OSPPresigner.m",
     "OSPEndpointInternal is not OSS_ENDPOINT_INTERNAL"),
]


def compile_with(text, source):
    scratch.mkdir(parents=True, exist_ok=True)
    (scratch / "oss_presign.h").write_text(text)
    command = [*clang, f"-I{scratch}", "-fsyntax-only", str(sources / source)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


for source in sorted({source for _, _, source, _ in ALTERED}):
    done = compile_with(header, source)
    assert done.returncode == 0, done.stderr
for old, new, source, message in ALTERED:
    assert len(re.findall(re.escape(old), header)) == 1, old
    done = compile_with(header.replace(old, new), source)
    assert done.returncode != 0, f"{source} does not notice {new!r}"
    assert message in done.stderr, f"{message!r} is not in\n{done.stderr}"
    print(next(line for line in done.stderr.splitlines() if message in line))
print(len(ALTERED), "alterations, none compiles")
