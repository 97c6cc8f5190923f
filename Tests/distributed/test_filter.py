"""The function of Examples/distributed/recur_filter.py, which Spark and Dask call."""

import sys

import chapter
import engine_case
import pandas

sys.path.insert(0, str(chapter.ROOT / "Examples/distributed"))
from recur_filter import forecasts  # noqa: E402

MODEL = engine_case.WORK / "model.safetensors"


def rows(name, values):
    months = [f"2010-{month:02d}" for month in range(1, len(values) + 1)]
    return pandas.DataFrame({"store": name, "month": months, "sales": values}, dtype=str)


class FilterTests(engine_case.EngineCase):
    def forecasts(self, *frames):
        return pandas.concat(forecasts(frames, MODEL), ignore_index=True)

    def test_no_frame(self):
        self.assertEqual(list(forecasts([], MODEL)), [])

    def test_frame_without_rows(self):
        self.assertEqual(list(forecasts([rows("a", [])], MODEL)), [])

    def test_series_in_two_frames(self):
        whole = rows("a", ["5.5", "6.5", "5", "7"])
        parts = self.forecasts(whole[:2], whole[:0], whole[2:])
        self.assertEqual(len(parts), engine_case.HORIZON)
        self.assertTrue(parts.equals(self.forecasts(whole)))

    def test_names_that_look_like_missing_values(self):
        found = self.forecasts(rows("NA", ["5", "6"]), rows("null", ["5", "6"]))
        self.assertEqual(list(found["store"].unique()), ["NA", "null"])

    def test_missing_value(self):
        """Engines represent an empty field by None."""
        values = rows("a", ["5", None, "7", "6"])
        values["sales"] = ["5", None, "7", "6"]
        self.assertEqual(len(self.forecasts(values)), engine_case.HORIZON)

    def test_failure(self):
        message = "recur ended with status 2: .* sales is .x., expected a number"
        with self.assertRaisesRegex(RuntimeError, message):
            self.forecasts(rows("a", ["5", "6"]), rows("b", ["5", "x"]))
