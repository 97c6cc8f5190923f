"""command.py: forecasts of `recur forecast`, in the layout that score.py reads.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import subprocess
import tempfile
import time
from pathlib import Path

import pandas as pd
from score import LEVELS, ORIGINS
from series import INTERVALS

FORMATS = {"month": "%Y-%m", "quarter": "%Y-%m", "hour": "%Y-%m-%dT%H:%M",
           "half hour": "%Y-%m-%dT%H:%M"}
COVERAGES = [argument for level in LEVELS for argument in ("--coverage", str(level / 100))]


def dates(series):
    """The dates of all values, as a user would write them."""
    count, interval, start = len(series["values"]), series["interval"], series["start"]
    if interval == "year":
        first = int(start.partition("-")[0])
        return [f"{first + k:04}" for k in range(count)]
    times = pd.date_range(start, periods=count, freq=INTERVALS[interval].frequency)
    return times.strftime(FORMATS.get(interval, "%Y-%m-%d")).tolist()


def write(series, path):
    """Writes the series as a CSV file; missing values are empty fields."""
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["date", "value"])
        for day, value in zip(dates(series), series["values"]):
            writer.writerow([day, "" if value is None else repr(value)])


def bounds(rows):
    """The intervals whose two quantiles are among the columns."""
    columns = {}
    for level in LEVELS:
        for side, share in (("lo", (100 - level) / 200), ("hi", (100 + level) / 200)):
            if (column := f"quantile_{share:g}") in rows[0]:
                columns[f"{side}{level}"] = [float(row[column]) for row in rows]
    return columns


def forecasts(command, series):
    """The forecasts from each origin; raises CalledProcessError if the command refuses."""
    horizon = series["horizon"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "series.csv")
        write(series, path)
        start = time.monotonic()
        subprocess.run(
            [command, "forecast", path, "--horizon", str(horizon), "--backtest", str(ORIGINS),
             "--refit", *COVERAGES, "--no-plot", "--output", folder, "--json"],
            check=True, capture_output=True, text=True)
        seconds = (time.monotonic() - start) / (ORIGINS + 1)  # the command also forecasts the end
        with open(Path(folder, "backtest.csv")) as file:
            rows = list(csv.DictReader(file))
    origins = {}
    for k in range(ORIGINS):
        part = rows[k * horizon:(k + 1) * horizon]
        median = [float(row["forecast"]) for row in part]
        origins[str(k)] = {"median": median, **bounds(part), "seconds": round(seconds, 3)}
    return origins
