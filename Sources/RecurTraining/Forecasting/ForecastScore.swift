// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The errors of forecasts.
public struct ForecastScore: Sendable, Equatable, Codable {
  /// The mean absolute error over all observed values.
  public let meanAbsoluteError: Double

  /// MASE (Hyndman and Koehler 2006): the mean of all absolute errors, each divided by the mean
  /// absolute error of seasonal-naive forecasts one season ahead within the values before its
  /// origin. Nil if the seasonal-naive forecasts have no error.
  public let meanAbsoluteScaledError: Double?

  /// The mean absolute error of each step ahead; nil if no value was observed.
  public let errorsByStep: [Double?]

  /// Creates the score of trials.
  ///
  /// - Parameters:
  ///   - trials: the predictions, the observed values (nil where missing), and the unit of MASE.
  ///   - horizon: the number of steps ahead.
  /// - Throws: `RecurError` if no value was observed.
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
      throw .invalid(argument: "values", reason: "has no known value to compare forecasts with")
    }
    meanAbsoluteError = mean(byStep.flatMap(\.self))
    meanAbsoluteScaledError = trials.allSatisfy { $0.unit > 0 } ? mean(scaled) : nil
    errorsByStep = byStep.map { $0.isEmpty ? nil : mean($0) }
  }

  /// Returns the unit of MASE: the mean of |yₜ − yₜ₋ₚ| over these values, where p is the period.
  static func unit(_ values: [Double], period: Int) -> Double {
    mean((period..<values.count).map { abs(values[$0] - values[$0 - period]) })
  }
}

private func mean(_ values: [Double]) -> Double {
  values.reduce(0, +) / Double(values.count)
}
