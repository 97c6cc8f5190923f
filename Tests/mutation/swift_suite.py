"""The Swift package and its tests, for mutation.py.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import re
import shutil
import subprocess

MODULES = ("Recur", "RecurAudio", "RecurONNX", "RecurTraining", "RecurCommand", "RecurReference")
TESTS_OF = {
    "Recur": ("RecurTests", "RecurTrainingTests", "RecurCommandTests"),
    "RecurAudio": ("RecurAudioTests",),
    "RecurONNX": ("RecurONNXTests",),
    "RecurTraining": ("RecurTrainingTests", "RecurCommandTests"),
    "RecurCommand": ("RecurCommandTests",),
    "RecurReference": ("RecurReferenceTests", "RecurTests"),
}


def without_comments(text):
    """The lines of a source that are not comments, also if they were made one in another way."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if not line.startswith(("//", "/*//"))]


class Suite:
    language = "swift"
    folders = ("CKernels", "CFiles", "include", "Sources", "Tests", "Examples")
    inputs = (*folders, "Package.swift")

    def __init__(self, root, folder, jobs):
        self.root, self.folder, self.jobs = root, folder, jobs

    def sources(self):
        return sorted(s for m in MODULES for s in self.root.glob(f"Sources/{m}/**/*.swift"))

    def prepare(self):
        """A copy of the package for each job, with its tests built."""
        for job in range(self.jobs):
            place = self.folder / f"job{job}"
            place.mkdir(parents=True, exist_ok=True)
            for name in self.folders:
                shutil.rmtree(place / name, ignore_errors=True)
                shutil.copytree(self.root / name, place / name, symlinks=True)
            shutil.copy2(self.root / "Package.swift", place)
            subprocess.run(["swift", "build", "--build-tests", "--package-path", place], check=True)

    def verdict(self, job, source, text):
        place = self.folder / f"job{job}"
        shutil.copy(self.root / source, place / source)
        original = (place / source).read_text()
        if without_comments(text) == without_comments(original):
            return "same code", ""
        (place / source).write_text(text)
        try:
            return self.tested(place, source)
        finally:
            (place / source).write_text(original)

    def tested(self, place, source):
        build = ["swift", "build", "--build-tests", "--package-path", place]
        if subprocess.run(build, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            return "invalid", ""
        module = source.split("/")[1]
        for tests in (*self.nearest(source), *(f"{t}\\." for t in TESTS_OF[module])):
            command = ["swift", "test", "--skip-build", "--package-path", place, "--filter", tests]
            try:
                result = subprocess.run(command, timeout=300, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
            except subprocess.TimeoutExpired:
                return "killed", f"{tests} (no end)"
            if result.returncode:
                return "killed", tests
        return "survived", ""

    def nearest(self, source):
        """The suites in the tests' folder of the source's name: most mutants end there."""
        _, module, room, *_ = source.split("/")
        suite = re.compile(r"^(?:@Suite )?(?:struct|extension) (\w+Tests)\b", re.MULTILINE)
        files = (self.root / "Tests" / f"{module}Tests" / room).glob("*.swift")
        names = sorted({name for file in files for name in suite.findall(file.read_text())})
        return [f"{module}Tests\\.({'|'.join(names)})/"] if names else []
