#!/usr/bin/env python3
"""Forecasts a panel with engines that distribute work, and compares with one process.

run.py --recur COMMAND ENGINE...: engines are parallel, slurm, spark and dask. The tests run the
blocks of DistributedForecasts.md: with 1, 2 and 7 partitions, and with a recur that is killed.
"""

import argparse
import os
import pathlib
import sys
import unittest

import engine_case

ENGINES = ["parallel", "slurm", "spark", "dask"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recur", required=True, type=pathlib.Path)
    parser.add_argument("engines", nargs="+", choices=ENGINES)
    arguments = parser.parse_args()
    here = pathlib.Path(__file__).resolve().parent
    os.environ["RECUR_UNDER_TEST"] = str(arguments.recur.resolve(strict=True))
    # The engines find the recur of this folder, and the Python with Spark and Dask.
    programs = [str(here), str(pathlib.Path(sys.executable).parent)]
    os.environ["PATH"] = os.pathsep.join(programs + [os.environ["PATH"]])
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"

    engine_case.prepare()
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(
        loader.loadTestsFromName(f"test_{name}")
        for name in ["split", "filter", *arguments.engines])
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main()
