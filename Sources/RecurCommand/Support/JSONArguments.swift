// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// The output format of a command's results.
struct JSONArguments: ParsableArguments {
  @Flag(help: "Print one JSON object instead of text.") var json = false
}
