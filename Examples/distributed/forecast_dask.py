#!/usr/bin/env python3
"""Forecasts a panel with Dask, one process of recur per partition.

forecast_dask.py PANEL MODEL OUTPUT --id COLUMN --partitions N [--scheduler ADDRESS] [--retries N]

Without --scheduler, two workers start on this machine. Every worker needs recur on its path, and
MODEL under the same path. Dask runs a failed partition again, up to --retries times, and then the
script fails.
"""

import argparse
import pathlib

import dask.dataframe
import pandas
from dask.distributed import Client

from recur_filter import forecasts

# The header of recur's output after the name of the series. A model with another --coverage has
# other names. Text keeps recur's digits; convert it to float for calculations.
COLUMNS = ["date", "forecast", "quantile_0.1", "quantile_0.9"]


def forecast_partition(rows, id_column, model, meta):
    """Returns the forecasts of one partition as a frame."""
    rows = rows.sort_values(id_column, kind="stable")
    return pandas.concat([meta, *forecasts([rows], model)], ignore_index=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("panel")
    parser.add_argument("model")
    parser.add_argument("output")
    parser.add_argument("--id", required=True)
    parser.add_argument("--partitions", type=int, required=True)
    parser.add_argument("--scheduler")
    parser.add_argument("--retries", type=int, default=3)
    arguments = parser.parse_args()

    local = {"n_workers": 2, "threads_per_worker": 1}
    address = {"address": arguments.scheduler} if arguments.scheduler else local
    with Client(**address) as client:
        client.upload_file(str(pathlib.Path(__file__).with_name("recur_filter.py")))
        panel = dask.dataframe.read_csv(arguments.panel, dtype=str, keep_default_na=False)
        meta = pandas.DataFrame(columns=[arguments.id] + COLUMNS, dtype=str)
        # The hash of its name puts all rows of a series into one partition.
        panel.shuffle(arguments.id, npartitions=arguments.partitions).map_partitions(
            forecast_partition, arguments.id, arguments.model, meta, meta=meta,
        ).to_csv(
            f"{arguments.output}/part-*.csv", index=False,
            compute_kwargs={"retries": arguments.retries})


if __name__ == "__main__":
    main()
