// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@testable import RecurTraining

@Suite struct IntervalCalibrationTests {
  private let options = ForecasterOptions(
    period: 4, horizon: 5, window: 6, form: .values, seasons: 2, hiddenSize: 3, members: 1,
    epochs: 2, batchSize: 16)

  /// Of 82 windows, 20 are withheld and 4 separate them from the rest. With four windows,
  /// withholding one and separating 4 would leave none.
  @Test func theLastQuarterOfTheWindowsIsWithheld() throws {
    #expect(IntervalCalibration(count: 100, options)?.known == 100 - 20 - 4)
    #expect(IntervalCalibration(count: options.valuesNeeded + 3, options) == nil)
    var other = options
    other.levels = [0.5]
    #expect(IntervalCalibration(count: 100, other) == nil)
    other = options
    other.calibratesIntervals = false
    #expect(IntervalCalibration(count: 100, other) == nil)
    // Validation remains possible for a series that is long enough.
    other = options
    (other.validationShare, other.horizon) = (0.49, 9)
    for count in options.valuesNeeded..<60 {
      let values = SeriesForecasterTests.series(count)
      let isEnough = (try? SeriesForecaster<Float>(fitting: values, options: other)) != nil
      var plain = other
      plain.calibratesIntervals = false
      #expect(
        isEnough == ((try? SeriesForecaster<Float>(fitting: values, options: plain)) != nil),
        "\(count)")
    }
    let short = Array(SeriesForecasterTests.series(options.valuesNeeded))
    #expect(try SeriesForecaster<Float>(fitting: short, options: options).calibrationFactor == nil)
  }

  /// With that factor, and with no smaller one, the intervals of the network cover their share of
  /// the withheld windows: ⌈0.8 · (n + 1)⌉ of n.
  @Test func theRangeHoldsItsShareOfWhatWasWithheld() throws {
    let values = SeriesForecasterTests.series(100)
    let plan = try #require(IntervalCalibration(count: 100, options))
    var one = options
    one.calibratesIntervals = false
    one.seed = options.seed(network: 1)
    let unseen = try SeriesForecaster<Double>(fitting: Array(values[..<plan.known]), options: one)
    let stretch = try plan.factor(of: unseen, values)
    func held(_ factor: Double) throws -> Int {
      try (plan.known...95).reduce(0) { sum, origin in
        let forecast = try unseen.forecast(after: Array(values[..<origin])).widened(by: factor)
        return sum
          + (0..<5).count {
            forecast.lower[$0] <= values[origin + $0] && values[origin + $0] <= forecast.upper[$0]
          }
      }
    }
    #expect(stretch > 1)
    #expect(try held(stretch * (1 + 1e-9)) == 81)
    #expect(try held(stretch * (1 - 1e-9)) == 80)

    // This is the network that a forecaster trains for calibration.
    let forecaster = try SeriesForecaster<Double>(fitting: values, options: options)
    #expect(forecaster.calibrationFactor == stretch)
    #expect(forecaster.models.count == 1)
    let plain = try SeriesForecaster<Double>(fitting: values, options: withoutCalibration())
    let (wide, narrow) = (
      try forecaster.forecast(after: values), try plain.forecast(after: values)
    )
    #expect(wide == narrow.widened(by: stretch))
    #expect(wide.median == narrow.median)
  }

  private func withoutCalibration() -> ForecasterOptions {
    var other = options
    other.calibratesIntervals = false
    return other
  }

  /// 20 origins with 5 values each give 100 values; the intervals cover ⌈0.8 · 101⌉ = 81 of them.
  @Test func aRangeThatIsTooWideStaysAsItIs() throws {
    let values = SeriesForecasterTests.series(100)
    let plan = try #require(IntervalCalibration(count: 100, options))
    let forecaster = try SeriesForecaster<Double>(fitting: values, options: withoutCalibration())
    let wide = SeriesForecaster(
      options: forecaster.options, scaling: forecaster.scaling, calibrationFactor: 1000,
      models: forecaster.models)
    #expect(try plan.factor(of: wide, values) == 1)
  }

  @Test func whatNoStretchReachesCountsAsNotHeld() {
    let step = [1.0, 2]
    let forecast = Forecast(levels: [0.5, 0.9], steps: [step, step, step], calibrationFactor: nil)
    #expect(forecast.factors(toCover: [0, 1, 4]) == [.infinity, 0, 3])
    let narrow = Forecast(levels: [0.1, 0.5, 0.9], steps: [[0, 1, 3]], calibrationFactor: nil)
    #expect(narrow.factors(toCover: [-1]) == [2])
  }

  @Test func quantilesAreStretchedFromTheMedian() {
    let forecast = Forecast(
      levels: [0.1, 0.3, 0.5, 0.9], steps: [[0, 1, 2, 5], [3, 3, 3, 3]], calibrationFactor: nil)
    #expect(forecast.widened(by: 1.5).steps == [[-1, 0.5, 2, 6.5], [3, 3, 3, 3]])
    #expect(forecast.widened(by: 1.5).calibrationFactor == 1.5)
    #expect(forecast.widened(by: nil) == forecast)
  }
}
