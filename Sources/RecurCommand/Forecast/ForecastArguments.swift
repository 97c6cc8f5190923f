// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// The source of the networks, and the backtest.
struct ForecastArguments: ParsableArguments {
  @Option(
    help: "Model file written by recur train series, used instead of training new networks.",
    completion: .file())
  var model: String?
  @Option(
    help: "Number of backtest origins, one horizon apart; 0 for no backtest. (default: up to 5)")
  var backtest: Int?
  @Flag(help: "Train new networks at each backtest origin.") var refit = false
  @Option(help: "Unit of the values, for the report and the plot. (default: none)") var unit = ""

  func validate() throws {
    if backtest != 0 { try requireCounts([("--backtest", backtest ?? 1)]) }
    guard !refit || backtest ?? 0 > 1 else {
      throw ValidationError(
        "--refit is given \(backtest.map { "with --backtest \($0)" } ?? "without --backtest"), expected "
          + "--backtest 2 or more")
    }
  }
}
