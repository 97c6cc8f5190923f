"""Forecasts with a job array of Slurm, whose daemons run on this machine."""

from engine_case import EngineCase
from slurm_node import SlurmNode


class SlurmTests(EngineCase):
    @classmethod
    def setUpClass(cls):
        cls.node = SlurmNode()
        cls.addClassCleanup(cls.node.stop)

    def split(self, partitions):
        self.assert_succeeds("split-panel.awk", partitions)

    def submit(self, partitions, **options):
        configuration = str(self.node.configuration)
        return self.run_block("sbatch", partitions, SLURM_CONF=configuration, **options)

    def submit_successfully(self, partitions):
        status, messages = self.submit(partitions)
        self.assertEqual(status, 0, messages + self.task_messages())
        self.assert_forecast(*self.names("forecasts/*.csv"))

    def task_messages(self):
        return "\n".join(path.read_text() for path in self.names("slurm-*.out"))

    def check(self, partitions):
        self.split(partitions)
        self.submit_successfully(partitions)
        self.assert_started(partitions)

    def test_slurm_1(self):
        self.check(1)

    def test_slurm_2(self):
        self.check(2)

    def test_slurm_7(self):
        self.check(7)

    def test_slurm_killed(self):
        self.split(7)
        status, _ = self.submit(7, kills=True)
        self.assert_killed()
        # The status of a shell whose program was killed.
        self.assertEqual(status, 128 + 9, self.task_messages())
        self.assertEqual(self.node.run("squeue", "--noheader"), "")
        failed = self.node.run("scontrol", "show", "jobs", "--oneliner").count("JobState=FAILED")
        self.assertEqual(failed, 1)
        done = {path: path.stat().st_mtime_ns for path in self.names("forecasts/*.csv")}
        self.assertEqual(len(done), 6)
        self.submit_successfully(7)
        self.assert_started(1)
        self.assertEqual(done, {path: path.stat().st_mtime_ns for path in done})
