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
    let errors = errorTexts.map(\.text)
    let ratios = scores.compactMap(\.score.meanAbsoluteScaledError)
    var ratioTexts = columnTexts(ratios, decimals: 3)[...]
    let scaled = scores.map {
      $0.score.meanAbsoluteScaledError == nil ? "-" : ratioTexts.removeFirst()
    }
    let columns = [
      [unit.isEmpty ? "MAE" : "MAE, \(unit.printable)"] + errors, ["MASE"] + scaled,
    ].map { column in
      let width = max(12, 2 + column.map(\.count).max()!)
      return column.map { String(repeating: " ", count: width - $0.count) + $0 }
    }
    return ([""] + scores.map(\.name)).enumerated().map { row, name in
      "  " + name.padding(toLength: 26, withPad: " ", startingAt: 0) + columns[0][row]
        + columns[1][row]
    }.joined(separator: "\n")
  }

  /// The mean absolute errors of the forecaster and of the baselines.
  var errorTexts: [(name: String, text: String)] {
    Array(zip(scores.map(\.name), columnTexts(scores.map(\.score.meanAbsoluteError))))
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
    alert(
      "warning: the errors of these baselines were smaller at all \(backtest.trials.count) origins: "
        + better.joined(separator: ", "))
  }
}
