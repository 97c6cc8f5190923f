// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import TestSupport
import Testing

@testable import RecurTraining

@Suite struct BaselineTests {
  private func forecast(_ baseline: Baseline, _ values: [Double], _ horizon: Int) throws -> [Double]
  {
    try baseline.forecast(after: values, period: 2, horizon: horizon)
  }

  @Test func naiveForecastsRepeat() throws {
    let values: [Double] = [0, 4, 1, 2, 3, 5]
    #expect(try forecast(.naive, values, 3) == [5, 5, 5])
    #expect(try forecast(.seasonalNaive, values, 3) == [3, 5, 3])
    // The growths over a season are 1, −2, 2 and 3; their mean is 1.
    #expect(try forecast(.seasonalNaiveWithDrift, values, 3) == [4, 6, 5])
  }

  @Test func withoutASeasonDriftGoesFromTheFirstValueToTheLast() throws {
    let drift = try Baseline.seasonalNaiveWithDrift.forecast(
      after: [1, 5, 2, 7], period: 1, horizon: 2)
    #expect(drift == [9, 11])
    #expect(Baseline.all(period: 1) == [.naive, .seasonalNaiveWithDrift, .autoregressive])
    #expect(Baseline.all(period: 2) == Baseline.allCases)
  }

  @Test func tooFewValuesAreAnError() {
    for baseline in Baseline.allCases {
      #expect(throws: RecurError.self) { try forecast(baseline, [1, 2, 3, 4, 5], 3) }
      #expect(throws: RecurError.self) { try forecast(baseline, [1, 2, .nan, 4, 5, 6], 3) }
    }
  }

  /// Without noise, the fit finds the coefficients, and higher orders do not improve it.
  @Test func autoregressionFindsItsCoefficients() throws {
    var values = [1.0, -0.5]
    for t in 2..<60 { values.append(0.3 + 1.2 * values[t - 1] - 0.81 * values[t - 2]) }
    let fitted = try Autoregression(fitting: values, maximumOrder: 2)
    #expect(fitted.coefficients.count == 2)
    #expect(abs(fitted.constant - 0.3) < 1e-12)
    #expect(abs(fitted.coefficients[0] - 1.2) < 1e-12)
    #expect(abs(fitted.coefficients[1] + 0.81) < 1e-12)
    let next = fitted.forecast(after: [2, 3], horizon: 2)
    #expect(abs(next[0] - (0.3 + 1.2 * 3 - 0.81 * 2)) < 1e-11)
    #expect(abs(next[1] - (0.3 + 1.2 * next[0] - 0.81 * 3)) < 1e-11)
  }

  @Test func orderIsChosenByAkaike() throws {
    var noise = SplitMix64(seed: 11)
    var values = [0.0, 0.0]
    for t in 2..<800 {
      values.append(1.2 * values[t - 1] - 0.7 * values[t - 2] + noise.number())
    }
    let order = try Autoregression(fitting: values).coefficients.count
    // Akaike's criterion sometimes chooses too high an order, but never too low an order for such
    // large coefficients.
    #expect(2...8 ~= order, "order \(order), seed 11")
    #expect(try Autoregression(fitting: values, maximumOrder: 1).coefficients.count == 1)
    let constant = try Autoregression(fitting: [3, 3, 3])
    #expect(constant.coefficients.isEmpty)
    #expect(abs(constant.constant - 3) < 1e-14)
  }
}
