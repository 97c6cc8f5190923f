"""Results, kept after every row, so that a benchmark that was interrupted goes on.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import sys


class Results:
    """{"machine", "library", "roofs", "rows"}, in a file."""

    def __init__(self, path, machine, library, fresh):
        self.path = path
        self.all = {"machine": machine, "library": library, "roofs": {}, "rows": []}
        if path.exists() and not fresh:
            kept = json.loads(path.read_text())
            if kept["machine"] != machine or kept["library"]["sources"] != library["sources"]:
                sys.exit(f"{path} is of another machine or of other sources "
                         f"({kept['library']['commit']}): --fresh begins again.")
            self.all = kept

    def has(self, row, worker_names):
        """Whether a row is there, with all who were asked."""
        return any(kept["id"] == row.id and set(worker_names) <= set(kept["asked"])
                   for kept in self.all["rows"])

    def add(self, result):
        others = [kept for kept in self.all["rows"] if kept["id"] != result["id"]]
        self.all["rows"] = others + [result]
        self.save()

    def save(self):
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(self.all, indent=1) + "\n")
        os.replace(part, self.path)
