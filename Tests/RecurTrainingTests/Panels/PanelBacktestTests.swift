// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@testable import RecurTraining

@Suite struct PanelBacktestTests {
  private let panel = smallPanel()
  private let options = smallPanelOptions(components: [.exponentialSmoothing])

  private func forecaster() throws -> PanelForecaster<Float> {
    try PanelForecaster(
      fitting: panel.map { $0.prefix($0.values.count - 6, horizon: 3) }, options: options)
  }

  @Test func scoresAreThoseOfTheForecasts() throws {
    let forecaster = try forecaster()
    let scores = try forecaster.scores(of: panel, origins: 2, threads: Threads(count: 2))
    for (series, found) in zip(panel, scores) {
      let score = try #require(found)
      #expect(score.id == series.id && score.observed == 6)
      var (absolute, scaled) = (0.0, 0.0)
      for known in [series.values.count - 6, series.values.count - 3] {
        let before = series.prefix(known, horizon: 3)
        let forecast = try forecaster.forecast(after: [before])[0].median
        let errors = zip(forecast, series.values[known...]).map { abs($0 - $1) }
        let unit = ForecastScore.unit(before.values, period: 4)
        absolute += errors.reduce(0, +) / 3 / 2
        scaled += errors.reduce(0, +) / 3 / unit / 2
      }
      #expect(abs(score.meanAbsoluteError - absolute) <= 1e-12 * absolute)
      #expect(abs(score.meanAbsoluteScaledError! - scaled) <= 1e-12 * scaled)
      #expect(score.baselineErrors.count == Baseline.all(period: 4).count)
    }
  }

  @Test func theScoreOfThePanelIsTheMean() throws {
    let scores = try forecaster().scores(of: panel, origins: 1).map { try #require($0) }
    var total = PanelScore(period: 4)
    #expect(total.meanAbsoluteScaledError == nil && total.coverage == nil)
    for score in scores { total.add(score) }
    #expect(total.series == panel.count)
    let mean = scores.reduce(0) { $0 + $1.meanAbsoluteScaledError! } / Double(scores.count)
    #expect(abs(total.meanAbsoluteScaledError! - mean) <= 1e-12)
    #expect(total.coverage == Double(scores.reduce(0) { $0 + $1.covered }) / (3 * 8))
    #expect(total.baselineErrors.count == total.baselines.count)
  }

  @Test("Missing values before an origin do not depend on values after it")
  func valuesKnownAtTheOrigin() throws {
    func series(_ later: Double) -> PanelSeries {
      let values: [Double?] = (0..<24).map { $0 < 16 ? 100 + Double($0 % 4) : nil }
      let all = values.dropLast(3) + [later, later, later]
      return PanelSeries(
        id: "a", values: MissingValues.interpolated(Array(all)), missing: Array(16..<21))
    }
    let known = series(100).prefix(21, horizon: 3)
    #expect(known.values == series(900).prefix(21, horizon: 3).values)
    #expect(known.values.suffix(6) == [103, 103, 103, 103, 103, 103])
    let found = try [100.0, 900].map { later in
      let score = try forecaster().scores(of: [series(later)], origins: 1)[0]
      return try #require(score).meanAbsoluteError
    }
    #expect(found[1] - found[0] > 700)
  }

  @Test("The calibration ignores steps whose values are missing")
  func missingValuesInTheCalibration() throws {
    func calibration(_ value: Double) throws -> ForecastCalibration? {
      let series = panel.map { series in
        var changed = series
        changed.values[series.values.count - 2] = value
        changed.missing = [series.values.count - 2]
        return changed
      }
      return try PanelForecaster<Float>(fitting: series, options: options).calibration
    }
    #expect(try calibration(5) == calibration(7000))
  }

  @Test func missingValuesDoNotCount() throws {
    var series = panel[0]
    let last = series.values.count - 1
    series.missing = [last]
    let score = try #require(forecaster().scores(of: [series], origins: 1)[0])
    #expect(score.observed == 2)
    series.missing = [last - 2, last - 1, last]
    #expect(try forecaster().scores(of: [series], origins: 1)[0] == nil)
  }

  @Test func shortSeriesHaveFewerOrigins() throws {
    // An origin needs a season, the horizon and one more value before it.
    let scores = try forecaster().scores(
      of: [10, 11, 14].map { panel[0].prefix($0, horizon: 3) }, origins: 2)
    #expect(scores.map { $0?.observed } == [nil, 3, 6])
    #expect(throws: RecurError.self) { try forecaster().scores(of: panel, origins: 0) }
  }
}
