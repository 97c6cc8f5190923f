#!/usr/bin/env python3
"""ranks.py COMMAND TEXT TORCHRUN: measures training steps with one and two processes.

COMMAND is a recur that was built with MPI, TEXT a text file and TORCHRUN that of PyTorch, whose
DistributedDataParallel trains the same models. Each process has one thread. Each row has the least
times of several runs, which take turns: other programs only slow them down. The efficiency is the
time of one process divided by twice that of two.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

from machine import processor

ROUNDS = 7
DDP = pathlib.Path(__file__).parent / "workers/ddp.py"


class Model:
    """A text model, its batches, and the characters of a run of a second or so."""

    def __init__(self, hidden, embedding, layers, batch, steps, characters):
        self.sizes = [str(n) for n in (hidden, embedding, layers, batch, steps, characters)]
        self.characters = characters
        self.options = [
            "--hidden-size", hidden, "--embedding-size", embedding, "--layers", layers,
            "--batch-size", batch, "--sequence-length", steps]
        self.options = [str(option) for option in self.options]


MODELS = {
    "LSTM, H = 128": Model(128, 32, 1, 16, 50, 60000),
    "2 layers, LSTM, H = 512": Model(512, 32, 2, 32, 64, 12500),
}


class Measurement:
    def __init__(self, command, source, torchrun, model, folder):
        self.command, self.torchrun, self.model, self.folder = command, torchrun, model, folder
        self.text = pathlib.Path(folder, "text.txt")
        self.text.write_text(source.read_text()[:model.characters])

    def recur(self, words, shards):
        """The mean time of a step, which the last line of progress has."""
        as_root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        result = subprocess.run(
            [*words, self.command, "train", "text", self.text, *self.model.options, *shards,
             "--epochs", "1", "--validation-fraction", "0", "--output", self.folder],
            env=os.environ | as_root, capture_output=True, text=True, check=True)
        return float(re.findall(r"([0-9.]+) ms/step", result.stderr)[-1])

    def processes(self, count, shards):
        return self.recur(["mpirun", "-n", str(count)], ["--shards", str(shards)])

    def pytorch(self, count):
        result = subprocess.run(
            [self.torchrun, "--standalone", "--nproc-per-node", str(count), DDP,
             *self.model.sizes],
            capture_output=True, text=True, check=True)
        return float(result.stdout)

    def least_times(self):
        runs = {
            "whole batches": lambda: self.recur([], []),
            "8 shards, 1 process": lambda: self.processes(1, 8),
            "8 shards, 2 processes": lambda: self.processes(2, 8),
            "2 shards, 1 process": lambda: self.processes(1, 2),
            "2 shards, 2 processes": lambda: self.processes(2, 2),
            "PyTorch, 1 process": lambda: self.pytorch(1),
            "PyTorch, 2 processes": lambda: self.pytorch(2),
        }
        times = {name: [] for name in runs}
        for _ in range(ROUNDS):
            for name, run in runs.items():
                times[name].append(run())
        return {name: min(values) for name, values in times.items()}


def main():
    command, source, torchrun = (pathlib.Path(path).absolute() for path in sys.argv[1:])
    print(f"{processor()}, {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}")
    print("| model | runs | 1 process | 2 processes | efficiency |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, model in MODELS.items():
            times = Measurement(command, source, torchrun, model, folder).least_times()
            print(f"| {name} | Recur, whole batches | {times['whole batches']:.1f} ms | | |")
            for runs in "8 shards", "2 shards", "PyTorch":
                one, two = (times[f"{runs}, {count}"] for count in ("1 process", "2 processes"))
                label = runs if runs == "PyTorch" else f"Recur, {runs}"
                print(f"| {name} | {label} | {one:.1f} ms | {two:.1f} ms | {one / (2 * two):.2f} |",
                      flush=True)


if __name__ == "__main__":
    main()
