"""Each call of the C library that the command depends on fails, one in each run."""
import errno
import shutil

from command import CASES

SHORT = 0
CALLS = {
    "allocate": [errno.ENOMEM],
    "pthread_create": [errno.EAGAIN],
    "posix_spawn": [errno.EAGAIN],
    "open": [errno.EMFILE, errno.EACCES],
    "read": [errno.EIO, errno.EINTR, SHORT],
    "write": [errno.ENOSPC, errno.EINTR, SHORT],
    "fsync": [errno.EIO],
    "ftruncate": [errno.EIO],
    "close": [errno.EIO],
    "dup": [errno.EMFILE],
    "rename": [errno.EACCES],
    "flock": [errno.ENOLCK, errno.EINTR],
    "fstat": [errno.EIO],
    "stat": [errno.EACCES],
    "realpath": [errno.ENOMEM],
    "mkdir": [errno.EACCES],
    "mkstemp": [errno.EACCES],
    "tmpfile": [errno.EMFILE],
    "unlink": [errno.EACCES],
    "getcwd": [errno.ENOMEM],
}

# Swift ends the process if its own allocations fail.
ONLY_PROGRAM = {"allocate"}


def trials(recur, quick):
    for case in CASES:
        for call, errors in CALLS.items():
            for error in errors:
                name = f"{case}/{call}/{errno.errorcode.get(error, 'SHORT')}"
                yield name, every_call, (recur, quick, case, call, error)


def unreached(attempts):
    """The calls that no case makes, from the number of attempts of each trial."""
    return [call for call in CALLS
            if not any(count for name, count in attempts.items() if f"/{call}/" in name)]


def every_call(recur, quick, case, call, error):
    """Runs a case with n = 1, 2, … until it has no n-th call; quick skips ever more."""
    problems, attempts, n = [], 0, 1
    recur.without_failure(case)
    while True:
        failed, found = one_call(recur, case, call, error, n)
        problems += found
        if not failed:
            return attempts, problems
        attempts += 1
        n += 1 + n // 3 if quick else 1


def one_call(recur, case, call, error, n):
    """Returns whether the n-th call was reached, and what is wrong."""
    folder = recur.folder()
    log = folder.parent / "log"
    changes = {
        "LD_PRELOAD": str(recur.library), "FAIL_CALL": call, "FAIL_NTH": str(n),
        "FAIL_ERRNO": str(error), "FAIL_LOG": str(log),
        "FAIL_CALLER": "program" if call in ONLY_PROGRAM else "any"}
    arguments = recur.arguments(CASES[case].line)
    result = recur.run(arguments, folder, changes)
    failed = log.exists()
    problems = recur.problems(case, result, folder, may_remain=call in ("unlink", "close"))
    if not failed and result.status != 0:
        problems.append(f"status {result.status} although no call failed: {result.errors[-300:]}")
    if failed and call == "fsync" and result.status != 1:
        problems.append(f"status {result.status}, but a file may not be on the disk")
    if problems:
        place = log.read_text().strip() if failed else "no call failed"
        problems = recur.described(arguments, [f"{problem}\n    {place}" for problem in problems],
                                   {**changes, "FAIL_LOG": "/dev/stderr"})
    shutil.rmtree(folder.parent)
    return failed, problems
