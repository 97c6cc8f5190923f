"""A panel, its forecast by one process, and a test case that compares with that forecast."""

import os
import pathlib
import shutil
import subprocess
import unittest

import chapter
from make_panel import write_panel

WORK = chapter.ROOT / "build/engines/work"
SERIES = 1200
HORIZON = 12


def recur(*arguments):
    """Runs the command under test itself."""
    return subprocess.run(
        [os.environ["RECUR_UNDER_TEST"], *map(str, arguments)], check=True, capture_output=True)


def prepare():
    """Writes the panel, trains a model, and forecasts all series in one process."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    with open(WORK / "sales.csv", "w") as file:
        write_panel(file, SERIES, 60)
    recur("train", "panel", WORK / "sales.csv", "--id", "store", "--horizon", HORIZON,
          "--steps", 30, "--output", WORK)
    whole = recur("forecast", WORK / "sales.csv", "--model", WORK / "model.safetensors",
                  "--output", "-", "--threads", "1", "--quiet").stdout
    lines = sorted(whole.splitlines())
    if len(lines) != SERIES * HORIZON + 1:
        raise ValueError(f"one process wrote {len(lines)} lines")
    (WORK / "sorted.csv").write_bytes(b"\n".join(lines))


class EngineCase(unittest.TestCase):
    """A test in its own folder, where the blocks of the chapter run."""

    def setUp(self):
        self.folder = WORK / self.id().rpartition(".")[2]
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        for name in ["sales.csv", "model.safetensors"]:
            (self.folder / name).symlink_to(WORK / name)
        (self.folder / "Examples").symlink_to(chapter.ROOT / "Examples")
        self.report = self.folder / "killed"
        self.starts = self.folder / "starts"

    def run_block(self, text, partitions, kills=False, **environment):
        """Runs a block of the chapter; returns its status and its messages."""
        variables = dict(os.environ, PARTS=str(partitions), STARTS=str(self.starts), **environment)
        self.starts.write_text("")
        if kills:
            variables["KILL_ONCE"] = str(self.report)
        result = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", chapter.block(text)], cwd=self.folder,
            env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900)
        (self.folder / "messages.txt").write_text(result.stdout)
        return result.returncode, result.stdout

    def assert_succeeds(self, text, partitions, **options):
        status, messages = self.run_block(text, partitions, **options)
        self.assertEqual(status, 0, messages[-3000:])

    def assert_started(self, count):
        """The last block started a number of recur processes."""
        self.assertEqual(len(self.starts.read_text().splitlines()), count)

    def assert_killed(self):
        """One recur was killed after a part of its output, before its end."""
        received, status = self.report.read_text().split()
        self.assertGreater(int(received), 0)
        self.assertEqual(int(status), -9)

    def assert_forecast(self, *paths):
        """The lines of files, with a single header, are those of one process."""
        paths = [pathlib.Path(path) for path in paths]
        lines = [path.read_bytes().splitlines() for path in paths]
        headers = {file[0] for file in lines if file}
        self.assertEqual(len(headers), 1)
        found = sorted([*headers] + [line for file in lines for line in file[1:]])
        expected = (WORK / "sorted.csv").read_bytes().split(b"\n")
        self.assertEqual(len(found), len(expected))
        # The whole lists would be too long for a message.
        different = [pair for pair in zip(found, expected) if pair[0] != pair[1]]
        self.assertEqual(different[:1], [])

    def names(self, pattern):
        return sorted(self.folder.glob(pattern))
