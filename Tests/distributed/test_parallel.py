"""Forecasts with GNU parallel."""

from engine_case import EngineCase


class StreamTests(EngineCase):
    def stream(self, partitions, **options):
        # A block has fewer bytes than the given number, because it ends with a series.
        size = (self.folder / "sales.csv").stat().st_size
        block = str(size // partitions * 21 // 20)
        return self.run_block("forecast-stream.sh", partitions, BLOCK=block, **options)

    def check(self, partitions):
        status, messages = self.stream(partitions)
        self.assertEqual(status, 0, messages)
        self.assert_started(partitions)
        self.assert_forecast(self.folder / "forecast.csv")

    def test_stream_1(self):
        self.check(1)

    def test_stream_2(self):
        self.check(2)

    def test_stream_7(self):
        self.check(7)

    def test_stream_names_in_quotes(self):
        """R writes the names of columns in quotes."""
        panel = self.folder / "sales.csv"
        header, rows = panel.read_text().split("\n", 1)
        quoted = ",".join(f'"{name}"' for name in header.split(","))
        panel.unlink()  # It was a link to the panel of all tests.
        panel.write_text(f"\ufeff{quoted}\n{rows}")
        self.check(2)

    def test_stream_killed(self):
        status, messages = self.stream(7, kills=True)
        self.assert_killed()
        self.assertEqual(status, 1)
        self.assertIn("This job failed", messages)
        self.check(7)


class PartsTests(EngineCase):
    def split(self, partitions):
        self.assert_succeeds("split-panel.awk", partitions)
        self.assertEqual(len(self.names("parts/*.csv")), partitions)

    def check(self, partitions):
        self.split(partitions)
        self.assert_succeeds("forecast-parts.sh", partitions)
        self.assert_started(partitions)
        self.assert_forecast(*self.names("forecasts/*.csv"))
        self.assert_succeeds("FNR > 1", partitions)
        self.assert_forecast(self.folder / "forecast.csv")

    def test_parts_1(self):
        self.check(1)

    def test_parts_2(self):
        self.check(2)

    def test_parts_7(self):
        self.check(7)

    def test_parts_killed(self):
        self.split(7)
        status, _ = self.run_block("forecast-parts.sh", 7, kills=True)
        self.assert_killed()
        self.assertEqual(status, 1)
        done = {path: path.stat().st_mtime_ns for path in self.names("forecasts/*.csv")}
        self.assertEqual(len(done), 6)
        self.assertEqual(len(self.names("forecasts/*.partial")), 1)
        self.assert_succeeds("forecast-parts.sh", 7)
        self.assert_started(1)
        self.assert_forecast(*self.names("forecasts/*.csv"))
        self.assertEqual(done, {path: path.stat().st_mtime_ns for path in done})

    def test_parts_of_a_new_model(self):
        self.check(2)
        model = self.folder / "model.safetensors"
        contents = model.read_bytes()
        model.unlink()
        model.write_bytes(contents)
        self.assert_succeeds("forecast-parts.sh", 2)
        self.assert_started(2)

    def test_parts_that_are_gone(self):
        self.check(2)
        (self.folder / "parts/part-0001.csv").unlink()
        status, messages = self.run_block("forecast-parts.sh", 2)
        self.assertEqual(status, 2)
        self.assertIn("part-0001.csv has no part in parts: remove it", messages)
