// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CLinearAlgebra
import Foundation
import Recur

/// An autoregressive model xₜ = c + φ₁ xₜ₋₁ + … + φₚ xₜ₋ₚ, fitted by least squares.
public struct Autoregression: Sendable, Equatable {
  /// The constant c.
  public let constant: Double

  /// The coefficients φ₁ … φₚ.
  public let coefficients: [Double]

  /// Creates an autoregressive model of a series. The order p minimizes Akaike's criterion, n
  /// log(RSS/n) + 2 (p + 1). To compare orders, each is fitted to the same n values: those after
  /// the first `maximumOrder`. The chosen order is then fitted to all values.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; all finite.
  ///   - maximumOrder: the maximum of p, at least 0; limited to N/4 for N values. If nil, 10 log₁₀
  ///     N.
  /// - Throws: `RecurError.invalid(argument:reason:)` if the series is empty or not finite,
  ///   `maximumOrder` is negative, or the fit fails.
  public init(fitting values: [Double], maximumOrder: Int? = nil) throws(RecurError) {
    try requireSeries(values, count: 1)
    // Squares of such values could overflow or underflow, and a column of ones would be lost.
    let exponent = abs(values.exponent) > 256 ? values.exponent : 0
    let values = exponent == 0 ? values : values.map { scalbn($0, -exponent) }
    let usual = Int(10 * log10(Double(values.count)))
    let highest = min(maximumOrder ?? usual, values.count / 4)
    guard highest >= 0 else {
      throw .invalid(argument: "maximumOrder", reason: "is \(highest), expected at least 0")
    }
    var (least, order) = (Double.infinity, 0)
    for p in 0...highest {
      let criterion = try Self.criterion(values, Self.fit(values, order: p, from: highest), highest)
      if criterion < least { (least, order) = (criterion, p) }
    }
    let fitted = try Self.fit(values, order: order, from: order)
    constant = scalbn(fitted[0], exponent)
    coefficients = Array(fitted.dropFirst())
  }

  /// Returns c, φ₁ … φₚ, fitted to the values from index `first` on.
  private static func fit(
    _ values: [Double], order: Int, from first: Int
  ) throws(RecurError) -> [Double] {
    var x: [Double] = []
    for t in first..<values.count {
      x.append(1)
      for lag in 1..<order + 1 { x.append(values[t - lag]) }
    }
    let y = Array(values[first...])
    var fitted = Array(repeating: 0.0, count: order + 1)
    guard linear_algebra_least_squares(x, y.count, order + 1, y, &fitted) == 0,
      fitted.allSatisfy(\.isFinite)
    else { throw .invalid(argument: "values", reason: "cannot be fitted by least squares") }
    return fitted
  }

  private static func criterion(_ values: [Double], _ fitted: [Double], _ first: Int) -> Double {
    var squares = 0.0
    for t in first..<values.count {
      var error = values[t] - fitted[0]
      for lag in 1..<fitted.count { error -= fitted[lag] * values[t - lag] }
      squares += error * error
    }
    let count = Double(values.count - first)
    return count * log(squares / count) + 2 * Double(fitted.count)
  }

  /// Predicts the values that follow a series, each from the values before it.
  ///
  /// - Parameters:
  ///   - values: at least p values.
  ///   - horizon: the number of values to predict.
  /// - Returns: the predictions.
  public func forecast(after values: [Double], horizon: Int) -> [Double] {
    var series = Array(values.suffix(coefficients.count))
    for _ in 0..<horizon {
      var next = constant
      for (index, coefficient) in coefficients.enumerated() {
        next += coefficient * series[series.count - 1 - index]
      }
      series.append(next)
    }
    return Array(series.suffix(horizon))
  }
}
