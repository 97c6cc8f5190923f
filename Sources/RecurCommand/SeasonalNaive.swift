// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Seasonal-naive forecasts: what any model has to beat.
struct SeasonalNaive {
  /// How many values make a season.
  let period: Int

  /// The last season again and again; with drift, each time higher by the mean growth over a season.
  func forecast(_ values: [Double], horizon: Int, drift: Bool) -> [Double] {
    let growths = (period..<values.count).map { values[$0] - values[$0 - period] }
    let growth = drift ? growths.reduce(0, +) / Double(growths.count) : 0
    return (0..<horizon).map { step in
      base(values, known: values.count, step: step) + Double(seasons(before: step)) * growth
    }
  }

  /// How many seasons step `step` (0 is the first) lies after the season that is repeated for it.
  func seasons(before step: Int) -> Int { step / period + 1 }

  /// The value that the plain forecast repeats at a step, from the first `known` values.
  func base(_ values: [Double], known: Int, step: Int) -> Double {
    values[known - period + step % period]
  }
}

/// The mean absolute error over what was observed; nil counts for nothing.
func meanAbsoluteError(_ forecast: [Double], _ observed: [Double?]) -> Double {
  let errors = zip(forecast, observed).compactMap { forecast, value in
    value.map { abs(forecast - $0) }
  }
  return errors.reduce(0, +) / Double(errors.count)
}
