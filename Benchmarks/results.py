"""Results, saved after every row, so that an interrupted benchmark can be resumed.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import sys

from machine import roof_of
from rows import from_json


def has_error(row):
    return "error" in row or any("error" in peer for peer in row["peers"])


class Results:
    """{"machine", "library", "roofs", "rows"}, in a file."""

    def __init__(self, path, machine, library, fresh):
        self.path = path
        self.all = {"machine": machine, "library": library, "roofs": {}, "rows": []}
        if path.exists() and not fresh:
            kept = json.loads(path.read_text())
            if kept["machine"] != machine or kept["library"]["sources"] != library["sources"]:
                sys.exit(f"{path} is from another machine or other sources "
                         f"({kept['library']['commit']}); start again with --fresh")
            self.all = kept

    def has(self, row, worker_names):
        """Whether there is a result of a row with all these workers and without errors."""
        return any(kept["id"] == row.id and set(worker_names) <= set(kept["asked"])
                   and not has_error(kept) for kept in self.all["rows"])

    def add(self, result):
        others = [kept for kept in self.all["rows"] if kept["id"] != result["id"]]
        self.all["rows"] = others + [result]
        self.save()

    def save(self):
        """Saves the results, with new shares, since a later measurement may have raised a roof."""
        for row in self.all["rows"]:
            if "seconds" in row:
                roof, shortest = roof_of(from_json(row), self.all["machine"], self.all["roofs"])
                row |= {"roof": roof, "roof_share": shortest / row["seconds"]}
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(self.all, indent=1) + "\n")
        os.replace(part, self.path)
