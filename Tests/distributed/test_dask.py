"""Forecasts with Dask and two workers on this machine."""

from engine_case import EngineCase


class DaskTests(EngineCase):
    def check(self, partitions, **options):
        self.assert_succeeds("forecast_dask.py", partitions, RETRIES="3", **options)
        files = self.names("forecasts/part-*.csv")
        self.assertEqual(len(files), partitions)
        self.assert_forecast(*files)
        self.assert_started(partitions + (1 if "kills" in options else 0))

    def test_dask_1(self):
        self.check(1)

    def test_dask_2(self):
        self.check(2)

    def test_dask_7(self):
        self.check(7)

    def test_dask_killed_and_run_again(self):
        self.check(7, kills=True)
        self.assert_killed()

    def test_dask_killed(self):
        status, messages = self.run_block("forecast_dask.py", 7, kills=True, RETRIES="0")
        self.assert_killed()
        self.assertEqual(status, 1)
        self.assertIn("recur ended with status -9", messages)
        self.check(7)
