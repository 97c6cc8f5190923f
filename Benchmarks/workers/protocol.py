"""The worker's side of the protocol: requests on standard input and replies on standard output,
each one line of JSON.

    {"do": "prepare", "row": {...}}            {"ok": true} or {"absent": reason}
    {"do": "results", "folder": path}          Recur writes its results there: {"ok": true}
                                               Peers: {"differences": {name: relative to maximum}}
    {"do": "time", "seconds": s, "limit": n}   {"seconds": [duration of each call]}
    {"do": "peak", "row": {...}}               {"bytes": increase of resident memory by one pass}

Between requests a worker waits for the next line. The reply of a failed request is
{"error": message}.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import dataclasses
import json
import os
import pathlib
import sys
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from rows import from_json  # noqa: E402


class Absent(Exception):
    """This contender does not support the row; the message is the reason."""


def reply_to(worker, request):
    match request["do"]:
        case "prepare":
            worker.prepare(from_json(request["row"]))
            return {"ok": True}
        case "results":
            return worker.results(pathlib.Path(request["folder"]))
        case "time":
            return {"seconds": worker.time(request["seconds"], request["limit"])}
        case "peak":
            row = from_json(request["row"])
            # A small row makes the library allocate its permanent memory.
            worker.prepare(dataclasses.replace(row, T=2, B=2, I=4, H=4, layers=1, lengths=None))
            return {"bytes": worker.peak(row)}


def serve(make_worker):
    """Replies until the input ends. Text that libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    threads = int(sys.argv[1])
    worker = make_worker(threads)
    print(json.dumps({"name": worker.name, "version": worker.version}), file=answers, flush=True)
    for line in sys.stdin:
        try:
            reply = reply_to(worker, json.loads(line))
        except Absent as why:
            reply = {"absent": str(why)}
        except Exception as error:
            traceback.print_exc()
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=answers, flush=True)
