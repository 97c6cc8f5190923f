// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// The scores and the coverage of a backtest.
struct ForecastReport {
  let backtest: Backtest
  let options: ForecasterOptions
  var unit = ""

  /// The scores of the forecaster and of the baselines.
  private var scores: [(name: String, score: ForecastScore)] {
    [("forecast", backtest.score)]
      + zip(backtest.baselines, backtest.baselineScores).map { ($0.rawValue, $1) }
  }

  /// A table with one line per score.
  var table: String {
    let size = min(max(backtest.score.meanAbsoluteError, 1e-9), 1e9)
    let decimals = max(0, 2 - Int(log10(size).rounded(.down)))
    func row(_ name: String, _ error: String, _ scaled: String) -> String {
      func right(_ text: String) -> String {
        String(repeating: " ", count: max(0, 12 - text.count)) + text
      }
      return "  " + name.padding(toLength: 26, withPad: " ", startingAt: 0) + right(error)
        + right(scaled)
    }
    let header = row("", unit.isEmpty ? "MAE" : "MAE, \(unit.printable)", "MASE")
    let rows = scores.map { name, score in
      row(
        name, fixed(score.meanAbsoluteError, decimals: decimals),
        score.meanAbsoluteScaledError.map { fixed($0, decimals: 3) } ?? "-")
    }
    return ([header] + rows).joined(separator: "\n")
  }

  var coverage: String {
    let levels = options.levels
    let covered = "covered \(fixed(100 * backtest.coverage, decimals: 0))%"
    let nominal = (1e6 * (levels.last! - levels.first!)).rounded() / 1e6
    return "  prediction interval: \(covered) (nominal \(percent(nominal)))"
  }

  func warn() {
    let better = backtest.betterBaselines.map(\.rawValue)
    guard !better.isEmpty else { return }
    note(
      "warning: the errors of these baselines were smaller at all \(backtest.trials.count) origins: "
        + better.joined(separator: ", "))
  }
}
