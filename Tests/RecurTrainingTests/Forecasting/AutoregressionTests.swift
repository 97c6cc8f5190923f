// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

@Suite struct AutoregressionTests {
  static let digits: [Double] = [
    3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4,
  ]

  @Test func coefficientsOfALongSeriesAreThoseOfTheProcess() throws {
    var noise = SplitMix64(seed: 11)
    var values: [Double] = [0, 0]
    for t in 2..<20_000 {
      values.append(0.5 + 1.2 * values[t - 1] - 0.7 * values[t - 2] + noise.number())
    }
    let fitted = try Autoregression(fitting: values, maximumOrder: 2)
    #expect(fitted.coefficients.count == 2)
    #expect(abs(fitted.coefficients[0] - 1.2) < 0.02, "seed 11")
    #expect(abs(fitted.coefficients[1] + 0.7) < 0.02, "seed 11")
    let order = try Autoregression(fitting: values).coefficients.count
    // Akaike's criterion sometimes chooses too high an order, but never too low an order for such
    // large coefficients.
    #expect(order >= 2)
  }

  /// The coefficients of statsmodels 0.15, `burg(digits, order=6, demean=True)`.
  @Test func coefficientsAreThoseOfStatsmodels() {
    let recursion = BurgRecursion(centered: Self.centeredDigits, maximumOrder: 6)
    let expected = [
      0.10450457, 0.1349619, -0.04432713, -0.18885232, -0.15185615, 0.30131185,
    ]
    let last = recursion.orders[6]
    #expect(last.coefficients.count == 6)
    for (a, b) in zip(last.coefficients, expected) { #expect(abs(a - b) < 1e-8) }
    let first = recursion.orders[1]
    let k = first.coefficients[0]
    #expect(abs(k - 0.10497121) < 1e-8)
    #expect(abs(first.variance - Self.variance * (1 - k * k)) < 1e-12)
  }

  private static var variance: Double {
    centeredDigits.reduce(0) { $0 + $1 * $1 } / Double(digits.count)
  }

  private static var centeredDigits: [Double] {
    let mean = digits.reduce(0, +) / Double(digits.count)
    return digits.map { $0 - mean }
  }

  @Test func forecastsFollowTheRecursion() throws {
    let fitted = try Autoregression(fitting: Self.digits, maximumOrder: 2)
    #expect(fitted.coefficients.count <= 2)
    let next = fitted.forecast(after: [2, 3], horizon: 2)
    let weights = fitted.coefficients + Array(repeating: 0, count: 2 - fitted.coefficients.count)
    #expect(abs(next[0] - (fitted.constant + weights[0] * 3 + weights[1] * 2)) < 1e-12)
    #expect(abs(next[1] - (fitted.constant + weights[0] * next[0] + weights[1] * 3)) < 1e-12)
  }

  /// A last value that is mistyped by a factor of ten does not make the model unstable.
  @Test func everyModelIsStable() throws {
    var noise = SplitMix64(seed: 5)
    for trial in 0..<200 {
      var values: [Double] = noise.vector(60)
      values[Int(noise.nextUnit() * 60)] *= 1000
      values[59] *= trial.isMultiple(of: 2) ? 10_000 : 1
      let fitted = try Autoregression(fitting: values, maximumOrder: 15)
      let far = fitted.forecast(after: values, horizon: 5000)
      let bound = 100 * values.reduce(0) { max($0, abs($1)) }
      #expect(far.allSatisfy { abs($0) < bound }, "trial \(trial), seed 5")
      #expect(abs(far[4999] - far[4998]) <= 1e-3 * bound, "trial \(trial), seed 5")
    }
  }

  @Test(arguments: [45, 2.5e-9, -1e300, 0, 5e-324])
  func aConstantSeriesStaysConstant(value: Double) throws {
    let values = Array(repeating: value, count: 144)
    let fitted = try Autoregression(fitting: values)
    #expect(fitted.coefficients.isEmpty)
    #expect(fitted.deviation == 0)
    #expect(fitted.forecast(after: values, horizon: 3) == [value, value, value])
  }

  @Test func theFitIsFastForLongSeries() throws {
    var noise = SplitMix64(seed: 2)
    let values: [Double] = noise.vector(145_366)
    let start = ContinuousClock.now
    _ = try Autoregression(fitting: values)
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}
