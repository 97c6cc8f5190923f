// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// How far forecasts were from what was observed.
public struct ForecastScore: Sendable, Equatable, Codable {
  /// Over all that was observed.
  public let meanAbsoluteError: Double

  /// MASE: each error in units of the mean absolute error that seasonal-naive forecasts one season ahead
  /// have over the values known then (Hyndman and Koehler 2006); nil if they have none.
  public let meanAbsoluteScaledError: Double?

  /// The mean absolute error of each step ahead; nil where nothing was observed.
  public let errorsByStep: [Double?]

  /// - `trials`: what was forecast, what was observed (nil where it is missing), and MASE's unit.
  /// - Throws: `RecurError` if nothing was observed.
  init(
    of trials: [(forecast: [Double], observed: [Double?], unit: Double)], horizon: Int
  ) throws(RecurError) {
    var (byStep, scaled): ([[Double]], [Double]) = (Array(repeating: [], count: horizon), [])
    for trial in trials {
      for step in 0..<horizon {
        guard let value = trial.observed[step] else { continue }
        let error = abs(trial.forecast[step] - value)
        byStep[step].append(error)
        scaled.append(error / trial.unit)
      }
    }
    guard !scaled.isEmpty else {
      throw .invalid(argument: "values", reason: "have nothing to compare forecasts with")
    }
    meanAbsoluteError = mean(byStep.flatMap(\.self))
    meanAbsoluteScaledError = trials.allSatisfy { $0.unit > 0 } ? mean(scaled) : nil
    errorsByStep = byStep.map { $0.isEmpty ? nil : mean($0) }
  }

  /// MASE's unit: the mean of |y_t − y_{t−period}| over these values.
  static func unit(_ values: [Double], period: Int) -> Double {
    mean((period..<values.count).map { abs(values[$0] - values[$0 - period]) })
  }
}

private func mean(_ values: [Double]) -> Double {
  values.reduce(0, +) / Double(values.count)
}
