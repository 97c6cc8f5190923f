"""A contender: its process and its requests (workers/protocol.py).

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import pathlib
import subprocess
import sys

from problem import BUILD

WORKERS = pathlib.Path(__file__).parent / "workers"


class Failure(Exception):
    """A contender reported an error, or its process ended."""


class Absent(Exception):
    """A contender does not support the row."""


def cores(threads):
    """The last cores: other processes tend to run on the first."""
    return sorted(os.sched_getaffinity(0))[-threads:]


class Contender:
    """One process with a number of threads, on as many cores."""

    def __init__(self, worker, threads):
        environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
        self.process = subprocess.Popen(
            [sys.executable, WORKERS / f"{worker}.py", str(threads)], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log_file(worker),
            start_new_session=True,  # only the parent handles interrupts
            preexec_fn=lambda: os.sched_setaffinity(0, cores(threads)))
        self.worker, self.threads = worker, threads
        hello = self._reply()
        self.name, self.version = hello["name"], hello["version"]

    def _reply(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"the worker {self.worker} ended with status {self.process.wait()}")
        return json.loads(line)

    def ask(self, do, **request):
        try:
            print(json.dumps({"do": do} | request), file=self.process.stdin, flush=True)
        except BrokenPipeError:
            pass  # the missing reply is reported below
        reply = self._reply()
        if "absent" in reply:
            raise Absent(reply["absent"])
        if "error" in reply:
            raise Failure(reply["error"])
        return reply

    def alive(self):
        return self.process.poll() is None

    def end(self):
        self.process.kill()
        self.process.wait()


def log_file(worker):
    return open(BUILD / f"{worker}.log", "a")
