#!/usr/bin/env python3
"""Plots each results-KIND.json as results-KIND.png: for each row, the peers' times divided by
Recur's, and the share of the roof.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

from summary import (  # noqa: E402
    PASSES, groups, load, peers, ratios, result_files, shape, threads)

COLOURS = {"PyTorch": "#d1495b", "ONNX Runtime": "#2e86ab", "OpenVINO": "#8e6bbf",
           "JAX": "#e8a33d", "tract": "#4c956c"}
ROW_HEIGHT = 0.17  # inches


def label(row):
    return f"{row['cell']} {row['scalar']}  {shape(row)}"


def draw_ratios(axes, rows):
    for name, colour in COLOURS.items():
        points = [(ratios(row)[name], y) for y, row in enumerate(rows) if name in ratios(row)]
        if points:
            axes.scatter(*zip(*points), s=14, color=colour, label=name, zorder=3)
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    axes.set_yticks(range(len(rows)), [label(row) for row in rows], fontsize=6)
    axes.set_ylim(len(rows) - 0.5, -0.5)


def draw_shares(axes, rows):
    colours = ["#4c956c" if row["roof"] == "fma" else "#9bb8a5" for row in rows]
    axes.barh(range(len(rows)), [row["roof_share"] for row in rows], color=colours)
    for y, row in enumerate(rows):
        axes.text(row["roof_share"] + 0.01, y, row["roof"], va="center", fontsize=5)
    axes.set_xlim(0, 1.05)
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}")


def draw(path):
    results = load(path)
    parts = groups([row for row in results["rows"] if "roof" in row], "threads", "pass")
    heights = [len(rows) + 4 for rows in parts.values()]
    figure, grid = plt.subplots(
        len(parts), 2, figsize=(10, ROW_HEIGHT * sum(heights) + 1), squeeze=False,
        gridspec_kw={"height_ratios": heights, "width_ratios": [3, 1]}, layout="constrained")
    for (left, right), ((count, pass_), rows) in zip(grid, parts.items()):
        draw_ratios(left, rows)
        draw_shares(right, rows)
        right.set_yticks([])
        right.set_ylim(left.get_ylim())
        title = f"{PASSES[pass_]}, {threads(count)}"
        left.set_title(f"{title}: times divided by Recur's", fontsize=8, loc="left")
        right.set_title("share of the roof", fontsize=8, loc="left")
        for axes in (left, right):
            axes.grid(axis="both", linewidth=0.3)
            axes.set_axisbelow(True)
            axes.tick_params(axis="x", labelsize=7)
    grid[0][0].legend(fontsize=7, ncols=4, loc="lower right", bbox_to_anchor=(1, 1), frameon=False)
    versions = ", ".join(f"{name} {version}" for name, version in peers(results["rows"]).items())
    figure.suptitle(f"{results['machine']['processor']}: {versions}; T, B, I, H", fontsize=8)
    figure.savefig(path.with_suffix(".png"), dpi=130)


def main():
    for path in result_files():
        draw(path)


if __name__ == "__main__":
    main()
