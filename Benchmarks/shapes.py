#!/usr/bin/env python3
"""Searches for cliffs: make bench-shapes. Times Recur on odd shapes. Prints a shape if its time per
operation is more than 1.5 times that of the next smaller shape, or more than 1.5 times the
log-linear interpolation between its two neighbors.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import dataclasses
import math
import re
import sys

from contender import Contender
from rows import BYTES, CELLS, Row

LIMIT = 1.5
ODD = range(1, 200, 2)
T = 16


def sweeps():
    """Lists of rows along H, B and I."""
    for pass_ in ("forward", "training"):
        for scalar in BYTES:
            for cell in CELLS:
                base = Row(cell, scalar, pass_, 1, T, 1, 37, 33)
                for B in (1, 7, 32):
                    yield "H", [dataclasses.replace(base, B=B, H=H) for H in ODD]
                for H in (33, 100):
                    yield "B", [dataclasses.replace(base, B=B, H=H) for B in range(1, 101)]
                yield "I", [dataclasses.replace(base, B=4, I=I) for I in ODD]


def time_of(recur, row, seconds):
    """The minimum over several calls."""
    recur.ask("prepare", row=row.json())
    return min(recur.ask("time", seconds=seconds, limit=10000)["seconds"])


def excess(letter, rows, times, k):
    """The time per operation, divided by the next smaller shape's and by the interpolation."""
    cost = [times[j] / rows[j].operations for j in (k - 1, k, k + 1)]
    before, here, after = (math.log(getattr(rows[j], letter)) for j in (k - 1, k, k + 1))
    share = (here - before) / (after - before)
    expected = cost[0] ** (1 - share) * cost[2] ** share
    return cost[1] / cost[0], cost[1] / expected


def sweep(recur, letter, rows, options):
    """Prints one sweep and returns its number of cliffs."""
    times = [time_of(recur, row, options.seconds) for row in rows]
    found, worst = [], (0, None)
    for k in range(1, len(rows) - 1):
        if max(excess(letter, rows, times, k)) > LIMIT:
            # Another process may have run: measure again, for longer.
            for j in (k - 1, k, k + 1):
                times[j] = min(times[j], time_of(recur, rows[j], 10 * options.seconds))
        both = excess(letter, rows, times, k)
        worst = max(worst, (max(both), rows[k].id))
        if max(both) > LIMIT:
            found.append(rows[k].id)
        if options.all or max(both) > LIMIT:
            cost = times[k] / rows[k].operations
            print(f"  {rows[k].id:42} {cost * 1e12:8.1f} ps per operation, "
                  f"{both[0]:.2f} x the smaller shape, {both[1]:.2f} x the interpolation"
                  + ("  CLIFF" if max(both) > LIMIT else ""))
    first = rows[0]
    print(f"{first.cell} {first.scalar} {first.pass_} along {letter} from {first.id}: "
          f"worst {worst[0]:.2f}, {worst[1]}", flush=True)
    return len(found)


def main():
    parser = argparse.ArgumentParser(
        description="Searches for shapes that are slow compared with their neighbors.")
    parser.add_argument("--rows", default="", metavar="REGEX",
                        help="run only sweeps whose first row matches")
    parser.add_argument("--seconds", type=float, default=0.01,
                        help="duration per shape (%(default)s)")
    parser.add_argument("--all", action="store_true", help="print every shape")
    options = parser.parse_args()
    chosen = [(letter, rows) for letter, rows in sweeps() if re.search(options.rows, rows[0].id)]
    if not chosen:
        sys.exit(f"no first row matches {options.rows}")
    recur = Contender("recur", 1)
    cliffs = sum(sweep(recur, letter, rows, options) for letter, rows in chosen)
    recur.end()
    print(f"{cliffs} cliffs in {sum(len(rows) for _, rows in chosen)} shapes")
    sys.exit(cliffs > 0)


if __name__ == "__main__":
    main()
