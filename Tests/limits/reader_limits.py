#!/usr/bin/env python3
"""Memory and time that the command needs to refuse, or to read, crafted files.

reader_limits.py [--list] [--only WORD] RECUR CHILD

RECUR is the command and CHILD the program ReaderChild, both built for release. Most files are made
in two sizes. The smaller one passes the limits on files, lines and values, so that the code after
them runs. The files named small have one size, and so have a few others, such as "forecast year 1
to 9999". For every file, the peak memory of the process may exceed that of a trivial file by 16
times the size of the file plus 1 MiB, and the time by 50 ms per MB times TIME_MARGIN, because
processors differ and other programs share their caches, plus SECONDS_OF_START. A program that reads
the file may take twice as much memory and three times as much time. A trivial file passes the same
stages of the command as the others, so only the time that grows with the file counts: a process
takes 10 to 25 ms to start. Time is processor time, the minimum of five runs if the first takes
longer. No run may end by a signal.
"""

import argparse
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile

import crafted_arrays
import crafted_files
import crafted_models
from crafted_files import FILES

TRIVIAL = crafted_models.TRIVIAL | crafted_arrays.TRIVIAL
MEBIBYTE = 1 << 20
SIZES = [900_000, 10_000_000]
MEMORY_RATIO = 16
SECONDS_PER_MEGABYTE = 0.05
TIME_MARGIN = 2
SECONDS_OF_START = 0.03
COMMANDS = {
    "info": ["info", "FILE"],
    "generate": ["generate", "FILE"],
    "onnx": ["CHILD", "onnx", "FILE"],
    "import": ["CHILD", "import", "FILE"],
    "tensors": ["CHILD", "tensors", "FILE"],
    "graph": ["CHILD", "graph", "FILE"],
    "npz": ["CHILD", "npz", "FILE"],
    "recording": ["CHILD", "recording", "FILE"],
    "forecast": ["forecast", "FILE", "--horizon", "1", "--output", "FOLDER"],
    "panel": [
        "forecast",
        "FILE",
        "--id",
        "1",
        "--horizon",
        "1",
        "--method",
        "autoregressive",
        "--output",
        "FOLDER",
    ],
    "columns": [
        "forecast",
        "FILE",
        "--each-column",
        "--horizon",
        "1",
        "--method",
        "autoregressive",
        "--output",
        "FOLDER",
    ],
    "config": ["train", "text", "nothing", "--config", "FILE"],
    "text": [
        "train",
        "text",
        "FILE",
        "--output",
        "FOLDER",
        "--sequence-length",
        "1000000",
        "--batch-size",
        "10000",
    ],
}


class Run:
    """One process: its status, its peak memory and its processor time."""

    def __init__(self, programs, command, path, folder):
        recur, child = programs
        replace = {"FILE": path, "FOLDER": os.path.join(folder, "output"), "CHILD": child}
        given = COMMANDS[command]
        arguments = [replace.get(a, a) for a in ([] if given[0] == "CHILD" else [recur]) + given]
        with open(os.path.join(folder, "log"), "wb") as log:
            process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        with open(os.path.join(folder, "log"), "rb") as log:
            self.message = log.read(300).decode(errors="replace").split("\n")[0][:100]
        self.output = os.path.getsize(os.path.join(folder, "log"))
        self.status = process.returncode
        self.memory = usage.ru_maxrss * 1024
        self.seconds = usage.ru_utime + usage.ru_stime


def write(path, make, size):
    crafted_files.SIZE = size
    with open(path, "wb") as out:
        out.write(make())


def create(path, make, size=0):
    """Writes a file in another process: the memory of this one would count for the commands."""
    process = multiprocessing.Process(target=write, args=(path, make, size))
    process.start()
    process.join()
    assert process.exitcode == 0, f"{path} could not be made"
    return os.path.getsize(path)


class Limits:
    def __init__(self, start, size):
        """start is the run of a trivial file."""
        self.start = start
        self.memory = MEMORY_RATIO * size + MEBIBYTE
        self.seconds = size / 1e6 * SECONDS_PER_MEGABYTE * TIME_MARGIN + SECONDS_OF_START

    def permit_time(self, run):
        return run.seconds <= self.start.seconds + (3 if run.status == 0 else 1) * self.seconds

    def hold(self, run):
        memory = self.start.memory + (2 if run.status == 0 else 1) * self.memory
        return run.memory <= memory and self.permit_time(run) and 0 <= run.status < 128


def measure(programs, name, size, path, folder, starts):
    """Returns whether the limits hold, and a line of a report."""
    command, make = FILES[name]
    if command not in starts:
        create(path, lambda: TRIVIAL.get(command, b"x"))
        starts[command] = Run(programs, command, path, folder)
    start, size = starts[command], create(path, make, size)
    limits, runs = Limits(start, size), []
    while not runs or len(runs) < 5 and not limits.permit_time(runs[-1]):
        runs.append(Run(programs, command, path, folder))
    run = min(runs, key=lambda r: r.seconds)
    ratio = (run.memory - start.memory - MEBIBYTE) / size
    speed = 1000 * (run.seconds - start.seconds) / max(size / 1e6, 1)
    holds = limits.hold(run)
    line = f"{'ok' if holds else 'FAILED':6} {name:34} {size / 1e6:5.1f} MB, status {run.status}, "
    line += f"memory {max(ratio, 0):5.1f} x file, {speed:5.0f} ms/MB, {run.output} bytes written: "
    return holds, line + run.message


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("recur")
    parser.add_argument("child")
    parser.add_argument("--list", action="store_true", help="list all files, not only failures")
    parser.add_argument("--only", default="", help="files whose name has this word")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    chosen = [name for name in FILES if options.only in name]
    if not chosen:
        parser.error(f"the name of no file has {options.only}")
    failures, starts = 0, {}
    with tempfile.TemporaryDirectory() as folder:
        for name, size in [(name, size) for name in chosen for size in SIZES]:
            path = os.path.join(folder, "file")
            holds, line = measure((options.recur, options.child), name, size, path, folder, starts)
            failures += not holds
            if options.list or not holds:
                print(line, flush=True)
    print(f"{len(SIZES) * len(chosen) - failures} files within the limits, {failures} beyond")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
