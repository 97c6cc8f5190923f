"""Outputs that cannot be written: full disks, limits of file sizes, folders without permission,
closed and broken streams."""
import os
import shutil
import subprocess

from command import CASES, files, messages

COMMANDS = ["", "forecast", "train", "train text", "train series", "generate", "info", "gradients",
            "textbook", "demo"]


# ReaderChild writes no files.
OWN_CASES = {case: CASES[case].line for case in CASES
             if not CASES[case].line.startswith("ReaderChild")}

# Lines of bash that make standard output unwritable.
STREAMS = {"full": "exec >/dev/full", "closed": "exec >&-", "broken": "exec > >(true); wait $!"}


def trials(recur, quick):
    for stream in STREAMS:
        for case, line in OWN_CASES.items():
            yield f"{stream} output/{case}", unwritable_output, (recur, stream, line, case)
        for name in COMMANDS:
            yield f"{stream} output/{name} --help", unwritable_output, (
                recur, stream, f"{name} --help", None)
    mounts = can_mount()
    if not mounts:
        print("outputs/disk space: skipped, because this user cannot mount a disk")
    for case in OWN_CASES:
        for stream in (0, 2):
            yield f"closed {stream}/{case}", closed_stream, (recur, case, stream)
        yield f"file size/{case}", file_sizes, (recur, quick, case)
        if mounts:
            yield f"disk space/{case}", disk_spaces, (recur, quick, case)
        yield f"read-only/{case}", read_only, (recur, case)


def shell(script, arguments):
    """Runs a command line after lines of bash."""
    return ["bash", "-c", f'{script}\nexec "$@"', "bash", *arguments]


def unprivileged(arguments):
    """Runs a command line without the privileges of root."""
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    return (user if os.geteuid() == 0 else []) + arguments


def unwritable_output(recur, stream, line, case):
    """Status 1 and a message about standard output. The message is missing if the reader of a pipe
    has ended, as head does. A command that prints nothing there has status 0."""
    status = 1 if case is None or recur.without_failure(case)[0] else 0
    lines = status if stream != "broken" else 0
    folder = recur.folder()
    arguments = shell(STREAMS[stream], recur.arguments(line))
    result = recur.run(arguments, folder)
    found = recur.problems(case, result, folder, lines=lines) if case else messages(result, lines)
    if result.status != status or result.errors.count("recur: standard output: ") != lines:
        found.append(f"status {result.status}, expected {status}: {result.errors[-300:]}")
    shutil.rmtree(folder.parent)
    return 1, recur.described(arguments, found)


def closed_stream(recur, case, stream):
    """Standard input is not read, and messages may be lost."""
    folder = recur.folder()
    arguments = shell(f"exec {stream}>&-", recur.arguments(CASES[case].line))
    result = recur.run(arguments, folder)
    found = recur.problems(case, result, folder)
    if result.status != 0:
        found.append(f"status {result.status}: {result.errors[-300:]}")
    shutil.rmtree(folder.parent)
    return 1, recur.described(arguments, found)


def file_sizes(recur, quick, case):
    problems = []
    sizes = [0, 1000, 10_000] if quick else [0, 1, 100, 500, 1000, 2000, 5000, 10_000, 20_000]
    for size in sizes:
        folder = recur.folder()
        arguments = shell(f"prlimit --pid $$ --fsize={size}:{size}",
                          recur.arguments(CASES[case].line))
        result = recur.run(arguments, folder)
        problems += recur.described(arguments, recur.problems(case, result, folder))
        shutil.rmtree(folder.parent)
    return len(sizes), problems


def can_mount():
    """Whether this user can mount disks in a namespace of their own."""
    return shutil.which("unshare") and subprocess.run(
        UNSHARE + ["mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True,
        check=False).returncode == 0


def disk_spaces(recur, quick, case):
    problems = []
    spaces = [0, 8, 32] if quick else [0, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128]
    for space in spaces:
        folder = recur.folder()
        after = folder.parent / "after"
        arguments = UNSHARE + ["bash", "-ec", DISK, "bash", str(space)] + recur.arguments(
            CASES[case].line)
        result = recur.run(arguments, folder)
        problems += recur.described(arguments, recur.problems(case, result, after))
        shutil.rmtree(folder.parent)
    return len(spaces), problems


UNSHARE = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])
# Fills a small disk, except for some KiB, and copies its files when the command has ended, from the
# current folder and to the one named after next to it.
DISK = """
space=$1 folder=$PWD
shift
mount -t tmpfs -o size=4m tmpfs /mnt
cp -r . /mnt
cd /mnt
mount -o remount,size=$((4 * ($(stat -f -c '%b - %f' /mnt) + 1) + space))k /mnt
status=0
"$@" || status=$?
cp -r /mnt "$folder/../after"
exit $status
"""


def read_only(recur, case):
    """The output folder has no permission to write. root needs none, and uses another user."""
    folder = recur.folder()
    out = folder / "out"
    folder.parent.chmod(0o755)
    out.chmod(0o555)
    arguments = unprivileged(recur.arguments(CASES[case].line))
    result = recur.run(arguments, folder)
    found = recur.problems(case, result, folder)
    if files(folder) != files(recur.inputs):
        found.append("changed a file")
    if (result.status == 0) == CASES[case].writes:
        found.append(f"status {result.status}: {result.errors[-300:]}")
    out.chmod(0o755)
    shutil.rmtree(folder.parent)
    return 1, recur.described(arguments, found, prepare="chmod a-w out")
