"""versions.py CC LIBRARY HEADER: programs compiled with an older, a shorter and a longer header run
with the library, or get the typed error."""

import os
import pathlib
import subprocess
import sys
import tempfile

import header

HERE = pathlib.Path(__file__).parent
OPTIONS = ["oss_presign_options", "oss_download_options", "oss_client_options"]


def shortened(now):
    """The header before the last two fields of each struct were appended."""
    text = now.text
    for name in OPTIONS:
        for _, declaration in now.structs[name][-2:]:
            text = header.without_field(text, name, declaration)
    return text


def lengthened(now):
    """The header after a field was appended to each."""
    text = now.text
    for name in OPTIONS:
        text = text.replace(f"}} {name};", f"  uint64_t appended;\n}} {name};")
    return text


def run(compiler, library, text, options):
    """What a program of that header prints: the sizes of its structs."""
    with tempfile.TemporaryDirectory(prefix="oss-presign-versions-") as folder:
        (pathlib.Path(folder) / "oss_presign.h").write_text(text, encoding="utf-8")
        program = pathlib.Path(folder) / "program"
        subprocess.run([compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", *options,
                        f"-I{folder}", HERE / "versions.c", "-o", program, library], check=True)
        environment = dict(os.environ, LD_LIBRARY_PATH=str(pathlib.Path(library).parent))
        done = subprocess.run([program], cwd=folder, env=environment, check=False,
                              capture_output=True, text=True)
        print(done.stdout, end="")
        if done.returncode:
            sys.exit(f"failed: {done.returncode}")
        return [int(size) for size in done.stdout.split()]


def main():
    compiler, library, path = sys.argv[1:]
    now = header.read(path)
    released = header.read(HERE / "baseline" / "oss_presign.h")

    def program(what, text, *options):
        print(f"a program of {what}:", flush=True)
        return run(compiler, library, text, options)

    sizes = program("this version", now.text)
    program("the last release", released.text)
    shorter = program("a version with shorter structs", shortened(now))
    longer = program("a version with longer structs, unused", lengthened(now), "-DAPPENDED=0")
    program("a version with longer structs, used", lengthened(now), "-DAPPENDED=1")
    if not all(a < b < c for a, b, c in zip(shorter, sizes, longer, strict=True)):
        sys.exit("the structs are not shorter and longer")


main()
