"""A run that writes a checkpoint after every step is killed at random moments. The file must always
be complete, and a run must resume from it."""
import random
import signal
import subprocess
import time

TRAIN = ("train text text.txt --hidden-size 200 --layers 1 --epochs 1000 --sequence-length 2 "
         "--batch-size 1 --checkpoint-every 1 --output saved")
RESUME = TRAIN.split(" --hidden")[0] + " --resume saved/checkpoint.safetensors " \
    "--checkpoint-every 1 --output saved"
TRIALS = 4


def trials(recur, quick):
    kills = (100 if quick else 1000) // TRIALS
    for number in range(TRIALS):
        yield f"{number}", kill_often, (recur, number, kills)


def kill_often(recur, number, kills):
    generator = random.Random(f"{recur.seed} {number}")
    folder = recur.folder()
    file = folder / "saved" / "checkpoint.safetensors"
    begin(recur, folder, file)
    problems, unfinished = [], 0
    for kill in range(kills):
        before = file.stat().st_mtime_ns
        process = start(recur, RESUME, folder)
        # Not before the run saves; a step takes some milliseconds.
        while process.poll() is None and file.stat().st_mtime_ns == before:
            time.sleep(0.001)
        time.sleep(generator.random() * 0.03)
        process.send_signal(signal.SIGKILL)
        _, errors = process.communicate()
        unfinished += (file.parent / ".checkpoint.safetensors.partial").exists()
        result = recur.run(recur.arguments("info saved/checkpoint.safetensors"), folder)
        if process.returncode != -signal.SIGKILL:
            problems.append(f"kill {kill}: the run ended by itself: {errors[-300:]}")
        if result.status != 0 or b"checksum verified" not in result.output:
            problems.append(f"kill {kill}: {result.errors}")
    if unfinished == 0:
        problems.append("no kill was during a write")
    return kills, recur.ended(folder, problems)


def begin(recur, folder, file):
    """Kills a run as soon as it has written a checkpoint."""
    process = start(recur, TRAIN, folder)
    while process.poll() is None and not file.exists():
        time.sleep(0.01)
    process.kill()
    process.communicate()


def start(recur, line, folder):
    return subprocess.Popen(
        recur.arguments(line), cwd=folder, env=recur.environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
