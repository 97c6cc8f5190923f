// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing
@testable import RecurTraining

@Suite struct ForecastScoreTests {
  @Test func errorsByHand() throws {
    // The errors are |1 − 2|, |5 − 3| and, in units of 4, |0 − 8|; the missing value is ignored.
    let score = try ForecastScore(
      of: [([1, 9, 5], [2, nil, 3], 2), ([0, 0, 0], [8, nil, nil], 4)], horizon: 3)
    #expect(score.meanAbsoluteError == 11.0 / 3)
    #expect(score.meanAbsoluteScaledError == 3.5 / 3)
    #expect(score.errorsByStep == [4.5, nil, 2])
  }

  @Test func unitOfMASEIsTheSeasonalNaiveErrorOfWhatIsKnown() {
    #expect(ForecastScore.unit([1, 2, 4, 7, 3, 3], period: 2) == 3.25)
    #expect(ForecastScore.unit([1, 2, 4], period: 1) == 1.5)
  }

  @Test func nothingObservedIsAnErrorAndNoUnitNoMASE() throws {
    #expect(throws: RecurError.self) { try ForecastScore(of: [([1], [nil], 1)], horizon: 1) }
    let score = try ForecastScore(of: [([1], [2], 0)], horizon: 1)
    #expect(score.meanAbsoluteScaledError == nil)
    #expect(score.meanAbsoluteError == 1)
  }

  @Test func interpolationIsAStraightLine() {
    let values: [Double?] = [nil, 1, nil, nil, 4, 6, nil]
    #expect(MissingValues.interpolated(values) == [1, 1, 2, 3, 4, 6, 6])
    #expect(MissingValues.interpolated([nil]) == [])
  }
}
