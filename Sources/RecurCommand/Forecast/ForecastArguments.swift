// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// The source of the networks, and the backtest.
struct ForecastArguments: ParsableArguments {
  @Option(
    help: "Model file written by recur train series, used instead of training new networks.",
    completion: .file())
  var model: String?
  @Option(help: "Number of backtest origins, one horizon apart.") var backtest = 1
  @Flag(help: "Train new networks at each backtest origin.") var refit = false
  @Option(help: "Unit of the values, for the report and the plot. (default: none)") var unit = ""

  func validate() throws {
    try requireCounts([("--backtest", backtest)])
    guard !refit || backtest > 1 else {
      throw ValidationError("--refit is given with --backtest 1, expected --backtest 2 or more")
    }
  }
}
