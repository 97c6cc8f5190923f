"""extract.py FOLDER PAGE...: extracts the programs on documentation pages, and their output.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import importlib.util
import pathlib
import re
import shutil
import sys

SUFFIXES = {"c": "c", "python": "py", "sh": "sh"}
MANIFEST = """// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Chapters",
  dependencies: [.package(name: "recur", path: "{root}")],
  targets: [
{targets}
  ])
"""
TARGET = """    .executableTarget(
      name: "{name}",
      dependencies: [
        .product(name: "Recur", package: "recur"),
        .product(name: "RecurReference", package: "recur"),
        .product(name: "RecurTraining", package: "recur"),
      ]),"""


def blocks(text):
    """The language and content of every fenced block."""
    return [(m[1], m[2]) for m in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)]


def swift_program(parts):
    """A program with the imports first and the rest in a function, where values can be consumed."""
    lines = "".join(parts).splitlines()
    imports = sorted({line for line in lines if line.startswith("import ")})
    rest = ["  " + line if line else "" for line in lines if not line.startswith("import ")]
    return "\n".join(imports + ["", "func page() throws {"] + rest + ["}", "", "try page()", ""])


def runnable(code):
    """Whether the modules of a Python program are installed; tests must not require large ones."""
    modules = re.findall(r"^import (\w+)", code, re.M)
    return all(importlib.util.find_spec(module) for module in modules)


def main():
    work, pages = pathlib.Path(sys.argv[1]), [pathlib.Path(p) for p in sys.argv[2:]]
    root = pathlib.Path.cwd()
    for name in ("programs", "expected", "package/Sources"):
        shutil.rmtree(work / name, ignore_errors=True)
        (work / name).mkdir(parents=True)
    targets = []
    for page in pages:
        found = blocks(page.read_text())
        swift, printed, others = [], [], 0
        for k, (language, code) in enumerate(found):
            output = found[k + 1][1] if k + 1 < len(found) and found[k + 1][0] == "text" else None
            if language == "swift":
                swift.append(code)
                printed.append(output)
            elif language in SUFFIXES:
                others += 1
                name = f"{page.stem}-{others}.{SUFFIXES[language]}"
                if language == "python" and not runnable(code):
                    print(f"chapters: {name} is skipped: a module that it imports is not installed")
                    continue
                (work / "programs" / name).write_text(code)
                if output is not None:
                    (work / "expected" / name).write_text(output)
        if not swift:
            continue
        folder = work / "package/Sources" / f"{page.stem}Page"
        folder.mkdir()
        (folder / "main.swift").write_text(swift_program(swift))
        (work / "programs" / f"{page.stem}.swift").write_text("")
        # Pages print results that vary between runs, if at all, to standard error.
        (work / "expected" / f"{page.stem}.swift").write_text("".join(p or "" for p in printed))
        targets.append(TARGET.format(name=f"{page.stem}Page"))
    (work / "package/Package.swift").write_text(
        MANIFEST.format(root=root, targets="\n".join(targets)))


main()
