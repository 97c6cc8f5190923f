"""Summaries of many rows.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import math
import pathlib

HERE = pathlib.Path(__file__).parent
PASSES = {"forward": "forward", "training": "forward and backward",
          "stream": "a step at a time"}


def result_files():
    """The results of make bench, one file for each kind of processor."""
    return sorted(path for path in HERE.glob("results-*.json") if path.stem != "results-quick")


def load(path):
    results = json.loads(pathlib.Path(path).read_text())
    results["rows"].sort(key=lambda row: (row["threads"], list(PASSES).index(row["pass"])))
    return results


def shape(row):
    """T, B, I, H of a row; a star stands for the one with layers, directions and lengths."""
    text = f"{row['T']}, {row['B']}, {row['I']}, {row['H']}"
    if row["lengths"]:
        text += " *"
    elif row["layers"] * row["directions"] > 1:
        text += f", {row['layers']} layers" if row["layers"] > 1 else ", 2 directions"
    return text + "".join(
        f", {word}" for word in (row.get("storage", "full"), row.get("signal", ""))
        if word not in ("", "full"))


def ratios(row):
    """The ratio of each peer's time to Recur's."""
    return {peer["name"]: peer["ratio"] for peer in row["peers"] if "ratio" in peer}


def fastest(row):
    return min(ratios(row).values(), default=None)


def geometric_mean(values):
    values = [value for value in values if value]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def groups(rows, *fields):
    """Rows grouped by the values of some fields, in their original order."""
    found = {}
    for row in rows:
        found.setdefault(tuple(row[field] for field in fields), []).append(row)
    return found


def means(rows, names):
    """For each kind of rows and for all together: a name, the number of rows, the geometric mean of
    the ratios of each peer and of each row's fastest peer, and the minimum of all ratios."""
    kinds = {f"{PASSES[pass_]}, {scalar}, {threads(count)}": group for (count, pass_, scalar), group
             in groups(rows, "threads", "pass", "scalar").items()}
    for kind, group in (kinds | {"all": rows}).items():
        yield (kind, len(group),
               *(geometric_mean(ratios(row).get(name) for row in group) for name in names),
               geometric_mean(fastest(row) for row in group),
               min((fastest(row) for row in group if fastest(row)), default=None))


def threads(count):
    return "1 thread" if count == 1 else f"{count} threads"


def peers(rows):
    """The names and versions of all peers that took part in some row."""
    found = {}
    for row in rows:
        for peer in row["peers"]:
            found[peer["name"]] = peer["version"]
    return found
