#!/usr/bin/env python3
"""Measures the forecasts of a synthetic panel: throughput.py --recur COMMAND [--series N]...

Prints series per second of processor time, with one thread. Other load on the machine lengthens the
elapsed time, but hardly the processor time.
"""

import argparse
import os
import pathlib
import subprocess
import tempfile
import time

from make_panel import write_panel

MONTHS = 100


def processor_time(command, **options):
    """Runs a command; returns processor time and elapsed time in seconds, and memory in MB."""
    start = time.monotonic()
    process = subprocess.Popen(command, **options)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise RuntimeError(f"{command} ended with status {status}")
    elapsed = time.monotonic() - start
    return usage.ru_utime + usage.ru_stime, elapsed, usage.ru_maxrss / 1024


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return "unknown processor"


def measure(recur, folder, series):
    panel = folder / "sales.csv"
    model = folder / "model.safetensors"
    with open(panel, "w") as file:
        write_panel(file, series, MONTHS)
    if not model.exists():
        subprocess.run(
            [recur, "train", "panel", panel, "--id", "store", "--horizon", "12", "--steps", "30",
             "--output", folder], check=True, capture_output=True)
    command = [recur, "forecast", panel, "--model", model, "--output", "-", "--threads", "1",
               "--quiet"]
    used, elapsed, memory = processor_time(command, stdout=subprocess.DEVNULL)
    print(f"{series} series of {MONTHS} values, {panel.stat().st_size / 1e6:.0f} MB: "
          f"{used:.2f} s of processor time, {elapsed:.2f} s elapsed, {memory:.0f} MB of memory: "
          f"{series / used:.0f} series per second", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recur", required=True, type=pathlib.Path)
    parser.add_argument("--series", type=int, action="append")
    arguments = parser.parse_args()
    print(f"{processor()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="recur-") as folder:
        for series in arguments.series or [1_000, 10_000, 100_000]:
            measure(arguments.recur.resolve(), pathlib.Path(folder), series)


if __name__ == "__main__":
    main()
