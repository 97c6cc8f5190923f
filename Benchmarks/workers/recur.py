"""Recur's worker, which calls recur_timing.c.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import re
from ctypes import POINTER, byref, c_double, c_int, c_long

from protocol import serve
from problem import RESULTS, Problem, load_library
from resident import peak_of

FAILED = -1


class Recur:
    name = "Recur"

    def __init__(self, threads):
        self.threads = threads
        self.library = load_library()
        with open("include/recur/version.h") as header:
            self.version = re.search(r'RECUR_VERSION "(.*)"', header.read())[1]

    def prepare(self, row):
        self.begin(row)
        self.run()

    def begin(self, row):
        self.problem = None
        self.problem = Problem(row, self.library)
        scalar = "_float" if row.scalar == "float" else ""
        self.function = getattr(self.library, f"recur_timing{scalar}_{row.pass_}")
        self.function.restype = c_long
        self.function.argtypes = [POINTER(Problem), c_int, c_double, POINTER(c_double), c_long]

    def run(self):
        self.problem.allocate_results()
        self.time(0, 1)

    def time(self, seconds, limit):
        times = (c_double * limit)()
        count = self.function(byref(self.problem), self.threads, seconds, times, limit)
        if count == FAILED:
            raise RuntimeError("a call failed")
        return times[:count]

    def results(self, folder):
        self.time(0, 1)
        for name in RESULTS[self.problem.row.pass_]:
            if name in self.problem.shapes:
                (folder / name).write_bytes(self.problem.arrays[name])
        return {"ok": True}

    def peak(self, row):
        self.begin(row)
        return peak_of(self.run)


if __name__ == "__main__":
    serve(Recur)
