"""The inputs of a row, which are the same for every contender, and the arrays for its results.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import ctypes
import math
import os
import pathlib
from ctypes import c_double, c_float, c_size_t, c_uint64, c_void_p

from rows import CELLS, STORAGES

BUILD = pathlib.Path(os.environ.get("RECUR_BENCH_BUILD", "build/bench"))
INPUTS = ("theta", "x", "h0", "c0", "dy")
RESULTS = {"forward": ("y", "hT", "cT"), "stream": ("y", "hT", "cT"),
           "training": ("y", "hT", "cT", "dx", "dh0", "dc0", "dtheta")}


def load_library():
    return ctypes.CDLL(str((BUILD / "librecur_timing.so").resolve()))


class Problem(ctypes.Structure):
    """The struct `problem` of recur_timing.c. `arrays` contains its arrays by name."""

    _fields_ = [("cell", c_size_t), ("storage", c_size_t),
                ("layers", c_size_t), ("directions", c_size_t),
                ("T", c_size_t), ("B", c_size_t), ("I", c_size_t), ("H", c_size_t),
                ("lengths", c_void_p), ("parameters", c_size_t)]
    _fields_ += [(name, c_void_p) for name in INPUTS + RESULTS["training"]]

    def __init__(self, row, library):
        self.row = row
        self.shapes = array_shapes(row)
        self.arrays = {}
        for seed, name in enumerate(INPUTS):
            if name in self.shapes:
                self._fill(library, name, seed)
        self.length_array = (c_size_t * row.B)(*row.lengths) if row.lengths else None
        super().__init__(
            list(CELLS).index(row.cell), list(STORAGES).index(row.storage),
            row.layers, row.directions, row.T, row.B, row.I, row.H,
            ctypes.cast(self.length_array, c_void_p), self.shapes["theta"][0],
            **{name: ctypes.addressof(array) for name, array in self.arrays.items()})

    def _new(self, name):
        scalar = c_float if self.row.scalar == "float" else c_double
        self.arrays[name] = (scalar * math.prod(self.shapes[name]))()
        return self.arrays[name]

    def _fill(self, library, name, seed):
        """Fills parameters with the range of new networks, and other arrays from -1 to 1."""
        scale = self.row.H ** -0.5 if name == "theta" else 1.0
        array = self._new(name)
        fill = getattr(library, f"uniform_{self.row.scalar}")
        fill(array, c_size_t(len(array)), c_uint64(seed), c_double(scale))
        for first, last in zero_ranges(self.row, name, self.shapes[name]):
            ctypes.memset(ctypes.byref(array, first * ctypes.sizeof(array._type_)), 0,
                          (last - first) * ctypes.sizeof(array._type_))

    def allocate_results(self):
        """Allocates the results of Recur, which writes into its caller's arrays."""
        for name in RESULTS[self.row.pass_]:
            if name in self.shapes:
                setattr(self, name, ctypes.addressof(self._new(name)))


def zero_ranges(row, name, shape):
    """The ranges of an array's elements that the row's signal sets to 0."""
    if row.signal == "silent" and name == "x":
        yield 0, math.prod(shape)
    if row.signal == "last-step" and name == "dy":
        yield 0, math.prod(shape) // row.T * (row.T - 1)
    if row.signal == "silent" and name == "theta":
        begin = 0
        for part in row.parameter_parts():
            end = begin + math.prod(part)
            if len(part) == 1:  # a bias
                yield begin, end
            begin = end


def array_shapes(row):
    sequence = (row.T, row.B, row.directions * row.H)
    state = (row.layers * row.directions, row.B, row.H)
    count = sum(math.prod(part) for part in row.parameter_parts())
    shapes = {"theta": (count,), "dtheta": (count,), "x": (row.T, row.B, row.I),
              "dx": (row.T, row.B, row.I), "y": sequence, "dy": sequence,
              "h0": state, "hT": state, "dh0": state}
    if row.cell == "lstm":
        shapes |= {"c0": state, "cT": state, "dc0": state}
    return shapes
