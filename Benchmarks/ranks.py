#!/usr/bin/env python3
"""ranks.py COMMAND TEXT: measures training steps with one and two processes, each with one thread.

COMMAND is a recur that was built with MPI, and TEXT a text file. Each row has the least times of
several runs, which take turns: other programs only slow them down. The efficiency is the time of
one process divided by twice that of two.

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
# The options of each model, and the characters of a run of a second or so.
MODELS = {
    "LSTM, H = 128": ("--hidden-size 128 --embedding-size 32 --layers 1 --batch-size 16 "
                      "--sequence-length 50", 60000),
    "2 layers, LSTM, H = 512": ("--hidden-size 512 --layers 2 --batch-size 32 "
                                "--sequence-length 64", 12500),
}


def run(count, shards):
    return ["mpirun", "-n", str(count)], ["--shards", str(shards)]


RUNS = {
    "whole batches": ([], []),
    "8 shards, 1 process": run(1, 8),
    "8 shards, 2 processes": run(2, 8),
    "2 shards, 1 process": run(1, 2),
    "2 shards, 2 processes": run(2, 2),
}


def milliseconds(command, words, text, options, folder):
    """The mean time of a step, which the last line of progress has."""
    as_root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    result = subprocess.run(
        [*words, command, "train", "text", text, *options, "--epochs", "1",
         "--validation-fraction", "0", "--output", folder],
        env=os.environ | as_root, capture_output=True, text=True, check=True)
    return float(re.findall(r"([0-9.]+) ms/step", result.stderr)[-1])


def measure(command, text, options, folder):
    times = {name: [] for name in RUNS}
    for _ in range(ROUNDS):
        for name, (words, shards) in RUNS.items():
            times[name].append(milliseconds(command, words, text, options + shards, folder))
    return {name: min(values) for name, values in times.items()}


def main():
    command, source = (pathlib.Path(path).resolve() for path in sys.argv[1:])
    print(f"{processor()}, {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}")
    print("| model | " + " | ".join(RUNS) + " | efficiency of 8 shards | of 2 |")
    print("|---" * (len(RUNS) + 3) + "|")
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder, "text.txt")
        for name, (options, characters) in MODELS.items():
            text.write_text(source.read_text()[:characters])
            times = measure(command, text, options.split(), folder)
            cells = [f"{value:.1f} ms" for value in times.values()]
            for shards in 8, 2:
                one, two = (times[f"{shards} shards, {count}"]
                            for count in ("1 process", "2 processes"))
                cells.append(f"{one / (2 * two):.2f}")
            print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
