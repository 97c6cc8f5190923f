// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// An autoregressive model xₜ = c + φ₁ xₜ₋₁ + … + φₚ xₜ₋ₚ + eₜ, fitted by Burg's method (Burg 1967,
/// "Maximum entropy spectral analysis").
///
/// Burg's method computes the coefficients from reflection coefficients between −1 and 1. Therefore,
/// the model is stable for any series: its forecasts stay bounded. The fit costs O(n p).
public struct Autoregression: Sendable, Equatable {
  /// The constant c.
  public let constant: Double

  /// The coefficients φ₁ … φₚ.
  public let coefficients: [Double]

  /// The standard deviation of eₜ.
  public let deviation: Double

  /// Creates an autoregressive model of a series. The order p minimizes Akaike's criterion,
  /// n log σ² + 2 (p + 1), where σ² is the variance of eₜ.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; all finite.
  ///   - maximumOrder: the maximum of p, at least 0; limited to N/4 for N values. If nil, 10 log₁₀
  ///     N.
  /// - Throws: `RecurError.invalid(argument:reason:)` if the series is empty or not finite, or if
  ///   `maximumOrder` is negative.
  public init(fitting values: [Double], maximumOrder: Int? = nil) throws(RecurError) {
    try requireSeries(values, count: 1)
    let usual = Int(10 * log10(Double(values.count)))
    let highest = min(maximumOrder ?? usual, values.count / 4)
    guard highest >= 0 else {
      throw .invalid(argument: "maximumOrder", reason: "is \(highest), expected at least 0")
    }
    // Squares of large or small values could overflow or underflow.
    let exponent = values.exponent
    let scaled = values.map { scalbn($0, -exponent) }
    let mean = Moments(of: scaled[...]).mean
    let recursion = BurgRecursion(centered: scaled.map { $0 - mean }, maximumOrder: highest)
    let best = recursion.best(count: values.count)
    coefficients = best.coefficients
    constant = scalbn(mean * (1 - coefficients.reduce(0, +)), exponent)
    deviation = scalbn(best.variance.squareRoot(), exponent)
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

/// The recursion of Burg's method over the orders of a model. The forward and backward prediction
/// errors of order m are fₜ = fₜ' − k bₜ₋₁' and bₜ = bₜ₋₁' − k fₜ', where f' and b' are those of
/// order m − 1, and k = 2 Σ fₜ' bₜ₋₁' / Σ (fₜ'² + bₜ₋₁'²) is the reflection coefficient.
struct BurgRecursion {
  /// The coefficients and the variance of the errors of each order from 0 on. The orders end early
  /// if only rounding errors are left.
  private(set) var orders: [(coefficients: [Double], variance: Double)]

  /// The order with the least value of Akaike's criterion.
  func best(count: Int) -> (coefficients: [Double], variance: Double) {
    func criterion(_ order: Int) -> Double {
      Double(count) * log(orders[order].variance) + 2 * Double(order)
    }
    return orders[orders.indices.min { criterion($0) < criterion($1) }!]
  }

  init(centered values: [Double], maximumOrder: Int) {
    let total = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    orders = [([], total)]
    var (forward, backward) = (values, values)
    while orders.count <= maximumOrder {
      let (lower, variance) = orders[orders.count - 1]
      guard variance > total * Double.ulpOfOne,
        let k = Self.reflection(orders.count, &forward, &backward)
      else { break }
      let coefficients = zip(lower, lower.reversed()).map { $0 - k * $1 } + [k]
      orders.append((coefficients, variance * (1 - k * k)))
    }
  }

  /// Updates the prediction errors for one more order, and returns the reflection coefficient; nil
  /// if the errors are zero.
  private static func reflection(
    _ order: Int, _ forward: inout [Double], _ backward: inout [Double]
  ) -> Double? {
    var (product, power) = (0.0, 0.0)
    for t in order..<forward.count {
      product += forward[t] * backward[t - 1]
      power += forward[t] * forward[t] + backward[t - 1] * backward[t - 1]
    }
    guard power > 0 else { return nil }
    let k = 2 * product / power
    for t in stride(from: forward.count - 1, through: order, by: -1) {
      let (f, b) = (forward[t], backward[t - 1])
      forward[t] = f - k * b
      backward[t] = b - k * f
    }
    return k
  }
}
