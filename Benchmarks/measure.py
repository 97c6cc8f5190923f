"""Measures one row: checks that the results agree, then times the contenders in turns.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import math
import statistics
import tempfile
import time

from contender import Absent, Contender, Failure

# Maximum differences from Recur's results, relative to the largest value of each result.
LIMITS = {"float": 2e-5, "double": 1e-13}
# Peers round weights and states in other ways.
COMPRESSED_LIMITS = {"half": 2e-3, "bfloat16": 1.6e-2, "int8": 5e-2}
MOST_CALLS = 20000
SETTLE = 0.05  # seconds, for the previous contender's threads to go to sleep


class Entry:
    """A contender in a row: its times, or the reason for having none."""

    def __init__(self, contender):
        self.contender = contender
        self.rounds = []
        self.fields = {"name": contender.name, "version": contender.version}

    @property
    def runs(self):
        return "absent" not in self.fields and "error" not in self.fields

    def attempt(self, do, **request):
        try:
            return self.contender.ask(do, **request)
        except Absent as why:
            self.fields["absent"] = str(why)
        except Failure as what:
            self.fields["error"] = str(what)

    def finish(self, row):
        if not self.runs:
            return self.fields
        # Each round counts once, regardless of its number of calls.
        self.fields["seconds"] = statistics.median(map(statistics.median, self.rounds))
        self.fields["seconds_min"] = min(map(min, self.rounds))
        if row.pass_ == "stream":
            calls = sorted(t for times in self.rounds for t in times)
            self.fields["seconds"] = statistics.median(calls)
            self.fields["seconds_p999"] = calls[math.ceil(0.999 * len(calls)) - 1]
            self.fields["calls"] = len(calls)
        return self.fields


def check_agreement(row, recur, peers):
    with tempfile.TemporaryDirectory() as folder:
        recur.attempt("results", folder=folder)
        for peer in filter(lambda peer: peer.runs and recur.runs, peers):
            reply = peer.attempt("results", folder=folder)
            if reply is None:
                continue
            peer.fields["differences"] = reply["differences"]
            limit = COMPRESSED_LIMITS.get(row.storage, LIMITS[row.scalar])
            bad = {name: value for name, value in reply["differences"].items()
                   if not value <= limit}
            if bad:
                peer.fields["error"] = "results differ: " + ", ".join(
                    f"{name} {value:.1e}" for name, value in bad.items())


def measure_peak(row, entries, threads):
    """Uses new processes, because memory that a process freed before would hide the growth."""
    for entry in entries:
        if entry.runs and entry.contender.worker in ("recur", "pytorch"):
            alone = Contender(entry.contender.worker, threads)
            try:
                entry.fields["peak_bytes"] = alone.ask("peak", row=row.json())["bytes"]
            finally:
                alone.end()


def time_in_turn(entries, rounds, seconds):
    for round_ in range(rounds):
        turn = round_ % len(entries)
        for entry in entries[turn:] + entries[:turn]:
            if entry.runs:
                time.sleep(SETTLE if entry.contender.threads > 1 else 0)
                reply = entry.attempt("time", seconds=seconds, limit=MOST_CALLS)
                if reply:
                    entry.rounds.append(reply["seconds"])


def measure(row, contenders, rounds, seconds):
    """contenders: Recur first, then its peers."""
    entries = [Entry(contender) for contender in contenders]
    recur, peers = entries[0], entries[1:]
    for entry in entries:
        if recur.runs:
            entry.attempt("prepare", row=row.json())
    if peers:
        check_agreement(row, recur, peers)
    if recur.runs:
        time_in_turn(entries, rounds, seconds)
    if row.pass_ == "training":
        measure_peak(row, entries, row.threads)
    result = row.json() | {"asked": [contender.worker for contender in contenders]}
    result |= {k: v for k, v in recur.finish(row).items() if k != "name"}
    if recur.runs:
        result["gflops"] = row.operations / recur.fields["seconds"] * 1e-9
    result["peers"] = [with_ratio(peer.finish(row), recur) for peer in peers]
    return result


def with_ratio(fields, recur):
    if "seconds" in fields and "seconds" in recur.fields:
        fields["ratio"] = fields["seconds"] / recur.fields["seconds"]
    return fields
