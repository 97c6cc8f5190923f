"""forecasts.py RECUR: compares the accuracy of `recur forecast` with AutoARIMA and AutoETS.

RECUR is the command. The series are those that the packages pmdarima and statsmodels contain. Each
one is forecast from its last three origins, one horizon apart, with default options: every method
is fitted to the values before the origin. The error is MASE, the mean absolute error divided by
that of the seasonal-naive forecast within the known values.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import math
import statistics
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pmdarima.datasets
import statsmodels.api
from statsforecast.models import AutoARIMA, AutoETS

ORIGINS, COVERAGE = 3, 80
HORIZONS = {1: 6, 4: 8, 12: 12}
PEERS = {"AutoARIMA": AutoARIMA, "AutoETS": AutoETS}


def all_series():
    """(name, period, values) of each series, without missing values."""
    load = pmdarima.datasets
    data = statsmodels.api.datasets
    macro = data.macrodata.load_pandas().data
    co2 = data.co2.load_pandas().data["co2"].interpolate()
    pacific = data.elnino.load_pandas().data.drop(columns="YEAR").to_numpy().ravel()
    yield "air passengers", 12, load.load_airpassengers()
    yield "Australian beer", 4, load.load_ausbeer()[:-1]  # the last value is missing
    yield "Australian residents", 4, load.load_austres()
    yield "lynx", 1, load.load_lynx()
    yield "wine", 12, load.load_wineind()
    yield "woollen yarn", 4, load.load_woolyrnq()
    yield "CO2, monthly", 12, co2.resample("MS").mean()
    yield "Pacific temperature", 12, pacific[~np.isnan(pacific)]
    yield "Nile", 1, data.nile.load_pandas().data["volume"]
    yield "sunspots, yearly", 1, data.sunspots.load_pandas().data["SUNACTIVITY"]
    for name in ("realgdp", "realcons", "realinv", "cpi", "m1", "unemp", "tbilrate"):
        yield f"US {name}", 4, macro[name]


def date(index, period):
    """Some date for each value: Recur derives the intervals from dates."""
    month = index * 12 // period
    return f"{1700 + month // 12}-{month % 12 + 1:02d}" if period > 1 else 1700 + index


def scale(known, period):
    return np.mean(np.abs(known[period:] - known[:-period]))


def recur(command, values, period, horizon):
    """The forecasts of each origin: a list of (known, observed, median, lower, upper)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "series.csv")
        lines = [f"{date(k, period)},{value!r}" for k, value in enumerate(values.tolist())]
        path.write_text("\n".join(["date,value", *lines, ""]))
        subprocess.run(
            [command, "forecast", path, "--horizon", str(horizon), "--period", str(period),
             "--backtest", str(ORIGINS), "--refit", "--output", folder, "--json"],
            check=True, capture_output=True)
        with open(Path(folder, "backtest.csv")) as file:
            rows = list(csv.DictReader(file))
    columns = ("observed", "forecast", "quantile_0.1", "quantile_0.9")
    table = np.array([[float(row[column]) for column in columns] for row in rows])
    return [(values[:len(values) - (ORIGINS - k) * horizon], *part.T)
            for k, part in enumerate(table.reshape(ORIGINS, horizon, len(columns)))]


def peer(model, values, period, horizon):
    """The same of a model of statsforecast."""
    origins = []
    for k in range(ORIGINS):
        end = len(values) - (ORIGINS - k) * horizon
        known, observed = values[:end], values[end:end + horizon]
        forecast = model(season_length=period).forecast(y=known, h=horizon, level=[COVERAGE])
        origins.append((known, observed, forecast["mean"], forecast[f"lo-{COVERAGE}"],
                        forecast[f"hi-{COVERAGE}"]))
    return origins


def score(origins, period):
    """MASE, and the share of the values that the intervals cover."""
    errors = [np.mean(np.abs(observed - median)) / scale(known, period)
              for known, observed, median, _, _ in origins]
    covered = [np.mean((lower <= observed) & (observed <= upper))
               for _, observed, _, lower, upper in origins]
    return statistics.mean(errors), statistics.mean(covered)


def main():
    warnings.simplefilter("ignore")
    command = sys.argv[1]
    scores = {name: [] for name in ("Recur", *PEERS)}
    print(f"{'MASE':24}" + "".join(f"{name:>12}" for name in scores))
    for name, period, values in all_series():
        values = np.asarray(values, dtype=float)
        horizon = HORIZONS[period]
        scores["Recur"].append(score(recur(command, values, period, horizon), period))
        for label, model in PEERS.items():
            scores[label].append(score(peer(model, values, period, horizon), period))
        print(f"{name:24}" + "".join(f"{s[-1][0]:12.3f}" for s in scores.values()), flush=True)
    count = len(scores["Recur"])
    means = [math.exp(statistics.mean(math.log(mase) for mase, _ in s)) for s in scores.values()]
    covered = [100 * statistics.mean(share for _, share in s) for s in scores.values()]
    print(f"\n{f'geometric mean of {count}':24}" + "".join(f"{mean:12.3f}" for mean in means))
    print(f"{'coverage, 80% nominal':24}" + "".join(f"{share:11.1f}%" for share in covered))


if __name__ == "__main__":
    main()
