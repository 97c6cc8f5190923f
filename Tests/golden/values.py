"""What the two generators share: random numbers, and how a file is written.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent


def random_values(random, *shape):
    """Multiples of 1/4096 in -1 ... 1, which both precisions hold exactly."""
    return random.integers(-4096, 4096, shape, endpoint=True) / 4096


def random_lengths(random, T, B):
    """T and 1 are among them. They do not descend, and ascend only if there are two."""
    while True:
        lengths = random.permutation([1, T, *random.integers(2, T, B - 2)]).tolist()
        ascending = sorted(lengths)
        if lengths != ascending[::-1] and (B == 2 or lengths != ascending):
            return lengths


def flat(array):
    """A list whose numbers are written with the digits that identify them: at most 17, and 9 in
    float32; 0 has no sign."""
    return None if array is None else [float(str(value)) for value in np.ravel(array) + 0]


def write(file_name, about, cases):
    """One line for each key of a case."""
    lines = [",\n   ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in case.items())
             for case in cases]
    text = ",\n".join(f"  {{{line}}}" for line in lines)
    path = FOLDER / file_name
    path.write_text(f'{{"about": {json.dumps(about)},\n "cases": [\n{text}\n]}}\n')
    print(f"{file_name}: {len(cases)} cases, {path.stat().st_size / 1000:.0f} kB")
