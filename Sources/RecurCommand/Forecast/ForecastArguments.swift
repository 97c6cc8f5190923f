// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// The source of the networks, and the backtest.
struct ForecastArguments: ParsableArguments {
  @Option(
    help: "Model file written by recur train series or recur train panel; nothing is trained.",
    completion: .file())
  var model: String?
  @Option(
    help:
      "Number of backtest origins, one horizon apart; 0 for no backtest. (default: up to 5, or 1 for a panel)"
  )
  var backtest: Int?
  @Flag(help: "Fit all methods again at each backtest origin, also new networks.") var refit = false
  @Option(help: "Unit of the values, for the report and the plot. (default: none)") var unit = ""

  func validate() throws {
    try requireCounts([("--backtest", backtest ?? 0)], from: 0)
    guard model == nil || !refit else {
      throw ValidationError("--refit cannot be combined with --model, which trains nothing")
    }
    guard !refit || backtest ?? 2 > 1 else {
      throw ValidationError(
        "--refit is given with --backtest \(backtest!), expected --backtest 2 or more")
    }
  }
}
