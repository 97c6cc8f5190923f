#!/usr/bin/env python3
"""shards.py COMMAND TEXT: measures the processor time of training steps by the number of shards.

COMMAND is a recur, and TEXT a text file. A step with half the sequences and half the shards does
what one of two processes does, except for the exchange of gradients. Processor time does not count
that of other programs, though they share the caches. It is the difference between a run of three
epochs and one of a single epoch, the least of several.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import pathlib
import resource
import subprocess
import sys
import tempfile

from machine import processor

# The options of each model, the sequences of a batch, the characters of a segment, and the steps of
# an epoch.
MODELS = {
    "LSTM, H = 128": ("--hidden-size 128 --embedding-size 32 --layers 1", 16, 50, 60),
    "2 layers, LSTM, H = 512": ("--hidden-size 512 --layers 2", 32, 64, 3),
}
ROUNDS = 3


def seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command, text, options, folder):
    start = seconds()
    words = [command, "train", "text", text, "--validation-fraction", "0", "--output", folder]
    subprocess.run(words + options.split(), check=True, capture_output=True)
    return seconds() - start


def milliseconds(command, source, folder, model, share, shards):
    """The processor time of a step with a share of the sequences."""
    options, batch, segment, steps = MODELS[model]
    batch //= share
    text = pathlib.Path(folder, "text.txt")
    text.write_text(source[:batch * segment * steps + batch + 1])
    options += f" --batch-size {batch} --sequence-length {segment} --shards {shards}"
    epochs = [min(run(command, text, f"{options} --epochs {count}", folder) for _ in range(ROUNDS))
              for count in (1, 3)]
    return 1000 * (epochs[1] - epochs[0]) / (2 * steps)


def main():
    command = pathlib.Path(sys.argv[1]).resolve()
    source = pathlib.Path(sys.argv[2]).read_text()
    print(f"{processor()}: processor time of a step\n")
    print("| model | whole batch | 8 shards | half of them | 2 shards | half of them |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for model in MODELS:
            times = [milliseconds(command, source, folder, model, share, shards)
                     for share, shards in ((1, 1), (1, 8), (2, 4), (1, 2), (2, 1))]
            cells = " | ".join(f"{time:.1f} ms" for time in times)
            print(f"| {model} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
