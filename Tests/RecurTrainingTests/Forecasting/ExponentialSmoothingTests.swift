// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

@Suite struct ExponentialSmoothingTests {
  @Test func aLineIsContinued() throws {
    let fitted = try ExponentialSmoothing(fitting: (0..<40).map { 2 + 3 * Double($0) }, period: 1)
    let next = fitted.forecast(after: (0..<40).map { 2 + 3 * Double($0) }, horizon: 3)
    for (step, value) in next.enumerated() { #expect(abs(value - Double(122 + 3 * step)) < 1e-6) }
  }

  @Test func aSeasonIsRepeated() throws {
    let values = (0..<48).map { [5.0, -1, 2, 10][$0 % 4] }
    let fitted = try ExponentialSmoothing(fitting: values, period: 4)
    #expect(fitted.period == 4)
    let next = fitted.forecast(after: values, horizon: 5)
    for (a, b) in zip(next, [5.0, -1, 2, 10, 5]) { #expect(abs(a - b) < 1e-9) }
    // The place in the season follows from the number of values.
    let later = fitted.forecast(after: values + [5, -1], horizon: 1)
    #expect(abs(later[0] - 2) < 1e-9)
  }

  @Test(arguments: [45, 2.5e-9, -1e300, 0, 5e-324])
  func aConstantSeriesStaysConstant(value: Double) throws {
    let values = Array(repeating: value, count: 50)
    let fitted = try ExponentialSmoothing(fitting: values, period: 12)
    #expect(fitted.deviation == 0)
    #expect(fitted.forecast(after: values, horizon: 2) == [value, value])
  }

  @Test func longSeasonsAreNotModeled() throws {
    let values = (0..<400).map { Double($0 % 61) }
    #expect(try ExponentialSmoothing(fitting: values, period: 61).period == 1)
    #expect(try ExponentialSmoothing(fitting: Array(values[..<9]), period: 4).period == 1)
  }

  /// Forecasts are linear in the values, so a change of the last value by 1 changes them by the
  /// impulse response of the next steps.
  @Test(arguments: [1, 4], [1, 2, 3])
  func theImpulseResponseIsTheInfluenceOfAnError(period: Int, seed: UInt64) throws {
    let values = Self.noisy(60, seed: seed)
    let fitted = try ExponentialSmoothing(fitting: values, period: period)
    var changed = values
    changed[59] += 1
    let before = fitted.forecast(after: values, horizon: 9)
    let after = fitted.forecast(after: changed, horizon: 9)
    let response = fitted.impulseResponse(horizon: 10)
    #expect(response[0] == 1)
    for step in 0..<9 {
      #expect(abs(after[step] - before[step] - response[step + 1]) < 1e-9, "seed \(seed)")
    }
  }

  @Test func anAutoregressionOnSeasonalDifferencesRespondsToAnErrorLikewise() throws {
    let values = Self.noisy(80, seed: 4).enumerated().map { $1 + Double($0) }
    let fitted = try SeasonalAutoregression(fitting: values, period: 4, horizon: 6)
    #expect(fitted.form == .seasonalDifferences)
    var changed = values
    changed[79] += 1
    let before = fitted.forecast(after: values, horizon: 9)
    let after = fitted.forecast(after: changed, horizon: 9)
    let response = fitted.impulseResponse(horizon: 10)
    for step in 0..<9 { #expect(abs(after[step] - before[step] - response[step + 1]) < 1e-9) }
  }

  /// The quantiles of white noise around a level that does not change are those of the noise.
  @Test func quantilesAreNormal() throws {
    let values = Self.noisy(4000, seed: 7)
    let fitted = try ExponentialSmoothing(fitting: values, period: 1)
    let quantiles = fitted.quantiles(after: values, horizon: 1, levels: [0.025, 0.5, 0.975])[0]
    #expect(quantiles[1] == fitted.forecast(after: values, horizon: 1)[0])
    #expect(abs((quantiles[2] - quantiles[1]) / fitted.deviation - 1.959963984540054) < 1e-12)
    #expect(abs((quantiles[0] - quantiles[1]) / fitted.deviation + 1.959963984540054) < 1e-12)
  }

  @Test func normalQuantilesAreExact() {
    #expect(normalQuantile(0.5) == 0)
    // R 4.2: qnorm(c(0.9, 0.001))
    #expect(abs(normalQuantile(0.9) - 1.2815515655446004) < 1e-14)
    #expect(abs(normalQuantile(0.001) + 3.0902323061678132) < 1e-14)
  }

  @Test func theSimplexFindsTheMinimumOfRosenbrocksValley() {
    let point = NelderMead.minimum(from: [-1.2, 1], tolerance: 1e-14, evaluations: 2000) {
      100 * ($0[1] - $0[0] * $0[0]) * ($0[1] - $0[0] * $0[0]) + (1 - $0[0]) * (1 - $0[0])
    }
    #expect(abs(point[0] - 1) < 1e-5)
    #expect(abs(point[1] - 1) < 1e-5)
  }

  private static func noisy(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in generator.number() + 10 }
  }
}
