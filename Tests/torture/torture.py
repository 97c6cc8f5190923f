#!/usr/bin/env python3
"""Tries Recur with failures that tests cannot wait for: see README.md.

A trial is a name, a function and its arguments; the function returns the number of attempts and the
list of what is wrong.
"""
import argparse
import concurrent.futures
import re
import shutil
import sys
import time

import damage
import failures
import kills
import limits
import outputs
from command import Recur

GROUPS = {group.__name__: group.trials for group in (failures, kills, damage, outputs, limits)}


def group(name):
    if name not in GROUPS:
        raise argparse.ArgumentTypeError(f"is {name}, expected {', '.join(GROUPS)}")
    return name


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="*", type=group, metavar="GROUP",
                        help=f"{', '.join(GROUPS)}; default: all")
    parser.add_argument("--command", required=True, help="the executable of recur")
    parser.add_argument("--library", required=True, help="libfail_nth.so")
    parser.add_argument("--only", default="", help="a regular expression for the names of trials")
    parser.add_argument("--list", action="store_true", help="print the names of the trials")
    parser.add_argument("--quick", action="store_true", help="a sample that takes 2 minutes")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    print(f"seed {options.seed} (--seed sets it)", flush=True)
    recur = Recur(options.command, options.library, options.seed)
    if options.list:
        list_trials(recur, options)
        return
    results = [run(name, GROUPS[name](recur, options.quick), options)
               for name in options.groups or GROUPS]
    failed = any(wrong for _, wrong in results)
    if not any(count for count, _ in results):
        print(f"no trial of these groups matches {options.only}")
        failed = True
    if failed:
        print(f"inputs remain in {recur.root}")
    else:
        shutil.rmtree(recur.root)
    sys.exit(1 if failed else 0)


def chosen(name, trials, options):
    """The trials of a group that --only matches, by name."""
    return {f"{name}/{trial}": (function, arguments) for trial, function, arguments in trials
            if re.search(options.only, f"{name}/{trial}")}


def list_trials(recur, options):
    for name in options.groups or GROUPS:
        print("\n".join(chosen(name, GROUPS[name](recur, options.quick), options)))
    shutil.rmtree(recur.root)


def run(group, trials, options):
    """Runs the trials of a group; returns their number and the number of problems."""
    start, attempts, wrong = time.time(), {}, 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = {pool.submit(function, *arguments): name
                   for name, (function, arguments) in chosen(group, trials, options).items()}
        for trial in concurrent.futures.as_completed(running):
            attempts[running[trial]], problems = trial.result()
            wrong += len(problems)
            for problem in problems:
                print(f"{running[trial]}: {problem}", flush=True)
    for call in failures.unreached(attempts) if group == "failures" and not options.only else []:
        print(f"failures: no case calls {call}: add a case, or delete the row and the stand-in")
        wrong += 1
    print(f"{group}: {len(running)} trials, {sum(attempts.values())} attempts, {wrong} problems, "
          f"{time.time() - start:.0f} s", flush=True)
    return len(running), wrong


if __name__ == "__main__":
    main()
