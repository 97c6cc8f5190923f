#!/usr/bin/env python3
"""ranks.py COMMAND TEXT: measures training steps with one and two processes, each with one thread.

COMMAND is a recur that was built with MPI, and TEXT a text file. Each row has the medians of
several runs, which take turns. The efficiency is the time of one process divided by twice that of
two.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

from machine import processor

ROUNDS = 5
MODELS = {
    "LSTM, H = 128": "--hidden-size 128 --embedding-size 32 --layers 1 --batch-size 16 "
                     "--sequence-length 50",
    "2 layers, LSTM, H = 512": "--hidden-size 512 --layers 2 --batch-size 32 --sequence-length 64",
}
# The characters of a run, for a few seconds each.
CHARACTERS = {"LSTM, H = 128": 120000, "2 layers, LSTM, H = 512": 40000}
RUNS = {
    "whole batches": [],
    "1 process": ["mpirun", "-n", "1"],
    "2 processes": ["mpirun", "-n", "2"],
}


def milliseconds(command, words, text, options, folder):
    """The mean time of a step, which the last line of progress has."""
    as_root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    result = subprocess.run(
        [*words, command, "train", "text", text, *options.split(), "--epochs", "1",
         "--validation-fraction", "0", "--output", folder],
        env=os.environ | as_root, capture_output=True, text=True, check=True)
    return float(re.findall(r"([0-9.]+) ms/step", result.stderr)[-1])


def main():
    command, source = (pathlib.Path(path).resolve() for path in sys.argv[1:])
    print(f"{processor()}, {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}")
    print("| model | " + " | ".join(RUNS) + " | efficiency |")
    print("|---" * (len(RUNS) + 2) + "|")
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder, "text.txt")
        for name, options in MODELS.items():
            text.write_text(source.read_text()[:CHARACTERS[name]])
            times = {run: [] for run in RUNS}
            for _ in range(ROUNDS):
                for run, words in RUNS.items():
                    times[run].append(milliseconds(command, words, text, options, folder))
            medians = {run: statistics.median(values) for run, values in times.items()}
            efficiency = medians["1 process"] / (2 * medians["2 processes"])
            cells = " | ".join(f"{value:.1f} ms" for value in medians.values())
            print(f"| {name} | {cells} | {efficiency:.2f} |", flush=True)


if __name__ == "__main__":
    main()
