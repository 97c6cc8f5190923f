"""The rows of the benchmark: the pass, network and shape of each.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import dataclasses
import random

CELLS = {"simple": 1, "gru": 3, "lstm": 4}  # numbers of gates
BYTES = {"float": 4, "double": 8}
# Bytes of an element of W_ih and W_hh, in the order of recur_weight_storage.
STORAGES = {"full": None, "half": 2, "bfloat16": 2, "int8": 1}
SHAPES = [  # T, B, I, H
    (1, 1, 64, 64), (100, 1, 64, 64), (100, 1, 256, 256), (100, 32, 128, 128),
    (50, 32, 512, 512), (20, 64, 1024, 1024), (1000, 1, 32, 32), (200, 8, 40, 128)]
STREAM_SIZES = [32, 64, 128, 256]
SMALL_SIZES = [8, 16, 20, 24, 32, 40, 48, 64]  # of amplifiers, detectors and controllers


@dataclasses.dataclass(frozen=True)
class Row:
    cell: str     # a key of CELLS
    scalar: str   # a key of BYTES
    pass_: str    # forward (inference), training (forward and backward), stream (single steps)
    threads: int
    T: int
    B: int
    I: int
    H: int
    layers: int = 1
    directions: int = 1
    lengths: tuple = None  # of the B sequences; None: all T
    storage: str = "full"  # a key of STORAGES
    signal: str = ""       # silent (no input, no biases), last-step (the only one with a gradient)

    @property
    def id(self):
        more = f"-L{self.layers}-D{self.directions}" if self.layers * self.directions > 1 else ""
        more += "-mixed" if self.lengths else ""
        more += f"-{self.storage}" if self.storage != "full" else ""
        more += f"-{self.signal}" if self.signal else ""
        return (f"{self.cell}-{self.scalar}-{self.pass_}-{self.threads}"
                f"-T{self.T}-B{self.B}-I{self.I}-H{self.H}{more}")

    @property
    def gates(self):
        return CELLS[self.cell]

    @property
    def steps(self):
        """The total number of steps of all sequences."""
        return sum(self.lengths) if self.lengths else self.T * self.B

    def layer_input(self, layer):
        return self.I if layer == 0 else self.directions * self.H

    def parameter_parts(self):
        """Shapes of W_ih, W_hh, b_ih, b_hh by layer and direction, as in PyTorch and Recur."""
        rows = self.gates * self.H
        for layer in range(self.layers):
            for _ in range(self.directions):
                yield from ((rows, self.layer_input(layer)), (rows, self.H), (rows,), (rows,))

    @property
    def operations(self):
        """Operations of the products. The backward pass has two products for each forward one."""
        forward = sum(2 * self.steps * self.directions * self.gates * self.H
                      * (self.layer_input(layer) + self.H) for layer in range(self.layers))
        return 3 * forward if self.pass_ == "training" else forward

    @property
    def recurrent_bytes(self):
        """The size of one W_hh."""
        return self.gates * self.H * self.H * (STORAGES[self.storage] or BYTES[self.scalar])

    def json(self):
        fields = dataclasses.asdict(self)
        fields["pass"] = fields.pop("pass_")
        return {"id": self.id} | fields


def from_json(fields):
    """The row of an object from json(), or of a result, which has more fields."""
    own = {field.name: fields[field.name] for field in dataclasses.fields(Row)
           if field.name in fields}
    lengths = tuple(fields["lengths"]) if fields["lengths"] else None
    return Row(**own | {"pass_": fields["pass"], "lengths": lengths})


def mixed(scalar, pass_, threads):
    """A two-layer bidirectional LSTM over 32 sequences of 80 to 160 steps."""
    lengths = random.Random(1).choices(range(80, 161), k=31) + [160]
    return Row("lstm", scalar, pass_, threads, 160, 32, 80, 256, 2, 2, tuple(lengths))


def stacked_rows(threads):
    """One sequence through two layers, or in two directions."""
    for cell in ("gru", "lstm"):
        for layers, directions in ((2, 1), (1, 2)):
            yield Row(cell, "float", "forward", threads, 50, 1, 256, 256, layers, directions)


def small_rows():
    """One sequence with two inputs: a block of 64 steps in a call, and a step in a call."""
    for cell in ("gru", "lstm"):
        for size in SMALL_SIZES:
            yield Row(cell, "float", "forward", 1, 64, 1, 2, size)
            yield Row(cell, "float", "stream", 1, 1, 1, 2, size)


def decaying_rows():
    """States and gradients that decay to subnormal numbers, and the same rows without decay."""
    for cell in ("gru", "lstm"):
        yield Row(cell, "float", "stream", 1, 1, 1, 256, 256, signal="silent")
        for signal in ("", "last-step"):
            yield Row(cell, "float", "training", 1, 400, 8, 32, 128, signal=signal)


def compressed_rows():
    """One sequence, the case that compressed weights are for, and a batch; also the rows of full
    weights to compare with, unless they are among the others."""
    for cell in ("gru", "lstm"):
        for size in (256, 512):
            for storage in STORAGES:
                if (size, storage) != (256, "full"):
                    yield Row(cell, "float", "forward", 1, 100, 1, size, size, storage=storage)
                    yield Row(cell, "float", "stream", 1, 1, 1, size, size, storage=storage)
        for storage in ("half", "bfloat16", "int8"):
            yield Row(cell, "float", "forward", 1, 50, 32, 512, 512, storage=storage)


def all_rows():
    """All rows, those with one thread first."""
    for threads in (1, 2):
        for pass_ in ("forward", "training"):
            for scalar in BYTES:
                for cell in CELLS:
                    for shape in SHAPES:
                        yield Row(cell, scalar, pass_, threads, *shape)
                yield mixed(scalar, pass_, threads)
        yield from stacked_rows(threads)
        if threads == 1:
            for scalar in BYTES:
                for cell in CELLS:
                    for size in STREAM_SIZES:
                        yield Row(cell, scalar, "stream", threads, 1, 1, size, size)
            yield from small_rows()
            yield from decaying_rows()
            yield from compressed_rows()
