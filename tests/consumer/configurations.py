"""What CMake says to the options: which fit together, and what pkg-config says of each target."""

import re
import shutil
import subprocess
import sys

TESTS_NEED_BOTH = 'OSS_PRESIGN_BUILD_TESTS=ON needs OSS_PRESIGN_KINDS="static;shared"'
OBJC_NEEDS = 'OSS_PRESIGN_BUILD_OBJC=ON needs OSS_PRESIGN_DOWNLOAD=ON and "static" in'
REFUSED = [
    (["KINDS=dynamic"], 'OSS_PRESIGN_KINDS is "dynamic"; it can be "static", "shared" or'),
    (["KINDS="], 'OSS_PRESIGN_KINDS is ""; it can be "static", "shared" or'),
    (["KINDS=static;dynamic"], 'OSS_PRESIGN_KINDS is "static;dynamic"; it can be'),
    (["KINDS=static", "BUILD_TESTS=ON"], TESTS_NEED_BOTH),
    (["KINDS=shared", "BUILD_TESTS=ON"], TESTS_NEED_BOTH),
    (["KINDS=shared", "BUILD_OBJC=ON"], OBJC_NEEDS),
    (["DOWNLOAD=OFF", "BUILD_OBJC=ON"], OBJC_NEEDS),
    (["BUILD_EXAMPLES=OFF", "BUILD_OBJC=ON"],
     "OSS_PRESIGN_BUILD_OBJC=ON needs OSS_PRESIGN_BUILD_EXAMPLES=ON for its tests"),
    (["INSTALL=OFF", "BUILD_TESTS=ON"],
     "OSS_PRESIGN_BUILD_TESTS=ON needs OSS_PRESIGN_INSTALL=ON: what is installed is tested"),
    (["DOWNLOAD=OFF", "BUILD_TESTS=ON"],
     "OSS_PRESIGN_BUILD_TESTS=ON needs OSS_PRESIGN_DOWNLOAD=ON"),
    (["DOWNLOAD=OFF", "BUILD_EXAMPLES=ON"],
     "OSS_PRESIGN_BUILD_EXAMPLES=ON needs OSS_PRESIGN_DOWNLOAD=ON"),
    (["BUILD_TESTS=OFF", "BUILD_SANITIZE=ON"],
     "OSS_PRESIGN_BUILD_SANITIZE=ON needs OSS_PRESIGN_BUILD_TESTS=ON"),
    (["KINDS=static", "BUILD_SANITIZE=ON"],
     "OSS_PRESIGN_BUILD_SANITIZE=ON needs OSS_PRESIGN_BUILD_TESTS=ON"),
    (["RUST_TARGET=sparcv9-sun-solaris", "BUILD_TESTS=OFF"], "Set OSS_PRESIGN_NATIVE_LIBRARIES"),
]

HERE_NEEDED = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc"
# Options, which programs are built, and what pkg-config says besides for the static library: as
# rustc 1.96 prints it, each once.
TAKEN = [
    ([], "tests examples", HERE_NEEDED),
    (["KINDS=shared;static"], "tests examples", HERE_NEEDED),
    (["KINDS=static"], "examples", HERE_NEEDED),
    (["INSTALL=OFF"], "examples", None),
    (["KINDS=shared"], "examples", ""),
    (["DOWNLOAD=OFF"], "", HERE_NEEDED),
    (["NATIVE_LIBRARIES=-lc;-framework;Security;-framework;Network;z", "BUILD_TESTS=OFF"], "examples",
     "-lc -framework Security -framework Network -lz"),
] + [
    ([f"RUST_TARGET={target}", "BUILD_TESTS=OFF"], "examples", needed) for target, needed in [
        ("aarch64-unknown-linux-gnu", HERE_NEEDED),
        ("x86_64-unknown-linux-musl", "-lunwind -lc"),
        ("aarch64-linux-android", "-ldl -llog -lunwind -lm -lc"),
        ("armv7-linux-androideabi", "-ldl -llog -lunwind -lm -lc"),
        ("aarch64-apple-darwin", "-liconv -lSystem -lc -lm"),
        ("aarch64-apple-ios", "-liconv -lSystem -lc -lm"),
    ]
]


def configure(root, build, options):
    shutil.rmtree(build, ignore_errors=True)
    done = subprocess.run(
        ["cmake", "-S", root, "-B", build, "-G", "Ninja",
         *(f"-DOSS_PRESIGN_{option}" for option in options)], capture_output=True, text=True)
    # CMake breaks lines where it likes.
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def check(root, build):
    """How many configurations were as they should be; all of them, or the program ends."""
    for options, message in REFUSED:
        name = "configure " + " ".join(options)
        code, said = configure(root, build, options)
        if code == 0 or message not in said or said.count("CMake Error") != 1:
            sys.exit(f"{name}: {code}, not {message!r}\n{said}")
        print(f"ok: {name}, refused")
    for options, programs, needed in TAKEN:
        name = "configure " + " ".join(options)
        code, said = configure(root, build, options)
        if code:
            sys.exit(f"{name}: {code}\n{said}")
        built = " ".join(kind for kind in ["tests", "examples"] if (build / kind).is_dir())
        if built != programs:
            sys.exit(f"{name}: builds {built!r}, not {programs!r}")
        print(f"ok: {name}")
        if needed is None:
            continue
        described = (build / "oss_presign.pc").read_text(encoding="utf-8")
        libs, private = re.findall(r"^Libs.*?: ?(.*)$", described, re.MULTILINE)
        # Without a shared library nobody has to say --static.
        expected = ("-L${libdir} -loss_presign", needed)
        if "KINDS=static" in options:
            expected = (f"{expected[0]} {needed}", "")
        if (libs, private) != expected:
            sys.exit(f"{name}: pkg-config has {libs!r}, {private!r}, not {expected}")
    return len(REFUSED) + len(TAKEN)
