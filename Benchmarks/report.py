#!/usr/bin/env python3
"""Writes the tables of docs/performance.md from the results of each kind of processor, between the
markers for that kind. Tables of other kinds remain as they are.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import pathlib
import re
import sys

from summary import PASSES, groups, load, means, peers, ratios, result_files, shape, threads
from table import duration, ratio, size

PAGE = pathlib.Path("docs/performance.md")
END = "<!-- tables: end -->"  # of all kinds


def markdown(header, rows):
    """A table whose first column is left-aligned and whose other columns are right-aligned."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def rates(numbers):
    return ", ".join(f"{name} {number * 1e-9:.3g}" for name, number in numbers.items())


def machine_lines(results):
    machine, library = results["machine"], results["library"]
    yield f"- {machine['processor']}, {machine['cores']} cores, " + ", ".join(
        f"{level} {size(count)}" for level, count in machine["caches"].items())
    yield f"- {machine['system']}; {machine['compiler']}; Recur at {library['commit']}"
    yield "- " + ", ".join(f"{name} {version}" for name, version in peers(results["rows"]).items())
    for count, roofs in results["roofs"].items():
        yield (f"- roofs with {threads(int(count))}: GFLOP/s {rates(roofs['fma'])}; "
               f"GB/s {rates(roofs['bandwidth'])}")


def means_table(results):
    names = list(peers(results["rows"]))
    return markdown(["", "rows", *names, "fastest peer", "minimum of a row"],
                    [[kind, str(count), *map(ratio, numbers)]
                     for kind, count, *numbers in means(results["rows"], names)])


def row_cells(row, names):
    if "error" in row:
        return [f"{row['cell']} {shape(row)}", row["error"]] + [""] * (len(names) + 2)
    own = ratios(row)
    if row["pass"] == "stream":
        time = f"{duration(row['seconds'])} ({duration(row['seconds_p999'])})"
    else:
        time = duration(row["seconds"])
    errors = {peer["name"] for peer in row["peers"] if "error" in peer}
    return [f"{row['cell']} {shape(row)}", time, f"{row['gflops']:.3g}",
            f"{row['roof_share']:.0%} {row['roof']}",
            *("error" if name in errors else ratio(own.get(name)) for name in names)]


def memory_table(rows):
    """Peak memory of training, for rows with a value for both libraries."""
    lines = []
    for row in rows:
        other = next((peer.get("peak_bytes") for peer in row["peers"]
                      if peer["name"] == "PyTorch"), None)
        if other and "peak_bytes" in row:
            lines.append([f"{row['cell']} {row['scalar']} {shape(row)}", size(row["peak_bytes"]),
                          size(other)])
    return markdown(["T, B, I, H", "Recur", "PyTorch"], lines)


def sections(results):
    names = list(peers(results["rows"]))
    processor = results["machine"]["processor"]
    yield f"### {processor}: machine and versions\n\n" + "\n".join(machine_lines(results))
    yield (f"### {processor}: means\n\n"
           "Geometric means of the ratio of a peer's time to Recur's, and the minimum of the ratio "
           "over all rows and\npeers. Above 1, Recur is faster.\n\n"
           + means_table(results))
    for (count, pass_, scalar), rows in groups(
            results["rows"], "threads", "pass", "scalar").items():
        time = "median (99.9%)" if pass_ == "stream" else "median"
        title = f"{PASSES[pass_]}, {scalar}, {threads(count)}"
        yield (f"### {processor}: {title}\n\n" + markdown(
            ["T, B, I, H", time, "GFLOP/s", "share of roof", *names],
            [row_cells(row, names) for row in rows]))
    training = [row for row in results["rows"]
                if row["pass"] == "training" and row["threads"] == 1]
    yield (f"### {processor}: memory of forward and backward, 1 thread\n\n"
           + memory_table(training))


def marked(results):
    """The tables of one kind of processor."""
    kind = results["machine"]["kind"]
    return "\n\n".join([f"<!-- tables {kind}: begin -->", *sections(results),
                        f"<!-- tables {kind}: end -->"])


def main():
    files = result_files()
    page = PAGE.read_text()
    if not files:
        sys.exit("there are no results of make bench")
    if END not in page:
        sys.exit(f"{PAGE} has no marker {END}")
    for results in map(load, files):
        kind, text = results["machine"]["kind"], marked(results)
        old = re.compile(f"<!-- tables {kind}: begin -->.*<!-- tables {kind}: end -->", re.DOTALL)
        page = (old.sub(lambda _: text, page) if old.search(page)
                else page.replace(END, f"{text}\n\n{END}"))
    PAGE.write_text(page)


if __name__ == "__main__":
    main()
