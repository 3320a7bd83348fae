"""readme.py README COMPILER [FLAG]...: the C++ of the README compiles as it stands there."""

import pathlib
import re
import subprocess
import sys

readme, *compiler = sys.argv[1:]
(block,) = re.findall(r"```cpp\n(.*?)```", pathlib.Path(readme).read_text(), re.S)
includes, code = re.fullmatch(r"((?:#include [^\n]*\n)+)(.*)", block, re.S).groups()
program = f"""{includes}
#include <iostream>
static int report(const std::string&) {{ return 1; }}
static bool draw(const oss::progress&) {{ return true; }}
int main() {{
{code}
}}
"""
subprocess.run([*compiler, "-x", "c++", "-fsyntax-only", "-"], input=program, text=True, check=True)
