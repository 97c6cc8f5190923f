"""Code shared by the peers' workers: the inputs as arrays, the timing, and the comparison.

A peer's prepare(row) sets `self.call`, one pass as its user would write it, and `self.named`, which
converts the value of a call to results with Recur's names and layouts.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import gc
from time import perf_counter

import numpy

from problem import Problem, load_library
from protocol import Absent
from resident import peak_of


class Peer:
    def __init__(self, threads):
        self.threads = threads
        self.library = load_library()

    def load(self, row, storages=("full",)):
        """Returns theta, x, h0, c0, dy as arrays. The peer has the storages of weights."""
        if row.storage not in storages:
            raise Absent(f"no weights of the storage {row.storage}")
        self.row = row
        self.call = self.named = None
        problem = Problem(row, self.library)
        return {name: numpy.frombuffer(array, numpy.dtype(array._type_)).reshape(
            problem.shapes[name]) for name, array in problem.arrays.items()}

    def parameter_arrays(self, theta):
        """W_ih, W_hh, b_ih, b_hh by layer and direction."""
        begin = 0
        for shape in self.row.parameter_parts():
            end = begin + int(numpy.prod(shape))
            yield theta[begin:end].reshape(shape)
            begin = end

    def time(self, seconds, limit):
        call, times = self.call, []
        end = perf_counter() + 0.05 * seconds
        while perf_counter() < end:
            call()
        gc.disable()
        end = perf_counter() + seconds
        while len(times) < limit:
            begin = perf_counter()
            call()
            after = perf_counter()
            times.append(after - begin)
            if after >= end:
                break
        gc.enable()
        return times

    def results(self, folder):
        differences = {}
        found = self.named(self.call())
        for path in folder.iterdir():
            name, value = path.name, numpy.asarray(found[path.name]).reshape(-1)
            want = numpy.fromfile(path, value.dtype)
            scale = max(float(abs(want).max()), 1e-300)
            differences[name] = float(abs(value - want).max()) / scale
        return {"differences": differences}

    def peak(self, row):
        self.call()
        self.prepare(row)
        return peak_of(lambda: self.call())
