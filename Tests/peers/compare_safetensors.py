#!/usr/bin/env python3
"""Compare Recur's reader of safetensors files with the Python package safetensors on damaged files.

Recur may refuse more than the package, but never less. `make test` does not run this program. It
needs the package, in a virtual environment that Git ignores:

    python3 -m venv .venv-peers
    .venv-peers/bin/pip install safetensors numpy
    swift build --product ReaderChild
    .venv-peers/bin/python Tests/peers/compare_safetensors.py \\
      .build/debug/ReaderChild [number] [seed]

It prints how many files each reader accepts, and the reasons why Recur alone refuses some.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import collections
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

import numpy
import safetensors
import safetensors.numpy

VALUES = [
    b"0",
    b"-0",
    b"-1",
    b"1.0",
    b"1e0",
    b"1e400",
    b"01",
    b"18446744073709551616",
    b"9223372036854775807",
    b"9223372036854775808",
    b"null",
    b"true",
    b'""',
    b"[]",
    b"{}",
    b"[[]]",
    b'"F32"',
    b'"F16"',
    b'"I64"',
    b'"F8_E4M3"',
    b'"C64"',
    b'"\\u0000"',
    b'"\\ud800"',
    b'"\\u0061"',
    b'"\xff"',
    b"[0,0]",
    b"[4,0]",
]
PIECES = [
    b" ",
    b"\n",
    b"\t",
    b"\0",
    b",",
    b":",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"\\",
    b"\xef\xbb\xbf",
    b"\xff",
    b"//",
    b"NaN",
    b'"__metadata__":{},',
    b'"__metadata__":{"a":"b"},',
    b'"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},',
    b'"dtype":"F32",',
    b'"more":1,',
]
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9][-+.0-9eE]*|[\[{][^\[\]{}]*[\]}]')


def samples():
    """Files that several programs could have written."""
    generator = numpy.random.default_rng(1)
    types = ["float64", "float32", "float16", "int64", "uint8", "bool"]
    mixed = {
        f"{name}.{k}": generator.normal(size=shape).astype(name)
        for name in types
        for k, shape in enumerate([(), (0, 4), (3,), (2, 3), (2, 1, 2)])
    }
    lstm = {
        f"lstm.{name}_l0": generator.normal(size=shape).astype("float32")
        for name, shape in {
            "weight_ih": (12, 2),
            "weight_hh": (12, 3),
            "bias_ih": (12,),
            "bias_hh": (12,),
        }.items()
    }
    odd = {"é": numpy.zeros(1), '"\\': numpy.ones(3), " ": numpy.ones((2, 1, 1))}
    yield safetensors.numpy.save(mixed)
    yield safetensors.numpy.save(lstm, metadata={"format": "pt", "ü": "☃"})
    yield safetensors.numpy.save(odd)
    yield safetensors.numpy.save({"a": numpy.zeros((1, 1))})
    yield safetensors.numpy.save({})


def join(header, data, random):
    """A file whose length field is right, except sometimes."""
    length = len(header)
    if random.random() < 0.02:
        length = random.choice(
            [0, 1, length - 1, length + 1, length + len(data), 2**27, 2**63, 2**64 - 1]
        )
    return struct.pack("<Q", length % 2**64) + header + data


def replace_token(header, random):
    tokens = list(TOKEN.finditer(header))
    if not tokens:
        return header
    token = random.choice(tokens)
    if random.random() < 0.5:
        new = random.choice(VALUES)
    elif token[0][:1].isdigit():
        number = int(re.match(rb"[0-9]{1,30}", token[0])[0])
        new = str(max(number + random.choice([-8, -4, -1, 1, 4, 8]), 0)).encode()
    else:
        new = random.choice(tokens)[0]
    return header[:token.start()] + new + header[token.end():]


def change_text(header, random):
    place = random.randrange(len(header) + 1)
    kind = random.randrange(4)
    if kind == 0:
        return header[:place] + random.choice(PIECES) + header[place:]
    if kind == 1:
        return header[:place] + header[place + random.choice([1, 1, 2, 10]):]
    if kind == 2:
        other = random.randrange(len(header) + 1)
        return header[:place] + header[min(place, other):max(place, other)] + header[place:]
    return header[:place] + bytes([random.randrange(256)]) + header[place + 1:]


def mutant(file, random):
    length = struct.unpack("<Q", file[:8])[0]
    header, data = file[8:8 + length], file[8 + length:]
    for _ in range(random.choice([1, 1, 1, 2, 4])):
        header = random.choice([replace_token, replace_token, change_text])(header, random)
    if random.random() < 0.1:
        data = random.choice([data[:-1], data + b"\0", data + data, data[: len(data) // 2], b""])
    return join(header, data, random)


def refusal(file):
    """Why the package refuses a file; None if it reads the file."""
    try:
        safetensors.deserialize(file)
    except safetensors.SafetensorError as error:
        return str(error)
    return None


def answers(child, folder, names):
    """One line for each file: "read", or why Recur refuses it."""
    found = subprocess.run(
        [child], cwd=folder, input="\n".join(names) + "\n", text=True, capture_output=True
    )
    if found.returncode != 0:
        sys.exit(
            f"{child} ended with status {found.returncode} after {len(found.stdout)} bytes"
        )
    return found.stdout.split("\n")[:-1]


def kind_of(reason):
    return re.sub(
        r"[0-9]+",
        "N",
        re.sub(r"(tensor|type|field|metadata|near) .*?( has| is| begins|,|$)", r"\1 …\2", reason),
    )


def main():
    child = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 2026
    generator, originals = random.Random(seed), list(samples())
    files = originals + [mutant(generator.choice(originals), generator) for _ in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{k}.safetensors" for k in range(len(files))]
        for name, content in zip(names, files):
            with open(os.path.join(folder, name), "wb") as out:
                out.write(content)
        recur = answers(child, folder, names)
    if len(recur) != len(files):
        sys.exit(f"{len(recur)} answers for {len(files)} files")
    package = [refusal(content) for content in files]
    stricter = collections.Counter(
        kind_of(reason)
        for reason, other in zip(recur, package)
        if reason != "read" and other is None
    )
    laxer = [
        k for k, (reason, other) in enumerate(zip(recur, package)) if reason == "read" and other
    ]
    print(
        f"seed {seed}, safetensors {safetensors.__version__}, {len(files)} files: "
        f"{sum(reason == 'read' for reason in recur)} read by Recur, "
        f"{sum(reason is None for reason in package)} by the package"
    )
    for reason, number in stricter.most_common():
        print(f"{number:6} refused by Recur alone: {reason}")
    for k in laxer[:20]:
        print(f"READ BY RECUR ALONE: {files[k][:300]!r}: {package[k]}")
    print(f"{len(laxer)} files read by Recur that the package refuses")
    return 1 if laxer else 0


if __name__ == "__main__":
    sys.exit(main())
