"""Few descriptors, little memory, no new threads or processes, small stacks, a hanging gnuplot."""
import shutil
import signal
import subprocess
import time

from command import CASES, files, messages
from outputs import described, ordinary_user, shell


def trials(recur, quick):
    for case in CASES:
        yield f"descriptors/{case}", descriptors, (recur, case)
        yield f"memory/{case}", memory, (recur, quick, case)
        yield f"processes/{case}", processes, (recur, case)
        yield f"stack/{case}", stack, (recur, case)
    for number in (signal.SIGINT, signal.SIGTERM):
        yield f"hang/{number.name}", hang, (recur, number)


def descriptors(recur, case):
    """With 3 the system cannot even start the command: its loader prints a message."""
    problems = []
    for count in range(4, 17):
        folder = recur.folder()
        script = f"ulimit -n {count}"
        result = recur.run(shell(script, recur.arguments(CASES[case])), folder)
        problems += described(script, CASES[case], recur.problems(case, result, folder))
        shutil.rmtree(folder.parent)
    return 13, problems


def memory(recur, quick, case):
    """Swift ends a process that has no memory for a Swift object, and the loader one that has none
    for its libraries. The command must still end, and leave complete files."""
    problems, attempts = [], 0
    old, new = files(recur.inputs), recur.without_failure(case)[1]
    for kilobytes in range(60_000, 200_000, 10_000 if quick else 1000):
        folder = recur.folder()
        script = f"ulimit -v {kilobytes}"
        result = recur.run(shell(script, recur.arguments(CASES[case])), folder)
        attempts += 1
        found = [] if result.status is not None else messages(result)
        if "Recur/" in result.errors or "RecurTraining/" in result.errors:
            found.append(f"Recur ended the process: {result.errors[-300:]}")
        if result.status in (0, 1, 2):
            found += recur.problems(case, result, folder)
        found += [f"{name} is neither the old nor the new file"
                  for name, content in files(folder).items()
                  if not name.endswith((".partial", ".part"))
                  and content not in (old.get(name), new.get(name))
                  and not recur.verifies(folder / name)]
        problems += described(script, CASES[case], found)
        shutil.rmtree(folder.parent)
    return attempts, problems


def processes(recur, case):
    """root has no such limit, and runs the command as another user."""
    folder = recur.folder()
    for path in [folder.parent, folder, *folder.rglob("*")]:
        path.chmod(0o777)
    user = ordinary_user()
    script = "ulimit -u 1"
    result = recur.run(shell(script, recur.arguments(CASES[case])), folder, **user)
    found = recur.problems(case, result, folder)
    shutil.rmtree(folder.parent)
    return 1, described(script, CASES[case], found)


def stack(recur, case):
    """The limit is also the size of the stacks of new threads."""
    problems = []
    for kilobytes in (128, 256, 512):
        folder = recur.folder()
        script = f"ulimit -s {kilobytes}"
        result = recur.run(shell(script, recur.arguments(CASES[case])), folder)
        found = recur.problems(case, result, folder)
        if result.status != 0:
            found.append(f"status {result.status}")
        problems += described(script, CASES[case], found)
        shutil.rmtree(folder.parent)
    return 3, problems


def hang(recur, number):
    """A signal ends the wait for a gnuplot that does not end by itself."""
    folder = recur.folder()
    gnuplot = folder.parent / "gnuplot"
    gnuplot.write_text("#!/bin/sh\nexec sleep 100\n")
    gnuplot.chmod(0o755)
    path = f"{gnuplot.parent}:{recur.environment()['PATH']}"
    process = subprocess.Popen(
        recur.arguments(CASES["train-text"]), cwd=folder, env=recur.environment({"PATH": path}),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if "history.csv" in line:
            break
    time.sleep(0.3)
    process.send_signal(number)
    try:
        _, errors = process.communicate(timeout=10)
        found = [] if "no plot drawn: gnuplot" in errors else [f"printed {errors}"]
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        found = ["did not end"]
    if process.returncode != 0:
        found.append(f"status {process.returncode}")
    shutil.rmtree(folder.parent)
    return 1, found
