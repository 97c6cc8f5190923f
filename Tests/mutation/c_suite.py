"""The C library and its tests, for mutation.py.

The tests are linked once, with a shared library that exports every symbol. A mutant recompiles the
objects that depend on the changed file, and links another such library.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import concurrent.futures
import os
import re
import shutil
import subprocess
import time

COMPILE = ["gcc", "-std=c11", "-O2", "-ffp-contract=off", "-fPIC", "-pthread"]


def succeeds(command, timeout=None, **options):
    try:
        status = subprocess.run(command, timeout=timeout, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, **options).returncode
        return status == 0
    except subprocess.TimeoutExpired:
        return False


class Suite:
    language = "c"

    def __init__(self, root, folder, jobs):
        self.root, self.folder, self.jobs = root, folder, jobs

    def sources(self):
        return sorted(self.root.glob("CKernels/*/*.[ch]"))

    def prepare(self):
        """Builds the library and the tests, and orders the tests by their times."""
        for name in ("objects", "tests", "library"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.objects = {}
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            units = sorted(self.root.glob("CKernels/*/*.c"))
            list(pool.map(self.compile_unit, units))
            self.link(self.folder / "library", {})
            tests = list(pool.map(self.build_test, sorted(self.root.glob("Tests/c/*/test_*.c"))))
        self.tests = sorted((self.seconds(t), t) for group in tests for t in group)

    def compile_unit(self, unit):
        stem = str(unit.relative_to(self.root)).replace("/", "-")
        output = self.folder / "objects" / f"{stem}.o"
        listed = self.folder / "objects" / f"{stem}.d"
        command = self.compilation(self.root, unit, output)
        subprocess.run(command + ["-MD", "-MF", listed], check=True)
        files = re.split(r"[\s\\]+", listed.read_text().split(":", 1)[1].strip())
        self.objects[unit] = (output, {os.path.realpath(f) for f in files})

    def compilation(self, root, unit, output):
        return COMPILE + [f"-I{root}/include", f"-I{root}/CKernels", "-c", unit, "-o", output]

    def link(self, folder, replaced):
        objects = [replaced.get(u, output) for u, (output, _) in sorted(self.objects.items())]
        library = folder / "librecur.so"
        return succeeds(["gcc", "-shared", *objects, "-pthread", "-lm", "-o", library])

    def build_test(self, source):
        """The programs of a test: one, or one for each precision."""
        programs = []
        precisions = [[]]
        if '#include "base/precision.h"' in source.read_text():
            precisions.append(["-DRK_FLOAT"])
        for defines in precisions:
            program = self.folder / "tests" / (source.stem + ("_float" if defines else ""))
            folders = [f"-I{self.root}/{f}" for f in ("include", "CKernels", "Tests/c")]
            libraries = [f"-L{self.folder}/library", "-lrecur", "-lgsl", "-lgslcblas", "-lm"]
            command = [*COMPILE, *defines, *folders, source, *libraries, "-o", program]
            subprocess.run(command, check=True)
            programs.append(program)
        return programs

    def environment(self, library):
        return {**os.environ, "LD_LIBRARY_PATH": str(library)}

    def seconds(self, test):
        start = time.monotonic()
        if not succeeds([test], env=self.environment(self.folder / "library")):
            raise SystemExit(f"{test.name} fails without a mutant")
        return time.monotonic() - start

    def verdict(self, job, source, text):
        """Compiles the mutant, and runs the tests until one fails: the verdict and that test."""
        place = self.folder / f"job{job}"
        shutil.rmtree(place, ignore_errors=True)
        for name in ("CKernels", "include"):
            shutil.copytree(self.root / name, place / name)
        (place / source).write_text(text)
        changed = os.path.realpath(self.root / source)
        replaced = {}
        for unit, (output, files) in self.objects.items():
            if changed in files:
                replaced[unit] = place / output.name
                mutated = place / unit.relative_to(self.root)
                if not succeeds(self.compilation(place, mutated, replaced[unit])):
                    return "invalid", ""
        before = {unit: self.objects[unit][0] for unit in replaced}
        if all(replaced[unit].read_bytes() == before[unit].read_bytes() for unit in before):
            return "same code", ""
        if not self.link(place, replaced):
            return "invalid", ""
        for seconds, test in self.tests:
            if not succeeds([test], timeout=10 * seconds + 10, env=self.environment(place)):
                return "killed", test.name
        return "survived", ""
