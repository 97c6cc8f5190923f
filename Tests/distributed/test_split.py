"""The parts that Examples/distributed/split-panel.awk writes."""

import os
import subprocess

import chapter
from engine_case import EngineCase


class SplitTests(EngineCase):
    def split(self, panel, parts, column="store", locale="C"):
        (self.folder / "parts").mkdir(exist_ok=True)
        return subprocess.run(
            ["awk", "-v", f"id={column}", "-v", f"parts={parts}", "-v", "folder=parts",
             "-f", chapter.ROOT / "Examples/distributed/split-panel.awk"],
            cwd=self.folder, input=panel, capture_output=True, text=True,
            env=os.environ | {"LC_ALL": locale})

    def assert_parts(self, panel, *expected, **options):
        result = self.split(panel, len(expected), **options)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        found = [path.read_bytes().decode() for path in self.names("parts/*")]
        self.assertEqual(found, list(expected))

    def test_split_column_after_quoted_commas(self):
        self.assert_parts(
            'place,store\n"a, ""b""",1\n"c, d",2\n"e, f",2\n',
            'place,store\n"c, d",2\n"e, f",2\n', 'place,store\n"a, ""b""",1\n')

    def test_split_separated_rows_of_a_series(self):
        """They stay in one part, so that recur can refuse them."""
        self.assert_parts(
            "store,sales\na,1\nb,2\na,3\n", "store,sales\nb,2\n", "store,sales\na,1\na,3\n")

    def test_split_name_with_and_without_quotes(self):
        self.assert_parts(
            'store,sales\na,1\nb,2\n"a",3\n', "store,sales\nb,2\n", 'store,sales\na,1\n"a",3\n')

    def test_split_name_that_begins_another(self):
        self.assert_parts(
            "store,sales\na,1\nab,2\na,3\n", "store,sales\na,1\nab,2\na,3\n")

    def test_split_windows_line_ends(self):
        self.assert_parts(
            "sales,store\r\n1,a\r\n2,b\r\n", "sales,store\r\n2,b\r\n", "sales,store\r\n1,a\r\n")

    def assert_fails(self, message, *arguments, **options):
        result = self.split(*arguments, **options)
        self.assertEqual((result.returncode, result.stderr), (1, f"split-panel.awk: {message}\n"))

    def test_split_byte_order_mark(self):
        self.assert_parts("\ufeffstore,sales\na,1\n", "store,sales\na,1\n")

    def test_split_into_fewer_parts_than_before(self):
        self.assertEqual(self.split("store,sales\na,1\nb,2\n", 2).returncode, 0)
        self.assert_fails("parts/part-0001.csv is a part of an earlier run: empty the folder",
                          "store,sales\na,1\nb,2\n", 1)

    def test_split_unknown_column(self):
        self.assert_fails("the header has no column shop", "store,sales\na,1\n", 2, column="shop")

    def test_split_more_parts_than_series(self):
        self.assert_fails("no series is in part 0: expected fewer parts", "store,sales\na,1\n", 2)
