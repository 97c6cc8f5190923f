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
    #expect(
      Baseline.all(period: 1) == [
        .naive, .seasonalNaiveWithDrift, .autoregressive, .exponentialSmoothing,
      ])
    #expect(Baseline.all(period: 2) == Baseline.allCases)
  }

  @Test func tooFewValuesAreAnError() {
    for baseline in Baseline.allCases {
      #expect(throws: RecurError.self) { try forecast(baseline, [1, 2, 3, 4, 5], 3) }
      #expect(throws: RecurError.self) { try forecast(baseline, [1, 2, .nan, 4, 5, 6], 3) }
    }
  }
}
