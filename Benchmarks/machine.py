"""The machine that the benchmark runs on, its roofs, and the version of the library.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import hashlib
import json
import os
import pathlib
import platform
import re
import subprocess

from contender import cores
from problem import BUILD


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def processor():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    found = re.search(r"^model name\s*: (.*)$", info, re.MULTILINE)
    return found[1] if found else platform.machine()


def kind_of_processor():
    """The vendor's name, family and model, such as amd-epyc-25-17; for the names of files."""
    info = pathlib.Path("/proc/cpuinfo").read_text()
    numbers = [re.search(rf"^{field}\s*: (\d+)$", info, re.MULTILINE)
               for field in ("cpu family", "model")]
    words = [processor(), *(found[1] for found in numbers if found)]
    return re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")


def caches():
    """The sizes in bytes of a core's L1 (data), L2 and L3 caches, as far as they exist."""
    sizes = {}
    for folder in sorted(pathlib.Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = ((folder / name).read_text().strip()
                             for name in ("level", "type", "size"))
        if kind != "Instruction":
            sizes[f"L{level}"] = int(size.removesuffix("K")) * 1024
    if not sizes:
        for level, name in enumerate(("LEVEL1_DCACHE", "LEVEL2_CACHE", "LEVEL3_CACHE"), 1):
            size = os.sysconf(f"SC_{name}_SIZE")
            if size > 0:
                sizes[f"L{level}"] = size
    return sizes


def describe():
    return {"processor": processor(), "kind": kind_of_processor(),
            "cores": len(os.sched_getaffinity(0)), "caches": caches(),
            "system": f"{platform.system()} {platform.release()}",
            "compiler": run(os.environ.get("CC", "cc"), "--version").splitlines()[0]}


def describe_library():
    """The commit, for readers, and the digest of the sources, which identifies the library."""
    digest = hashlib.sha256()
    for path in sorted([*pathlib.Path("CKernels").rglob("*.[ch]"),
                        *pathlib.Path("include").rglob("*.h")]):
        digest.update(path.read_bytes())
    folders = ("--", "CKernels", "include")
    changed = "-dirty" if run("git", "status", "--porcelain", *folders) else ""
    return {"commit": run("git", "log", "-1", "--format=%h", *folders) + changed,
            "sources": digest.hexdigest()[:16]}


def buffers(threads, sizes):
    """Buffer sizes: half of each cache level, shared in the last; for DRAM, far beyond the last."""
    last = max(sizes, default=None)
    halves = {level: size // 2 // (threads if level == last else 1)
              for level, size in sizes.items()}
    return halves | {"DRAM": max(4 * max(sizes.values(), default=0), 1 << 27) // threads}


def measure_roofs(threads):
    """{"fma": {scalar: operations per second}, "bandwidth": {level: bytes per second}}"""
    arguments = [str(argument) for pair in buffers(threads, caches()).items() for argument in pair]
    pinned = ["taskset", "--cpu-list", ",".join(map(str, cores(threads)))]
    return json.loads(run(*pinned, str(BUILD / "roofs"), str(threads), *arguments))


def higher(a, b):
    """The element-wise maximum of two roofs, since disturbances only lower a measurement."""
    if isinstance(a, dict):
        return {key: higher(a[key], b[key]) for key in a}
    return max(a, b)


def roof_of(row, machine, roofs):
    """The limiting roof, and the minimum time that it permits.

    The limit is either the core's operations or the reads of W_hh. Every step reads W_hh from the
    nearest level that can contain it, and the backward pass reads it again; W_ih is read once.
    Threads divide W_hh among themselves.
    """
    own = roofs[str(row.threads)]
    fma = row.operations / own["fma"][row.scalar]
    last = max(machine["caches"], default=None)
    level = next((name for name, size in machine["caches"].items() if row.recurrent_bytes
                  <= size * (1 if name == last else row.threads)), "DRAM")
    passes = 2 if row.pass_ == "training" else 1
    read = row.layers * row.directions * row.recurrent_bytes * passes * (row.T + row.I / row.H)
    memory = read / own["bandwidth"][level]
    return ("fma", fma) if fma >= memory else (level, memory)
