"""The C libraries, recur and recurfiles, and their tests, for mutation.py.

A mutant recompiles the objects that depend on the changed file. Each test is linked with them
before it runs, and compiled again if it includes the file.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import time

COMPILE = ["gcc", "-std=c11", "-O2", "-ffp-contract=off", "-fPIC", "-pthread",
           "-Werror=implicit-function-declaration"]


def succeeds(command, timeout=None, **options):
    try:
        status = subprocess.run(command, timeout=timeout, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, **options).returncode
        return status == 0
    except subprocess.TimeoutExpired:
        return False


@dataclasses.dataclass(frozen=True, order=True)
class Object:
    """A compiled source, and the files that it depends on."""
    source: pathlib.Path
    options: list
    output: pathlib.Path
    files: set


class Suite:
    language = "c"
    folders = ("CKernels", "CFiles", "include")
    inputs = (*folders, "Tests/c", "Tests/mutation")
    includes = ("include", "CKernels", "CFiles/include")
    libraries = ("-ljansson", "-lz", "-lgsl", "-lgslcblas", "-lm", "-pthread")

    def __init__(self, root, folder, jobs):
        self.root, self.folder, self.jobs = root, folder, jobs

    def sources(self):
        """CFiles has its public headers, which declare functions only, in a folder of their own."""
        return sorted(s for pattern in ("CKernels/*/*.[ch]", "CFiles/*.[ch]")
                      for s in self.root.glob(pattern))

    def prepare(self):
        """Compiles the libraries and the tests, and orders the tests by their times."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            units = (source for source in self.sources() if source.suffix == ".c")
            self.units = list(pool.map(self.compile_first, ((u, []) for u in units)))
            self.tests = list(pool.map(self.compile_first, self.test_sources()))
        self.archive(self.folder, {})
        self.tests = sorted((self.seconds(test), test) for test in self.tests)

    def test_sources(self):
        """The sources of the tests, each with its options: one for each precision."""
        for source in sorted(self.root.glob("Tests/c/*/test_*.c")):
            yield source, []
            if '#include "base/precision.h"' in source.read_text():
                yield source, ["-DRK_FLOAT"]

    def compile_first(self, unit):
        """Compiles a source without a mutant: an Object."""
        source, options = unit
        name = str(source.relative_to(self.root)).replace("/", "-") + "".join(options)
        output, listed = self.folder / f"{name}.o", self.folder / f"{name}.d"
        command = self.compilation(self.root, source, options, output)
        subprocess.run(command + ["-MD", "-MF", listed], check=True)
        files = re.split(r"[\s\\]+", listed.read_text().split(":", 1)[1].strip())
        return Object(source, options, output, {os.path.realpath(f) for f in files})

    def compilation(self, root, source, options, output):
        folders = [f"-I{root}/{folder}" for folder in self.includes]
        return [*COMPILE, *options, *folders, f"-I{self.root}/Tests/c", "-c", source, "-o", output]

    def archive(self, place, replaced):
        """Both libraries in one archive: tests that compile a unit themselves do not link it."""
        library = place / "librecur.a"
        library.unlink(missing_ok=True)
        objects = [replaced.get(unit.output, unit.output) for unit in self.units]
        subprocess.run(["ar", "rcsT", library, *objects], check=True, stderr=subprocess.DEVNULL)

    def passes(self, output, place, timeout=None):
        """Links a test with the archive in a folder, and runs it."""
        program = place / "test"
        archive = place / "librecur.a"
        return (succeeds(["gcc", output, archive, *self.libraries, "-o", program])
                and succeeds([program], timeout))

    def seconds(self, test):
        start = time.monotonic()
        if not self.passes(test.output, self.folder):
            raise SystemExit(f"{test.output.stem} fails without a mutant")
        return time.monotonic() - start

    def verdict(self, job, source, text):
        """Compiles the mutant, and runs the tests until one fails: the verdict and that test."""
        place = self.folder / f"job{job}"
        shutil.rmtree(place, ignore_errors=True)
        for name in self.folders:
            shutil.copytree(self.root / name, place / name)
        (place / source).write_text(text)
        changed = os.path.realpath(self.root / source)
        replaced = {unit.output: self.compile_mutant(unit, place, place)
                    for unit in self.units if changed in unit.files}
        if None in replaced.values():
            return "invalid", ""
        if all(after.read_bytes() == before.read_bytes() for before, after in replaced.items()):
            return "same code", ""
        self.archive(place, replaced)
        for seconds, test in self.tests:
            output = test.output
            if changed in test.files:
                output = self.compile_mutant(test, self.root, place)
            # A mutant may make a loop endless.
            if output is None or not self.passes(output, place, timeout=10 * seconds + 10):
                return "killed", test.output.stem
        return "survived", ""

    def compile_mutant(self, unit, root, place):
        """Compiles a source below root with the changed headers: the object, or None."""
        output = place / unit.output.name
        source = root / unit.source.relative_to(self.root)
        command = self.compilation(place, source, unit.options, output)
        return output if succeeds(command) else None
