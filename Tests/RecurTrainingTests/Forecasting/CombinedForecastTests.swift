// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// Forecasts that combine several components.
@Suite struct CombinedForecastTests {
  private func options(
    period: Int = 4, _ components: [ForecastComponent] = ForecastComponent.allCases
  ) -> ForecasterOptions {
    ForecasterOptions(
      period: period, horizon: 5, components: components, window: 6, hiddenSize: 3, members: 1,
      epochs: 2, batchSize: 16)
  }

  @Test func aSeriesTooShortForNetworksIsForecastWithoutThem() throws {
    let values = Array(SeriesForecasterTests.series(22))
    let forecaster = try SeriesForecaster<Float>(fitting: values, options: options())
    #expect(forecaster.components == [.autoregressive, .exponentialSmoothing])
    #expect(forecaster.models.isEmpty && forecaster.form == nil)
    #expect(try forecaster.forecast(after: values).steps.count == 5)
    #expect(
      message { try SeriesForecaster<Float>(fitting: Array(values[..<10]), options: options()) }
        == "values has 10 elements, expected at least 11")
    #expect(
      message {
        try SeriesForecaster<Float>(fitting: values, options: options(period: 4, [.network]))
      }
        == "values has 22 elements, expected at least 23")
  }

  /// Equal weights and an autoregressive model of the values, which returns to their mean, made the
  /// forecasts of short rising series fall.
  @Test(arguments: [
    [3, 4, 4.5, 5.2, 5.9, 6.1, 7.2, 7.9], (0..<8).map { 100 * pow(1.06, Double($0)) },
  ])
  func theForecastOfAShortRisingSeriesRises(values: [Double]) throws {
    let forecaster = try SeriesForecaster<Float>(
      fitting: values, options: ForecasterOptions(horizon: 4))
    #expect(forecaster.calibration == nil && forecaster.isTooShort)
    let series = values + (try forecaster.forecast(after: values)).median
    #expect(zip(series.suffix(5), series.suffix(4)).allSatisfy(<), "\(series)")
  }

  /// With one component, the forecast is that of its baseline.
  @Test(arguments: [
    (ForecastComponent.autoregressive, Baseline.autoregressive),
    (.exponentialSmoothing, .exponentialSmoothing),
  ])
  func oneComponentIsItsBaseline(component: ForecastComponent, baseline: Baseline) throws {
    let values = SeriesForecasterTests.series()
    let forecaster = try SeriesForecaster<Float>(
      fitting: values, options: options(period: 4, [component]))
    #expect(forecaster.calibration?.weights == [1])
    #expect(
      try forecaster.forecast(after: values).median
        == baseline.forecast(after: values, period: 4, horizon: 5))
  }

  @Test func allComponentsHaveWeights() throws {
    let values = SeriesForecasterTests.series()
    let forecaster = try SeriesForecaster<Double>(fitting: values, options: options())
    let calibration = try #require(forecaster.calibration)
    #expect(forecaster.components == ForecastComponent.allCases)
    #expect(abs(calibration.weights.reduce(0, +) - 1) < 1e-12)
    #expect(calibration.weights.allSatisfy { $0 > 0 })
  }

  /// A constant series of any size, and one that only grows by a constant, have no uncertainty.
  @Test(arguments: [45, 2.5e-9, -3e299, 0])
  func aConstantSeriesStaysConstant(value: Double) throws {
    let values = Array(repeating: value, count: 60)
    let forecaster = try SeriesForecaster<Float>(fitting: values, options: options())
    for step in try forecaster.forecast(after: values).steps {
      for quantile in step { #expect(abs(quantile - value) <= 1e-12 * abs(value)) }
    }
  }

  @Test func quantilesStayWithinTheDomain() throws {
    var noise = SplitMix64(seed: 9)
    // Counts with many zeros.
    let counts = (0..<80).map { _ in (4 * noise.nextUnit() - 2).rounded(.down).magnitude - 1 }
      .map { max(0, $0) }
    func forecast(_ change: (inout ForecasterOptions) -> Void = { _ in }) throws -> Forecast {
      var options = options(period: 1, [.autoregressive, .exponentialSmoothing])
      change(&options)
      return try SeriesForecaster<Float>(fitting: counts, options: options).forecast(after: counts)
    }
    #expect(try forecast().lower.allSatisfy { $0 >= 0 })
    #expect(try forecast { $0.minimum = -100 }.lower.contains { $0 < 0 })
    #expect(try forecast { $0.maximum = -1 }.upper.allSatisfy { $0 <= -1 })
    #expect(try forecast { $0.maximum = 0.25 }.upper.allSatisfy { $0 <= 0.25 })
  }

  /// On a logarithmic scale, all quantiles of a growing series are positive.
  @Test func logarithmsGivePositiveQuantiles() throws {
    var noise = SplitMix64(seed: 4)
    let values = (0..<90).map { t in
      exp(0.03 * Double(t) + 0.3 * noise.nextUnit()) * [1, 2, 3, 1.5][t % 4]
    }
    var options = options(period: 4, [.autoregressive, .exponentialSmoothing])
    options.levels = [0.001, 0.5, 0.999]
    let forecaster = try SeriesForecaster<Float>(fitting: values, options: options)
    #expect(forecaster.scale == .logarithmic)
    #expect(try forecaster.forecast(after: values).lower.allSatisfy { $0 > 0 })
    #expect(
      message { try forecaster.forecast(after: values + [0]) }
        == "values has 0.0 at index 90, expected positive values for a logarithmic scale")
  }

  @Test func thePeriodIsChosenByTheData() throws {
    var noise = SplitMix64(seed: 21)
    func series(_ season: (Int) -> Double) -> [Double] {
      (0..<600).map { season($0) + 0.1 * noise.nextUnit() }
    }
    func period(_ values: [Double], _ candidates: [Int]) throws -> Int {
      try ForecasterOptions.period(of: values, among: candidates, horizon: 10)
    }
    let weekly = series { [0, 1, 5, 2, 8, 3, 1][$0 % 7] }
    #expect(try period(weekly, [1, 7, 49]) == 7)
    let twoSeasons = series { [0, 1, 5, 2, 8, 3, 1][$0 % 7] * ($0 % 49 < 14 ? 2 : 1) }
    #expect(try period(twoSeasons, [1, 7, 49]) == 49)
    #expect(try period(Array(weekly[..<20]), [7, 49]) == 1)
    #expect(try period(Array(weekly[..<24]), [7, 49]) == 7)
    #expect(try period(weekly, []) == 1)
  }

  @Test func aSeasonIsChosenForAReason() throws {
    var noise = SplitMix64(seed: 21)
    let values = (0..<60).map { [0, 1, 5, 2, 8, 3, 1][$0 % 7] + 0.1 * noise.nextUnit() }
    func choice(_ count: Int, _ candidates: [Int], horizon: Int = 3) throws -> SeasonChoice {
      try ForecasterOptions.seasonChoice(
        of: Array(values[..<count]), among: candidates, horizon: horizon)
    }
    #expect(try choice(60, [7, 1]) == SeasonChoice(period: 7, reason: .compared))
    // Two seasons are enough for the only candidate, and three for a comparison.
    #expect(try choice(14, [7]) == SeasonChoice(period: 7, reason: .usual))
    #expect(
      try choice(13, [7]) == SeasonChoice(period: 1, reason: .tooShort(needed: 14, season: 7)))
    #expect(
      try choice(20, [7, 1]) == SeasonChoice(period: 1, reason: .tooShort(needed: 21, season: 7)))
    // The other components need period + horizon + 2 values.
    #expect(
      try choice(14, [7], horizon: 6)
        == SeasonChoice(period: 1, reason: .tooShort(needed: 15, season: 7)))
    #expect(try choice(14, []) == SeasonChoice(period: 1, reason: .none))
  }
}
