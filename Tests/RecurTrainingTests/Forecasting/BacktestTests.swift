// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing
@testable import RecurTraining

@Suite struct BacktestTests {
  private let options = SeriesForecasterTests.options()

  @Test func originsAndValuesOutOfRangeAreErrors() throws {
    let values = SeriesForecasterTests.series()
    func backtest(_ values: [Double?], _ origins: BacktestOptions) -> String {
      message {
        try SeriesForecaster<Float>.backtest(values, options: options, backtest: origins)
      }
    }
    let limit = "expected at most the number of values, 90"
    #expect(backtest(values, .init(origins: .max)) == "origins is \(Int.max), \(limit)")
    #expect(
      backtest(values, .init(origins: 2, stride: .max)) == "stride is \(Int.max), \(limit)")
    #expect(backtest(values, .init(stride: 0)) == "stride is 0, expected at least 1")
    let spoilt: [Double?] = values.dropLast() + [.infinity]
    #expect(backtest(spoilt, .init()) == "values has inf at index 89, expected finite values")
    let forecaster = try SeriesForecaster<Float>(fitting: values, options: options)
    #expect(throws: RecurError.self) { try forecaster.backtest(spoilt, from: 85) }
    var large = options
    (large.period, large.seasons) = (.max, .max)
    #expect(large.valuesNeeded == .max)
    #expect(
      message { try SeriesForecaster<Float>(fitting: values, options: large) }
        == "period is \(Int.max), expected at most 2^24")
  }

  @Test func originsAreAHorizonApartUnlessSaid() {
    #expect(BacktestOptions().origins(count: 90, horizon: 5) == [85])
    #expect(BacktestOptions(origins: 3).origins(count: 90, horizon: 5) == [75, 80, 85])
    #expect(BacktestOptions(origins: 3, stride: 2).origins(count: 90, horizon: 5) == [81, 83, 85])
  }

  /// Forecasts do not depend on values after their origin, even if values before it are missing.
  @Test(arguments: [false, true])
  func nothingLooksAhead(refits: Bool) throws {
    var values: [Double?] = SeriesForecasterTests.series()
    for index in [40, 74, 79, 80] { values[index] = nil }
    let plan = BacktestOptions(origins: 3, refits: refits)
    let before = try SeriesForecaster<Float>.backtest(values, options: options, backtest: plan)
    #expect(before.trials.map(\.known) == [75, 80, 85])
    #expect(before.trials[1].observed == [nil] + values[81..<85])
    for origin in [75, 80, 85] {
      var changed = values
      for index in origin..<90 { changed[index] = (changed[index] ?? 0) + 1000 }
      let after = try SeriesForecaster<Float>.backtest(changed, options: options, backtest: plan)
      for (a, b) in zip(before.trials, after.trials) {
        let isBefore = a.known <= origin
        #expect((a.forecast == b.forecast) == isBefore, "\(a.known), \(origin)")
        #expect((a.baselines == b.baselines) == isBefore, "\(a.known), \(origin)")
        #expect((a.unit == b.unit) == isBefore)
      }
    }
  }

  @Test func refittingFitsAtEachOrigin() throws {
    let values: [Double?] = SeriesForecasterTests.series()
    func fits(_ refits: Bool) throws -> (Set<Int>, Backtest) {
      var fits: Set<Int> = []
      let plan = BacktestOptions(origins: 2, refits: refits)
      let tested = try SeriesForecaster<Float>.backtest(values, options: options, backtest: plan) {
        fit, _ in
        fits.insert(fit)
      }
      #expect(fits.count == plan.fits)
      return (fits, tested)
    }
    let (once, each) = (try fits(false), try fits(true))
    #expect(once.0 == [0])
    #expect(each.0 == [0, 1])
    #expect(once.1.trials[0].forecast == each.1.trials[0].forecast)
    #expect(once.1.trials[1].forecast != each.1.trials[1].forecast)
  }

  @Test func scoresAndCoverageAreThoseOfTheTrials() throws {
    let forecast = Forecast(
      levels: [0.25, 0.5, 0.75], steps: [[1, 2, 3], [4, 5, 6], [0, 1, 2]], calibration: nil)
    let trial = Backtest.Trial(
      known: 10, observed: [3, 7, nil], forecast: forecast,
      baselines: [[3, 6, 0], [0, 0, 0], [1, 1, 1], [3, 7, 9], [3, 7, 9]], unit: 2)
    let tested = try Backtest([trial], ForecasterOptions(period: 2, horizon: 3))
    #expect(tested.score.meanAbsoluteError == 1.5)
    #expect(tested.score.meanAbsoluteScaledError == 0.75)
    #expect(tested.baselineScores.map(\.meanAbsoluteError) == [0.5, 5, 4, 0, 0])
    #expect(tested.coverage == 0.5)
  }

  /// A baseline is better if its error is smaller at all of at least five origins.
  @Test func aBaselineIsBetterIfItIsAtEveryOrigin() throws {
    func trial(_ baselines: [Double], missing: Bool = false) -> Backtest.Trial {
      Backtest.Trial(
        known: 10, observed: [missing ? nil : 3],
        forecast: Forecast(levels: [0.5], steps: [[5]], calibration: nil),
        baselines: baselines.map { [$0] }, unit: 1)
    }
    let options = ForecasterOptions(period: 2, horizon: 1, levels: [0.5])
    let usual = trial([4, 5, 2, 6, 3])
    func better(_ trials: [Backtest.Trial]) throws -> [Baseline] {
      try Backtest(trials, options).betterBaselines
    }
    let all: [Baseline] = [.naive, .seasonalNaiveWithDrift, .exponentialSmoothing]
    #expect(try better(Array(repeating: usual, count: 5)) == all)
    #expect(try better(Array(repeating: usual, count: 4)) == [])
    let others = Array(repeating: usual, count: 4) + [trial([5, 5, 2, 6, 3])]
    #expect(try better(others) == [.seasonalNaiveWithDrift, .exponentialSmoothing])
    let gap = Array(repeating: usual, count: 4) + [trial([4, 5, 2, 6, 3], missing: true)]
    #expect(try better(gap) == [])
  }

  @Test func tooFewValuesAndBadOptionsAreErrors() {
    let values: [Double?] = SeriesForecasterTests.series(24)
    func tested(_ plan: BacktestOptions) throws {
      _ = try SeriesForecaster<Float>.backtest(values, options: options, backtest: plan)
    }
    #expect(throws: Never.self) { try tested(.init()) }
    #expect(throws: RecurError.self) { try tested(.init(origins: 3)) }
    #expect(throws: RecurError.self) { try tested(.init(origins: 0)) }
    #expect(throws: RecurError.self) { try tested(.init(origins: 2, stride: 0)) }
  }
}
