"""Files with a block of 4 KiB that is zeroed, exchanged with the next, or missing with all after
it must be rejected."""
import random
import shlex

from command import messages

BLOCK = 4096

# A file, and the command that uses it, apart from info.
USERS = {
    "model": "generate FILE --length 5",
    "checkpoint": "train text text.txt --resume FILE --epochs 3 --output out",
    "forecaster": "forecast series.csv --model FILE --output out",
    "forecaster-checkpoint": "train series series.csv --resume FILE --output out",
}


def zeroed(content, first):
    return content[:first] + bytes(len(content[first:first + BLOCK])) + content[first + BLOCK:]


def truncated(content, first):
    return content[:first]


def exchanged(content, first):
    second = first + BLOCK
    return (content[:first] + content[second:second + BLOCK] + content[first:second]
            + content[second + BLOCK:])


def trials(recur, quick):
    files = large_files(recur)
    for kind in USERS:
        for change in (zeroed, truncated, exchanged):
            yield f"{kind}/{change.__name__}", every_block, (recur, quick, kind, change, files)


def large_files(recur):
    """Files of some blocks each."""
    folder = recur.folder()
    lines = ["train text text.txt --hidden-size 40 --layers 1 --epochs 1 --sequence-length 10 "
             "--batch-size 8 --output text",
             "train series series.csv --horizon 3 --period 4 --window 8 --seasons 1 --epochs 1 "
             "--hidden-size 16 --output series"]
    for line in lines:
        result = recur.run(recur.arguments(line), folder)
        assert result.status == 0, result.errors
    names = {"model": "text/model", "checkpoint": "text/checkpoint",
             "forecaster": "series/model", "forecaster-checkpoint": "series/checkpoint"}
    return {kind: (folder / f"{name}.safetensors").read_bytes() for kind, name in names.items()}


def every_block(recur, quick, kind, change, files):
    content, problems, attempts = files[kind], [], 0
    folder = recur.folder()
    blocks = range(0, len(content), BLOCK)
    if quick:
        blocks = sorted({0, blocks[-1], *random.Random(recur.seed).sample(blocks, 3)})
    for first in blocks:
        damaged = change(content, first)
        if damaged == content:
            continue
        file = folder / f"damaged-{first}"
        file.write_bytes(damaged)
        found = [problem for line in ("info FILE", USERS[kind])
                 for problem in refusal(recur, folder, line.replace("FILE", file.name))]
        attempts += 2
        problems += found
        if not found:
            file.unlink()
    return attempts, recur.ended(folder, problems)


def refusal(recur, folder, line):
    """What is wrong with a run that must refuse a damaged file."""
    arguments = recur.arguments(line)
    result = recur.run(arguments, folder)
    found = messages(result)
    if result.status != 2:
        found.append(f"status {result.status}, expected 2")
    return [f"{problem}\n    {shlex.join(arguments)}" for problem in found]
