"""Few descriptors, little memory, no new threads or processes, small stacks, a hanging gnuplot."""
import re
import shlex
import shutil
import signal
import subprocess
import time

from command import CASES, HERE, files, messages
from outputs import shell, unprivileged

# The status of the loader and of glibc, if they cannot start a program.
UNLOADED = 127
NO_MEMORY = re.compile("failed to allocate|[cC]annot allocate|bad_alloc")
MODULES = "|".join(folder.name for folder in (HERE.parents[1] / "Sources").iterdir())
# Swift's messages begin with the module and the file; fail_nth.c prints the others.
OWN_CODE = re.compile(rf"\b({MODULES})/\S+\.swift:\d+: |"
                      r"fail_nth: signal \d+ in (\S+ called by )?\S*(RecurCommand|ReaderChild)$",
                      re.MULTILINE)
SWIFT_CODE = re.compile(
    r"fail_nth: signal \d+ in (\S+ called by )?\S*/lib(swift|_?Foundation)\w*\.so")
# Of x86-64 and arm64.
TRAPS = (-signal.SIGILL, -signal.SIGTRAP)


def trials(recur, quick):
    for case in CASES:
        yield f"descriptors/{case}", descriptors, (recur, case)
        yield f"memory/{case}", memory, (recur, quick, case)
        yield f"processes/{case}", processes, (recur, case)
        yield f"stack/{case}", stack, (recur, case)
    for number in (signal.SIGINT, signal.SIGTERM):
        yield f"hang/{number.name}", hang, (recur, number)


def descriptors(recur, case):
    """From 4: with 3, the loader cannot open the libraries."""
    problems = []
    for count in range(4, 17):
        folder = recur.folder()
        arguments = shell(f"ulimit -n {count}", recur.arguments(CASES[case].line))
        result = recur.run(arguments, folder)
        problems += recur.described(arguments, recur.problems(case, result, folder))
        shutil.rmtree(folder.parent)
    return 13, problems


def memory(recur, quick, case):
    """From the smallest limit that is enough, down to those with which nothing can be loaded."""
    problems, attempts, unloaded, new = [], 0, 0, recur.without_failure(case)[1]
    step = 100 if quick else 25
    limit = enough_memory(recur, case)
    while unloaded < 3:
        limit -= step
        folder = recur.folder()
        arguments = limited_memory(recur, case, limit)
        result = recur.run(arguments, folder)
        attempts += 1
        unloaded = unloaded + 1 if result.status == UNLOADED else 0
        found = without_memory(result)
        if result.status in (0, 1, 2):
            found += recur.problems(case, result, folder)
        found += incomplete_files(recur, folder, new)
        problems += recur.described(arguments, found)
        shutil.rmtree(folder.parent)
    return attempts, problems


def limited_memory(recur, case, kilobytes):
    library = shlex.quote(str(recur.library))
    script = f"ulimit -v {kilobytes}; export FAIL_FAULTS=1 LD_PRELOAD={library}"
    return shell(script, recur.arguments(CASES[case].line))


def enough_memory(recur, case):
    """About the smallest limit, in KiB, with which a case succeeds."""
    least, enough = 0, 1 << 22
    while enough - least > 20:
        middle = (least + enough) // 2
        folder = recur.folder()
        if recur.run(limited_memory(recur, case, middle), folder).status == 0:
            enough = middle
        else:
            least = middle
        shutil.rmtree(folder.parent)
    return enough


def without_memory(result):
    """What is wrong with an end for lack of memory. Swift ends a process that has no memory for a
    Swift object, with a message, unless there is no memory for that either; Foundation's Data and
    the start of Swift end it by a trap, without one; and the loader ends it if it cannot load the
    libraries."""
    if result.status is None:
        return messages(result)
    if OWN_CODE.search(result.errors):
        return [f"Recur ended the process: {result.errors[-300:]}"]
    silent = result.status in TRAPS and "Fatal error" not in result.errors
    if result.status in (0, 1, 2, UNLOADED) or silent:
        return []
    explained = NO_MEMORY.search(result.errors) or SWIFT_CODE.search(result.errors)
    return [] if explained else [
        f"status {result.status} without a message about memory: {result.errors[-300:]}"]


def incomplete_files(recur, folder, new):
    """Temporary files may remain if the process was ended."""
    old = files(recur.inputs)
    return [f"{name} is neither the old nor the new file"
            for name, content in files(folder).items()
            if not name.endswith((".partial", ".part"))
            and content not in (old.get(name), new.get(name))
            and not recur.verifies(folder / name)]


def processes(recur, case):
    """root has no such limit, and runs the command as another user."""
    folder = recur.folder()
    for path in [folder.parent, folder, *folder.rglob("*")]:
        path.chmod(0o777)
    arguments = unprivileged(shell("ulimit -u 1", recur.arguments(CASES[case].line)))
    result = recur.run(arguments, folder)
    found = recur.problems(case, result, folder)
    shutil.rmtree(folder.parent)
    return 1, recur.described(arguments, found, prepare="chmod -R 777 .")


def stack(recur, case):
    """The limit is also the size of the stacks of new threads."""
    problems = []
    for kilobytes in (128, 256, 512):
        folder = recur.folder()
        arguments = shell(f"ulimit -s {kilobytes}", recur.arguments(CASES[case].line))
        result = recur.run(arguments, folder)
        found = recur.problems(case, result, folder)
        if result.status != 0:
            found.append(f"status {result.status}")
        problems += recur.described(arguments, found)
        shutil.rmtree(folder.parent)
    return 3, problems


def hang(recur, number):
    """A signal ends the wait for a gnuplot that does not end by itself."""
    folder = recur.folder()
    gnuplot = folder.parent / "gnuplot"
    gnuplot.write_text("#!/bin/sh\nexec sleep 100\n")
    gnuplot.chmod(0o755)
    environment = recur.environment({"PATH": f"{gnuplot.parent}:{recur.environment()['PATH']}"})
    process = subprocess.Popen(
        recur.arguments(CASES["train-text"].line), cwd=folder, env=environment,
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
    return 1, recur.ended(folder, found)
