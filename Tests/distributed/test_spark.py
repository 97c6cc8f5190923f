"""Forecasts with Spark in local mode."""

from engine_case import EngineCase


class SparkTests(EngineCase):
    def forecast(self, partitions, failures, **options):
        # Another master than the chapter's, to count the failures of a task.
        return self.run_block(
            "forecast_spark.py", partitions, MASTER=f"local[2,{failures}]", **options)

    def check(self, partitions, **options):
        status, messages = self.forecast(partitions, failures=4, **options)
        self.assertEqual(status, 0, messages[-3000:])
        files = self.names("forecasts/part-*.csv")
        self.assertEqual(len(files), partitions)
        self.assert_forecast(*files)
        self.assert_started(partitions + (1 if "kills" in options else 0))

    def test_spark_1(self):
        self.check(1)

    def test_spark_2(self):
        self.check(2)

    def test_spark_7(self):
        self.check(7)

    def test_spark_killed_and_run_again(self):
        self.check(7, kills=True)
        self.assert_killed()

    def test_spark_killed(self):
        status, messages = self.forecast(7, failures=1, kills=True)
        self.assert_killed()
        self.assertNotEqual(status, 0)
        self.assertIn("recur ended with status -9", messages)
        self.assertEqual(self.names("forecasts/_SUCCESS"), [])
        self.check(7)
