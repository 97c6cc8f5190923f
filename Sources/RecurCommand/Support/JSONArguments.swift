// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// Whether a command's results are for programs.
struct JSONArguments: ParsableArguments {
  @Flag(help: "Print one JSON object instead of text.") var json = false
}
