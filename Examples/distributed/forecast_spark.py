#!/usr/bin/env python3
"""Forecasts a panel with Spark, one process of recur per partition.

spark-submit forecast_spark.py PANEL MODEL OUTPUT --id COLUMN --partitions N

Every worker needs recur on its path, pandas and pyarrow, and MODEL under the same path. Spark tries
a partition spark.task.maxFailures times (4 by default; once in local mode, unless the master is
local[CORES,FAILURES]), and then the job fails. OUTPUT/_SUCCESS exists only if all partitions
succeeded.
"""

import argparse
import pathlib

from pyspark.sql import SparkSession

from recur_filter import forecasts

# The header of recur's output after the name of the series. A model with another --coverage has
# other names. Text keeps recur's digits; cast to double for calculations.
COLUMNS = "date string, forecast string, `quantile_0.1` string, `quantile_0.9` string"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("panel")
    parser.add_argument("model")
    parser.add_argument("output")
    parser.add_argument("--id", required=True)
    parser.add_argument("--partitions", type=int, required=True)
    arguments = parser.parse_args()
    model = arguments.model

    spark = SparkSession.builder.appName("recur").getOrCreate()
    spark.sparkContext.addPyFile(str(pathlib.Path(__file__).with_name("recur_filter.py")))
    # Without a schema, all columns are text.
    panel = spark.read.csv(arguments.panel, header=True, escape='"')
    (
        panel
        # The hash of its name puts all rows of a series into one partition.
        .repartition(arguments.partitions, arguments.id)
        .sortWithinPartitions(arguments.id)
        .mapInPandas(lambda frames: forecasts(frames, model), f"`{arguments.id}` string, {COLUMNS}")
        .write.csv(arguments.output, header=True, escape='"', mode="overwrite",
                   ignoreLeadingWhiteSpace=False, ignoreTrailingWhiteSpace=False)
    )
    spark.stop()


if __name__ == "__main__":
    main()
