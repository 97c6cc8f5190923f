"""A cluster of Slurm with one node, this machine, for the time of a test."""

import contextlib
import getpass
import os
import pathlib
import secrets
import socket
import subprocess
import tempfile
import time

CONFIGURATION = """\
ClusterName=recur
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
NodeName={host} NodeAddr=127.0.0.1 CPUs={processors} State=UNKNOWN
PartitionName=local Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class SlurmNode:
    """munged, slurmctld and slurmd; stop() ends them."""

    def __init__(self):
        # The path of a socket has at most 107 bytes.
        self.temporary = tempfile.TemporaryDirectory(prefix="recur-slurm-")
        self.folder = pathlib.Path(self.temporary.name)
        self.processes = []
        for name in ["state", "spool"]:
            (self.folder / name).mkdir()
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(1024))
        key.chmod(0o400)
        self.configuration = self.folder / "slurm.conf"
        self.configuration.write_text(CONFIGURATION.format(
            host=socket.gethostname().partition(".")[0], ports=free_ports(2), folder=self.folder,
            user=getpass.getuser(), processors=os.cpu_count()))
        try:
            self.start_all()
        except BaseException:
            self.stop()
            raise

    def start_all(self):
        names = [f"--{option}={self.folder}/munge.{suffix}" for option, suffix in [
            ("key-file", "key"), ("socket", "socket"), ("pid-file", "pid"), ("log-file", "log"),
            ("seed-file", "seed")]]
        self.start("munged", "--foreground", "--force", *names)
        self.wait("munged", lambda: (self.folder / "munge.socket").exists())
        self.start("slurmctld", "-D")
        self.start("slurmd", "-D")
        self.wait("slurmctld", lambda: "idle" in self.run("sinfo", "--noheader", "--format=%t"))

    def start(self, program, *arguments):
        log = open(self.folder / f"{program}.out", "wb")
        path = os.environ["PATH"] + ":/usr/sbin:/sbin"
        environment = dict(os.environ, PATH=path, SLURM_CONF=str(self.configuration))
        self.processes.append(subprocess.Popen(
            [program, *arguments], env=environment, stdout=log, stderr=log))

    def run(self, *command):
        return subprocess.run(
            command, env=dict(os.environ, SLURM_CONF=str(self.configuration)),
            capture_output=True, text=True).stdout

    def wait(self, program, is_ready):
        for _ in range(300):
            if is_ready():
                return
            time.sleep(0.2)
        log = (self.folder / f"{program}.out").read_text(errors="replace")
        raise RuntimeError(f"{program} did not start:\n{log[-3000:]}")

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(timeout=60)
        self.temporary.cleanup()
