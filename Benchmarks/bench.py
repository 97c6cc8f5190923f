#!/usr/bin/env python3
"""Measures Recur and its peers: make bench, make bench-quick.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import math
import pathlib
import re
import sys
import time

import machine
from contender import Contender
from measure import measure
from results import Results, has_error
from rows import all_rows
from summary import threads as count_of
from table import print_means, print_roofs, print_row

HERE = pathlib.Path(__file__).parent
PEERS = ["pytorch", "onnx_runtime", "open_vino", "jax_scan", "tract_onnx"]


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", default="", metavar="REGEX",
                        help="measure only rows whose names match")
    parser.add_argument("--quick", action="store_true",
                        help="measure Recur alone, discarding earlier results")
    parser.add_argument("--peers", default=",".join(PEERS), help="peers to measure (%(default)s)")
    parser.add_argument("--fresh", action="store_true", help="discard earlier results")
    parser.add_argument("--minutes", type=float, metavar="N",
                        help="stop after N minutes; the next call continues")
    parser.add_argument("--rounds", type=int, default=5,
                        help="number of turns of each contender (%(default)s)")
    parser.add_argument("--seconds", type=float, default=0.2,
                        help="duration of a turn; a longer call is one turn (%(default)s)")
    parser.add_argument("--list", action="store_true", help="print the names of the rows and exit")
    options = parser.parse_args()
    options.end = time.monotonic() + 60 * (options.minutes or math.inf)
    options.peers = [] if options.quick else [peer for peer in options.peers.split(",") if peer]
    return options


def run_rows(rows, threads, results, options):
    """Measures the rows with that number of threads, with one process for each contender."""
    workers = ["recur", *options.peers]
    rows = [row for row in rows if row.threads == threads and not results.has(row, workers)]
    if not rows:
        return
    measured = machine.measure_roofs(threads)
    roofs = results.all["roofs"]
    roofs[str(threads)] = machine.higher(measured, roofs.get(str(threads), measured))
    print_roofs(threads, roofs[str(threads)])
    contenders = [Contender(worker, threads) for worker in workers]
    try:
        for left, row in zip(range(len(rows), 0, -1), rows):
            if time.monotonic() > options.end:
                print(f"{left} rows with {count_of(threads)} are left; the same command continues")
                return
            contenders = [contender if contender.alive() else Contender(contender.worker, threads)
                          for contender in contenders]
            result = measure(row, contenders, options.rounds, options.seconds)
            results.add(result)
            print_row(row, result)
    finally:
        for contender in contenders:
            contender.end()


def main():
    options = parse()
    rows = [row for row in all_rows() if re.search(options.rows, row.id)]
    if options.list:
        print(*(row.id for row in rows), sep="\n")
        return
    if not rows:
        sys.exit(f"no row matches {options.rows}")
    here = machine.describe()
    path = HERE / f"results-{'quick' if options.quick else here['kind']}.json"
    threads = sorted({row.threads for row in rows if row.threads <= here["cores"]})
    results = Results(path, here, machine.describe_library(), options.fresh or options.quick)
    try:
        for count in threads:
            run_rows(rows, count, results, options)
    except KeyboardInterrupt:
        sys.exit(f"\ninterrupted; the results so far are in {path}")
    if options.peers:
        print_means(results.all["rows"])
    broken = [row["id"] for row in results.all["rows"] if has_error(row)]
    if broken:
        sys.exit(f"{len(broken)} rows have errors: {' '.join(broken)}")


if __name__ == "__main__":
    main()
