"""mutation.py c|swift: the share of small faults in the sources that the tests detect.

universalmutator changes one line at a time: an operator, a constant, a condition. A seeded sample
of these mutants is compiled and tested, one after the other, until a test fails. A mutant that does
not compile, or that compiles to the same code, is not counted, and another one is drawn. The
results are written to FOLDER/LANGUAGE-STATE.jsonl, where STATE is a hash of the seed, the sources
and the tests; an interrupted run continues there.

    mutation.py c --count 300 --jobs 2
    mutation.py c --only CFiles/tensors.c --count 20

In C, the first compilation and the times of the tests take two minutes, and then a mutant takes
some seconds, or a run of all tests if it survives. In Swift, each mutant is a build of the package.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import concurrent.futures
import difflib
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import sys

import c_suite
import swift_suite

SUITES = {"c": c_suite.Suite, "swift": swift_suite.Suite}
REASONS = pathlib.Path(__file__).with_name("equivalent.txt")


def state_of(suite, seed):
    """A hash of the seed and of all files that a verdict depends on."""
    state = hashlib.sha256(str(seed).encode())
    places = [suite.root / name for name in suite.inputs]
    for path in sorted(f for place in places for f in (place, *place.rglob("*")) if f.is_file()):
        if path.suffix != ".pyc":
            state.update(f"{path.relative_to(suite.root)} {path.stat().st_size}\n".encode())
            state.update(path.read_bytes())
    return state.hexdigest()[:12]


def mutants_of(source, language, folder):
    """The changed texts of a source file: universalmutator writes each to a file."""
    text = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    folder = folder.with_name(f"{folder.name}-{text}")
    if not folder.exists():
        unfinished = folder.with_name(folder.name + ".partial")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        subprocess.run(
            ["mutate", source, language, "--noCheck", "--mutantDir", unfinished],
            check=True, stdout=subprocess.DEVNULL)
        unfinished.rename(folder)
    return sorted(folder.iterdir())


def chosen_sources(suite, only):
    """The sources whose path from the root contains a word."""
    sources = [s for s in suite.sources() if only in str(s.relative_to(suite.root))]
    if not sources:
        sys.exit(f"no source of {suite.language} has {only} in its path")
    return sources


def draw(suite, folder, seed, sources):
    """All mutants of some sources, in a seeded random order."""
    drawn = []
    for source in sources:
        name = str(source.relative_to(suite.root)).replace("/", "-")
        found = mutants_of(source, suite.language, folder / "mutants" / name)
        drawn += [(str(source.relative_to(suite.root)), str(m)) for m in found]
    random.Random(seed).shuffle(drawn)
    return drawn


def change(root, source, mutant):
    """The lines that differ, marked - and +."""
    texts = [pathlib.Path(p).read_text().splitlines() for p in (root / source, mutant)]
    lines = list(difflib.unified_diff(*texts, lineterm="", n=0))[2:]
    return "\n".join(line for line in lines if not line.startswith("@@"))


def equivalent(source, text):
    """Whether equivalent.txt names this change as one that no test can detect."""
    return f"{source}\n{text}\n" in REASONS.read_text()


def check_reasons(root):
    """Ends if the file of an equivalent mutant no longer has the lines that it changes."""
    for entry in REASONS.read_text().split("\n\n"):
        source, *lines = [li for li in entry.splitlines() if not li.startswith("#")] or [""]
        text = (root / source).read_text().splitlines() if lines else []
        for line in lines:
            if line.startswith("-") and line[1:] not in text:
                sys.exit(f"{REASONS}: {source} does not contain: {line[1:]}")


def run(suite, folder, options):
    state = state_of(suite, options.seed)
    log = folder / f"{options.language}-{state}.jsonl"
    sources = chosen_sources(suite, options.only)
    names = {str(source.relative_to(suite.root)) for source in sources}
    logged = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    done = [entry for entry in logged if entry["source"] in names]
    known = {entry["mutant"] for entry in done}
    rest = (m for m in draw(suite, folder, options.seed, sources) if m[1] not in known)
    counted = sum(entry["verdict"] in ("killed", "survived") for entry in done)

    def judge(job, source, mutant):
        verdict, test = suite.verdict(job, source, pathlib.Path(mutant).read_text())
        text = change(suite.root, source, mutant)
        if verdict == "survived" and equivalent(source, text):
            verdict = "equivalent"
        return {"mutant": mutant, "source": source, "verdict": verdict, "test": test,
                "change": text}

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool, log.open("a") as output:
        running = {}
        free = list(range(options.jobs))
        while True:
            while free and counted + len(running) < options.count:
                drawn = next(rest, None)
                if drawn is None:
                    break
                job = free.pop()
                running[pool.submit(judge, job, *drawn)] = job
            if not running:
                break
            ended, _ = concurrent.futures.wait(running, return_when="FIRST_COMPLETED")
            for future in ended:
                free.append(running.pop(future))
                entry = future.result()
                if state_of(suite, options.seed) != state:
                    sys.exit("sources or tests changed during the run: start it again")
                done.append(entry)
                counted += entry["verdict"] in ("killed", "survived")
                print(json.dumps(entry), file=output, flush=True)
                words = (entry[k] for k in ("verdict", "source", "test"))
                print(f"{counted}/{options.count}", *words, flush=True)
    return done


def report(done):
    survivors = [e for e in done if e["verdict"] == "survived"]
    killed = sum(e["verdict"] == "killed" for e in done)
    for entry in survivors:
        print(f"survived: {entry['source']}\n{entry['change']}\n")
    kinds = ("equivalent", "same code", "invalid")
    others = ", ".join(f"{sum(e['verdict'] == k for e in done)} {k}" for k in kinds)
    score = killed / max(1, killed + len(survivors))
    print(f"{killed} killed, {len(survivors)} survived: {100 * score:.1f} %; not counted: {others}")
    return score


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("language", choices=SUITES)
    parser.add_argument("--count", type=int, default=300, help="as far as there are so many")
    parser.add_argument("--only", default="", metavar="WORD", help="sources whose path has it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--least", type=float, default=0.95, help="the smallest accepted score")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/mutation"))
    options = parser.parse_args()
    folder = options.folder.resolve()
    print(f"seed {options.seed}")
    suite = SUITES[options.language](pathlib.Path.cwd(), folder / options.language, options.jobs)
    check_reasons(suite.root)
    suite.prepare()
    sys.exit(report(run(suite, folder, options)) < options.least)


main()
