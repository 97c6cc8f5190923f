// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// How a forecast is made and tested.
struct ForecastArguments: ParsableArguments {
  @Option(
    help: "Model file that recur train series wrote; nothing is trained.", completion: .file())
  var model: String?
  @Option(help: "Number of backtest origins, one horizon apart.") var backtest = 1
  @Flag(help: "Train new networks at each backtest origin.") var refit = false
  @Option(help: "Unit of the values.") var unit = ""

  func validate() throws {
    try requireCounts([("--backtest", backtest)])
    guard !refit || backtest > 1 else {
      throw ValidationError("--refit is of no use with one origin; --backtest sets their number")
    }
  }
}
