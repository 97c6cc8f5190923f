"""forecasts COMMAND: compares `recur forecast` with statistical methods on public series.

COMMAND is the command recur. The series are those of catalogue.py, in two halves: settings of
Recur may be chosen on the half "choose", never on the half "report". Each series is forecast from
its last three origins, one horizon apart, by methods fitted to the values before the origin, with
default options. The forecasts are kept in build/forecasts: those of the peers are reused, those
of Recur are not.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import command
import peers
from score import tables
from series import halves, read_all

FOLDER = Path(__file__).resolve().parents[2] / "build/forecasts"


def recur_forecasts(path, half):
    """Recur's forecasts, without the series that the command refuses."""
    found = {}
    for series in half:
        print(f"{series['name']}: Recur", flush=True)
        try:
            found[series["name"]] = command.forecasts(path, series)
        except subprocess.CalledProcessError as error:
            print(f"{series['name']}: {error.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
    return found


def main():
    parser = argparse.ArgumentParser(prog="forecasts", description=__doc__.splitlines()[0])
    parser.add_argument("command", help="path of the command recur")
    parser.add_argument("--half", choices=("choose", "report"), default="choose")
    options = parser.parse_args()

    half = halves(read_all())[options.half]
    FOLDER.mkdir(parents=True, exist_ok=True)
    # The name contains the data, so that forecasts of other values are never reused.
    state = hashlib.sha256(json.dumps(half).encode()).hexdigest()[:8]
    methods = peers.forecasts(half, FOLDER / f"peers-{options.half}-{state}.json")
    results = {"Recur": recur_forecasts(options.command, half)}
    Path(FOLDER, f"recur-{options.half}-{state}.json").write_text(json.dumps(
        {name: {"Recur": origins} for name, origins in results["Recur"].items()}))
    for method in peers.PEERS:
        results[method] = {name: found[method] for name, found in methods.items()}

    common = [series for series in half if series["name"] in results["Recur"]]
    print(f"\n{len(common)} of {len(half)} series\n\n{tables(common, results)}")


if __name__ == "__main__":
    main()
