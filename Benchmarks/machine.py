"""What the benchmark runs on: the machine, its roofs, and which library it is.

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


def caches():
    """Bytes of L1 (data), L2, L3 of a core, as far as it has them."""
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
    return {"processor": processor(), "cores": len(os.sched_getaffinity(0)), "caches": caches(),
            "system": f"{platform.system()} {platform.release()}",
            "compiler": run(os.environ.get("CC", "cc"), "--version").splitlines()[0]}


def describe_library():
    """The commit is for readers; whether it is the same library its sources' digest says."""
    digest = hashlib.sha256()
    for path in sorted([*pathlib.Path("CKernels").rglob("*.[ch]"),
                        *pathlib.Path("include").rglob("*.h")]):
        digest.update(path.read_bytes())
    return {"commit": run("git", "describe", "--always", "--dirty"),
            "sources": digest.hexdigest()[:16]}


def buffers(threads, sizes):
    """For each level, a buffer of half of it; the last level is shared. DRAM: far beyond it."""
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
    """The higher of two roofs, number by number: what disturbs a measurement makes it lower."""
    if isinstance(a, dict):
        return {key: higher(a[key], b[key]) for key in a}
    return max(a, b)


def roof_of(row, machine, roofs):
    """The roof that binds, and the shortest time that it allows.

    Either the core's operations, or W_hh, which every step reads from the nearest level that holds
    it, and going back again; W_ih is read once. Threads share W_hh out.
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
