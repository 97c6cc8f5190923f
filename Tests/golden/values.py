"""Code shared by the generators: random values and file output.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent


def random_values(random, *shape):
    """Multiples of 1/4096 in -1 ... 1, which are exact in both precisions."""
    return random.integers(-4096, 4096, shape, endpoint=True) / 4096


def random_lengths(random, T, B):
    """Lengths that include T and 1, never in descending order, in ascending order only if B = 2."""
    while True:
        lengths = random.permutation([1, T, *random.integers(2, T, B - 2)]).tolist()
        ascending = sorted(lengths)
        if lengths != ascending[::-1] and (B == 2 or lengths != ascending):
            return lengths


def flat(array):
    """A flat list, written with the fewest digits that identify each value: at most 17, and 9 in
    float32. 0 has no sign."""
    return None if array is None else [float(str(value)) for value in np.ravel(array) + 0]


class SplitMix64:
    """Recur's generator, so that inputs need not be stored."""

    MASK = 2**64 - 1

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return z ^ (z >> 31)

    def integers(self, count, below):
        return [self.next() % below for _ in range(count)]

    def values(self, *shape):
        """Multiples of 1/4096 in -1 ... 1."""
        return (np.reshape(self.integers(np.prod(shape, dtype=int), 8193), shape) - 4096) / 4096


def write(file_name, about, **lists):
    """Writes a file with one line for each key of a case."""
    path = FOLDER / file_name
    path.write_text(f'{{"about": {json.dumps(about)},\n '
                    + ",\n ".join(f'"{name}": [\n{text(cases)}\n]' for name, cases in lists.items())
                    + "}\n")
    print(f"{file_name}: {sum(map(len, lists.values()))} cases, "
          f"{path.stat().st_size / 1000:.0f} kB")


def text(cases):
    lines = [",\n   ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in case.items())
             for case in cases]
    return ",\n".join(f"  {{{line}}}" for line in lines)
