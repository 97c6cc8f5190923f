"""peers.py: forecasts of the methods of statsforecast, in the layout that score.py reads.

Missing values before an origin are interpolated for these methods. Long histories keep their last
values. A fit that takes too much processor time is replaced, and the forecast says so.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import multiprocessing
import resource
import time
import warnings

import numpy as np
from score import LEVELS, ORIGINS, parts
from statsforecast.models import AutoARIMA, AutoETS, AutoTheta, SeasonalNaive

SECONDS, LONGEST = 60, 2000
SHORTER = 500  # values for a model that replaces others that take too long


def arima(period, count):
    # The search approximates likelihoods where the exact ones take too long. (R approximates them
    # for seasons above 12 and from 150 values on.)
    return AutoARIMA(season_length=period, approximation=period > 12 or count > 1000)


PEERS = {
    "AutoARIMA": arima,
    "AutoETS": lambda period, count: AutoETS(season_length=period),
    "AutoTheta": lambda period, count: AutoTheta(season_length=period),
    "SeasonalNaive": lambda period, count: SeasonalNaive(season_length=period),
}


def interpolated(values):
    present = np.flatnonzero(~np.isnan(values))
    return np.interp(np.arange(len(values)), present, values[present])


def work(results, model, known, horizon):
    """In a process of its own: fits and sends the forecast, or nothing when time is up."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    warnings.simplefilter("ignore")
    forecast = model.forecast(y=known, h=horizon, level=list(LEVELS))
    results.send({name: np.asarray(values, dtype=float) for name, values in forecast.items()})


def fit(model, known, horizon):
    """The forecast of a model; None if the fit failed or took too long."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(sender, model, known, horizon))
    process.start()
    sender.close()
    try:
        forecast = receiver.recv()
    except EOFError:
        forecast = None
    process.join()
    return forecast if forecast and np.all(np.isfinite(forecast["mean"])) else None


def attempts(method, period, known):
    """(note, model, known values) of the fits to try, in this order."""
    yield None, PEERS[method](period, len(known)), known
    if method == "AutoARIMA":
        yield "approximated", AutoARIMA(season_length=period, approximation=True), known
        yield "without season", AutoARIMA(season_length=1), known[-SHORTER:]
    yield "seasonal naive", SeasonalNaive(season_length=period), known


def forecast(method, series, known):
    """The forecast of one method from one origin."""
    start = time.monotonic()
    for note, model, values in attempts(method, series["period"], interpolated(known)[-LONGEST:]):
        if result := fit(model, values, series["horizon"]):
            break
    bounds = {f"{side}{level}": result[f"{side}-{level}"].tolist()
              for level in LEVELS for side in ("lo", "hi")}
    return {"median": result["mean"].tolist(), **bounds,
            "seconds": round(time.monotonic() - start, 3), **({"cut": note} if note else {})}


def forecasts(half, path):
    """The forecasts of all peers; those in the file at path are not computed again."""
    found = json.loads(path.read_text()) if path.exists() else {}
    for series in half:
        mine = found.setdefault(series["name"], {})
        for method in PEERS:
            if len(mine.get(method, {})) < ORIGINS:
                print(f"{series['name']}: {method}", flush=True)
                mine[method] = {str(k): forecast(method, series, known)
                                for k, (known, _) in enumerate(parts(series))}
                path.write_text(json.dumps(found))
    return found
