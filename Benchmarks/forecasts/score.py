"""score.py: errors and coverage of forecasts, and their tables.

The forecasts of a method are {name: {origin: {"median": [...], "lo80": [...], "hi80": [...],
..., "seconds": number}}}, with the lower and upper bounds of each level's interval.

MASE is the mean absolute error, MSIS the mean interval score (Gneiting and Raftery 2007). Both are
divided by the mean absolute error of the seasonal-naive forecast within the values before the
origin. A series' score is its mean over origins. Means over series are geometric, since they
compare ratios. Coverage is the share of all values.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import numpy as np

ORIGINS = 3
LEVELS = (50, 80, 95)


def parts(series):
    """(values before the origin, observed values) of each origin; NaN is a missing value."""
    values = np.array([np.nan if v is None else v for v in series["values"]], dtype=float)
    horizon = series["horizon"]
    for k in range(ORIGINS):
        end = len(values) - (ORIGINS - k) * horizon
        yield values[:end], values[end:end + horizon]


def interval_scores(observed, lower, upper, level):
    """The width of the interval, and 2 / alpha times the distance of a value outside."""
    outside = np.maximum(lower - observed, 0) + np.maximum(observed - upper, 0)
    return upper - lower + 2 / (1 - level / 100) * outside


def score(series, origins):
    """MASE, MSIS of each level, and which values each level covers, as lists over origins."""
    found = {}
    period = series["period"]
    for k, (known, observed) in enumerate(parts(series)):
        present = ~np.isnan(observed)
        if not present.any():
            continue
        forecast = {name: np.array(values)[present] for name, values in origins[str(k)].items()
                    if isinstance(values, list)}
        observed = observed[present]
        scale = np.nanmean(np.abs(known[period:] - known[:-period]))
        error = np.mean(np.abs(observed - forecast["median"]))
        found.setdefault("MASE", []).append(error / scale)
        for level in LEVELS:
            if f"lo{level}" not in forecast:
                continue
            lower, upper = forecast[f"lo{level}"], forecast[f"hi{level}"]
            widths = interval_scores(observed, lower, upper, level)
            found.setdefault(f"MSIS {level}%", []).append(np.mean(widths) / scale)
            found.setdefault(f"{level}%", []).extend((lower <= observed) & (observed <= upper))
    return found


def mean(scores, measure):
    """One measure over all series, as text; a dash if the method has no such interval."""
    lists = [one[measure] for one in scores if measure in one]
    if len(lists) < len(scores) or not lists:
        return "–"
    if measure.startswith("M"):
        return f"{np.exp(np.mean([np.log(np.mean(values)) for values in lists])):.3f}"
    return f"{100 * np.mean(np.concatenate(lists)):.1f}%"


def markdown(header, rows):
    lines = (header, ["---"] * len(header), *rows)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tables(half, results):
    """Two tables in Markdown: all measures of each method, and MASE for each interval."""
    scores = {method: {one["name"]: score(one, forecasts[one["name"]]) for one in half}
              for method, forecasts in results.items()}
    measures = ("MASE", "50%", "80%", "95%", "MSIS 80%", "MSIS 95%")
    rows = [[method, *(mean(list(found.values()), measure) for measure in measures)]
            for method, found in scores.items()]
    first = markdown(["method", *measures], rows)
    names = {}
    for one in half:
        names.setdefault(one["interval"], []).append(one["name"])
    rows = [[interval, str(len(chosen)),
             *(mean([found[name] for name in chosen], "MASE") for found in scores.values())]
            for interval, chosen in names.items()]
    return first + "\n\n" + markdown(["interval", "series", *scores], rows)
