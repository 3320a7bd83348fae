"""run.py BUILD_FOLDER: CMake takes the options that fit together and refuses the others, and projects
outside the tree build and run with the library, in each way.

BUILD_FOLDER is this project's, built by CMake. Each way of finding the library, with each compiler
and each language standard, is a program that is built without a warning, and run.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import configurations

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COMPILERS = {"gcc": "g++", "clang": "clang++"}
C = {"99": ["c99"], "11": ["c11"], "17": ["c17"], "23": ["c23", "c2x"]}
CXX = {"17": ["c++17"], "20": ["c++20"], "23": ["c++23", "c++2b"]}
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]

passed = 0


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def check(name, program, kind, environment=None):
    """The program runs, and has the library in it or beside it, as was asked for."""
    global passed
    said = run(program, env=dict(os.environ, **environment or {}))
    if not said.startswith("oss_presign "):
        sys.exit(f"{name}: {said!r}")
    shared = "[liboss_presign.so." in run("readelf", "--dynamic", "--wide", program)
    if shared != (kind == "shared"):
        sys.exit(f"{name}: {'a' if shared else 'no'} shared library")
    passed += 1
    print(f"ok: {name}")
    return said


def configure(build, cc, kind, generator, *arguments):
    run("cmake", "-S", build.parent / "project", "-B", build, "-G", generator,
        f"-DCMAKE_C_COMPILER={cc}", f"-DCMAKE_CXX_COMPILER={COMPILERS[cc]}", f"-DKIND={kind}",
        *arguments)


def by_cmake(name, folder, cc, kind, *arguments):
    build = folder / "build"
    shutil.rmtree(build, ignore_errors=True)
    configure(build, cc, kind, "Ninja", f"-DC_STANDARDS={';'.join(C)}",
              f"-DCXX_STANDARDS={';'.join(CXX)}", *arguments)
    exported, = build.glob("CMakeFiles/Export/**/user.cmake")
    if f'"oss_presign::{kind}"' not in exported.read_text(encoding="utf-8"):
        sys.exit(f"{name}: {exported.read_text(encoding='utf-8')}")
    run("cmake", "--build", build)
    for standard in [f"c{c}" for c in C] + [f"cxx{cxx}" for cxx in CXX]:
        check(f"{name} {kind}, {cc}, {standard}", build / standard, kind)


def spelling(compiler, names):
    """C23 and C++23 have been c2x and c++2b for some time."""
    for name in names:
        language = "c++" if "+" in name else "c"
        done = subprocess.run([compiler, f"-std={name}", "-fsyntax-only", "-x", language, "-"],
                              input="", capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return name
    sys.exit(f"{compiler} knows none of {names}")


def by_pkg_config(name, command, folder, prefix, cc, kind):
    library = prefix / "lib"
    flags = run("sh", "-c", command, env=dict(
        os.environ, PKG_CONFIG_PATH=str(library / "pkgconfig"))).split()
    programs = [(cc, names, "main.c") for names in C.values()]
    programs += [(COMPILERS[cc], names, "main.cpp") for names in CXX.values()]
    for compiler, names, source in programs:
        standard = spelling(compiler, names)
        program = folder / "program"
        run(compiler, f"-std={standard}", *WARNINGS, folder / "project" / source, "-o", program,
            *flags)
        check(f"pkg-config {name}, {compiler}, {standard}", program, kind,
              {"LD_LIBRARY_PATH": str(library)})


def install_static_only(folder, built, prefix):
    """What a build of the static library alone installs. The library itself is one that is there."""
    build = folder / "static-only-build"
    run("cmake", "-S", ROOT, "-B", build, "-G", "Ninja", "-DOSS_PRESIGN_KINDS=static")
    shutil.copy(built / "release/liboss_presign.a", build / "release")
    run("cmake", "--install", build, "--prefix", prefix, env=dict(os.environ, DESTDIR=""))


def by_change(folder, generator, kind):
    """A change of a Rust source reaches the program; no change links nothing.

    In a cargo folder of its own: cargo goes by the age of files, and would take what an earlier run
    made of the changed source for new.
    """
    source = folder / "source"
    if not source.is_dir():
        # Much of what is left out is large, and none of it is built here.
        shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(
            ".git", "target", "build", "fuzz", "interop", "node_modules"))
    version = source / "src/ffi/version.rs"
    kept = version.read_text(encoding="utf-8")
    build = folder / "build"
    shutil.rmtree(build, ignore_errors=True)
    configure(build, "gcc", kind, generator, "-DC_STANDARDS=11", "-DDEFINITIONS=SIGN_ONLY",
              f"-DBUILD_SHARED_LIBS={'ON' if kind == 'shared' else 'OFF'}",
              f"-DOSS_PRESIGN_SOURCE={source}", "-DOSS_PRESIGN_DOWNLOAD=OFF",
              f"-DOSS_PRESIGN_CARGO_TARGET_DIR={folder}/cargo")
    run("cmake", "--build", build)
    program = build / "c11"
    name = f"changed source, {generator}"
    before = check(name + ", before", program, kind), program.stat().st_mtime_ns
    run("cmake", "--build", build)
    if program.stat().st_mtime_ns != before[1]:
        sys.exit(f"{name}: linked anew without a change")
    version.write_text(kept.replace('env!("CARGO_PKG_VERSION")', '"9.9.9"'), encoding="utf-8")
    run("cmake", "--build", build)
    version.write_text(kept, encoding="utf-8")
    after = check(name + ", after", program, kind)
    if (before[0] == "oss_presign 9.9.9\n") or after != "oss_presign 9.9.9\n":
        sys.exit(f"{name}: {before[0]} -> {after}")


def main():
    global passed
    built = pathlib.Path(sys.argv[1]).resolve()
    cache = run("cmake", "-N", "-LA", built)
    cargo = next(line.split("=")[1] for line in cache.splitlines()
                 if line.startswith("OSS_PRESIGN_CARGO_TARGET_DIR:"))
    with tempfile.TemporaryDirectory(prefix="oss-presign-consumer-") as folder:
        folder = pathlib.Path(folder)
        project = folder / "project"
        project.mkdir()
        for name in ["CMakeLists.txt", "main.c", "main.cpp"]:
            shutil.copy(HERE / name, project)
        passed += configurations.check(ROOT, folder / "configured")
        # An installation that was moved, and one without the shared library.
        run("cmake", "--install", built, "--prefix", folder / "installed",
            env=dict(os.environ, DESTDIR=""))
        moved = folder / "moved"
        (folder / "installed").rename(moved)
        static_only = folder / "static-only"
        install_static_only(folder, built, static_only)
        # The README's two ways to call pkg-config.
        plain, static = re.findall(r"^cc main\.c \$\((.*?)\)",
                                   (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)

        for cc in COMPILERS:
            for kind in ["static", "shared"]:
                shared = f"-DBUILD_SHARED_LIBS={'ON' if kind == 'shared' else 'OFF'}"
                by_cmake("add_subdirectory", folder, cc, kind, shared,
                         f"-DOSS_PRESIGN_SOURCE={ROOT}", f"-DOSS_PRESIGN_CARGO_TARGET_DIR={cargo}",
                         f"-DCMAKE_PREFIX_PATH={moved}")
                by_cmake("find_package", folder, cc, kind, shared, f"-DCMAKE_PREFIX_PATH={moved}")
            by_pkg_config("shared", plain, folder, moved, cc, "shared")
            by_pkg_config("static beside shared", static, folder, moved, cc, "static")
            by_pkg_config("static only", plain, folder, static_only, cc, "static")
        by_change(folder, "Ninja", "static")
        by_change(folder, "Unix Makefiles", "shared")
    print(f"consumers: {passed} as they should be")


main()
