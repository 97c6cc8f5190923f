"""Forecasts a partition of a panel, whose rows are in frames of pandas, with the command recur."""

import pathlib
import subprocess
import tempfile

import pandas


def forecasts(frames, model):
    """Runs one recur over the rows of a partition, and yields the rows of its forecasts.

    The rows of a series are next to each other. All columns contain text, so that every engine
    passes on the digits as they are. Temporary files contain the rows and the forecasts, so that no
    forecast leaves this function before recur has succeeded.

    Raises RuntimeError with the message of recur if it fails. The engine then runs the partition
    again.
    """
    with tempfile.TemporaryDirectory(prefix="recur-") as folder:
        rows = pathlib.Path(folder, "panel.csv")
        result = pathlib.Path(folder, "forecast.csv")
        for frame in frames:
            # An engine may have partitions without a series.
            if len(frame):
                frame.to_csv(rows, mode="a", index=False, header=not rows.exists())
        if not rows.exists():
            return
        command = ["recur", "forecast", rows, "--model", model, "--output", "-"]
        with open(result, "wb") as output:
            process = subprocess.run(
                command + ["--threads", "1", "--quiet"], stdout=output, stderr=subprocess.PIPE)
        if process.returncode != 0:
            message = process.stderr.decode(errors="replace")
            raise RuntimeError(f"recur ended with status {process.returncode}: {message}")
        # A series may be called NA.
        yield from pandas.read_csv(
            result, dtype=str, keep_default_na=False, chunksize=100_000)
