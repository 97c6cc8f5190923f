// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

@Suite struct PanelForecasterTests {
  @Test("A forecast depends neither on the other series nor on the threads, bit for bit")
  func sameBitsInAnyPart() throws {
    let panel = smallPanel()
    let forecaster = try PanelForecaster<Float>(fitting: panel, options: smallPanelOptions())
    let all = try forecaster.forecast(after: panel)
    #expect(try forecaster.forecast(after: panel, threads: Threads(count: 2)) == all)
    #expect(try forecaster.forecast(after: panel.reversed()) == all.reversed())
    for (series, forecast) in zip(panel, all) {
      #expect(try forecaster.forecast(after: [series]) == [forecast])
    }
    #expect(try forecaster.forecast(after: []) == [])
  }

  @Test("The same seed gives the same forecasts, for any number of threads; another seed others")
  func theSameSeedGivesTheSameBits() throws {
    let panel = smallPanel()
    var options = smallPanelOptions()
    func forecast(_ threads: Threads? = nil) throws -> [Forecast] {
      try PanelForecaster<Double>(fitting: panel, options: options, threads: threads)
        .forecast(after: panel)
    }
    let first = try forecast()
    #expect(try forecast(Threads(count: 2)) == first)
    options.seed = 2
    #expect(try forecast() != first)
  }

  @Test func quantilesIncreaseAndFollowTheLevelOfEachSeries() throws {
    let panel = smallPanel()
    let forecaster = try PanelForecaster<Float>(
      fitting: panel, options: smallPanelOptions(steps: 60))
    for (series, forecast) in zip(panel, try forecaster.forecast(after: panel)) {
      #expect(forecast.steps.count == 3)
      for step in forecast.steps { #expect(step == step.sorted()) }
      let last = series.values.suffix(4)
      for median in forecast.median {
        #expect(0.7 * last.min()! < median && median < 1.3 * last.max()!)
      }
    }
  }

  @Test("A series times a power of two has the forecast times that power")
  func scaleDoesNotMatter() throws {
    let panel = smallPanel()
    let options = smallPanelOptions(components: [.network])
    let forecaster = try PanelForecaster<Float>(fitting: panel, options: options)
    var (linear, scaled) = (options, panel[0])
    linear.scale = .linear
    scaled.values = scaled.values.map { 1024 * $0 }
    let same = PanelForecaster(
      options: linear, model: forecaster.model, calibration: nil, scaling: forecaster.scaling)
    let forecasts = try same.forecast(after: [panel[0], scaled])
    #expect(forecasts[1].steps == forecasts[0].steps.map { $0.map { 1024 * $0 } })
  }

  @Test func constantSeriesAreForecastExactly() throws {
    let forecaster = try PanelForecaster<Float>(
      fitting: smallPanel(), options: smallPanelOptions())
    for value in [0, 7, -3e8, 1e300] {
      let constant = PanelSeries(id: "c", values: Array(repeating: value, count: 20))
      let forecast = try forecaster.forecast(after: [constant])[0]
      #expect(forecast.steps.allSatisfy { $0.allSatisfy { $0 == value } }, "\(value)")
    }
  }

  @Test("Series of one value and more are forecast", arguments: [1, 2, 4, 5, 7, 8, 30])
  func shortSeries(count: Int) throws {
    let forecaster = try PanelForecaster<Float>(
      fitting: smallPanel(), options: smallPanelOptions())
    let values = Array(smallPanel()[0].values.prefix(count))
    let forecast = try forecaster.forecast(after: [PanelSeries(id: "new", values: values)])[0]
    #expect(forecast.steps.allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(forecast.median.allSatisfy { 0.5 * values.min()! < $0 && $0 < 2 * values.max()! })
    #expect(zip(forecast.lower, forecast.upper).allSatisfy { $0 < $1 })
  }

  @Test func withoutANetwork() throws {
    let options = smallPanelOptions(components: [.exponentialSmoothing])
    let panel = smallPanel()
    let forecaster = try PanelForecaster<Float>(fitting: panel, options: options)
    #expect(forecaster.model == nil)
    let expected = try Baseline.exponentialSmoothing.forecast(
      after: panel[2].values, period: 4, horizon: 3)
    let median = try forecaster.forecast(after: [panel[2]])[0].median
    #expect(median == expected)
    #expect(
      throws: RecurError.invalid(
        argument: "series \"x\"", reason: "has 6 values, expected at least 7")
    ) {
      try forecaster.forecast(after: [PanelSeries(id: "x", values: [1, 2, 3, 4, 5, 6])])
    }
  }

  @Test("An input known ahead that sets the values improves their forecast")
  func knownInputs() throws {
    var generator = SplitMix64(seed: 9)
    var options = PanelOptions(
      horizon: 2, components: [.network], window: 8, knownInputs: 1, hiddenSize: 12, steps: 500,
      batchSize: 32, learningRate: 0.03)
    let panel = (0..<20).map { index in
      let promotion = (0..<62).map { _ in generator.nextUnit() < 0.3 ? 1.0 : 0 }
      let values = promotion.prefix(60).map { 10 + 5 * $0 + 0.1 * generator.nextUnit() }
      return PanelSeries(id: "\(index)", values: values, known: [promotion])
    }
    func error() throws -> Double {
      let forecaster = try PanelForecaster<Float>(
        fitting: panel.map { $0.prefix(58, horizon: 2) }, options: options)
      let scores = try forecaster.scores(of: panel, origins: 1)
      return scores.reduce(0) { $0 + $1!.meanAbsoluteError } / Double(scores.count)
    }
    let with = try error()
    options.knownInputs = 0
    let without = try PanelForecaster<Float>(
      fitting: panel.map { PanelSeries(id: $0.id, values: Array($0.values.prefix(58))) },
      options: options
    ).scores(of: panel.map { PanelSeries(id: $0.id, values: $0.values) }, origins: 1)
    let other = without.reduce(0) { $0 + $1!.meanAbsoluteError } / Double(without.count)
    #expect(with < 0.5 * other, "\(with) with the input, \(other) without")
  }

  @Test func errorsNameTheSeries() throws {
    var options = smallPanelOptions()
    let forecaster = try PanelForecaster<Float>(fitting: smallPanel(), options: options)
    let good = smallPanel()[0].values
    for (series, reason) in [
      (PanelSeries(id: "a", values: []), "has 0 values, expected at least 1"),
      (
        PanelSeries(id: "a", values: [1, .nan]),
        "has nan at index 1, expected finite values of at most 1e+300 in magnitude"
      ),
      (PanelSeries(id: "a", values: good, known: [good]), "has 1 known inputs, expected 0"),
      (PanelSeries(id: "a", values: good, past: [good]), "has 1 past inputs, expected 0"),
      (
        PanelSeries(id: "a", values: good, features: [1]),
        "has 1 values of features inputs, expected 0"
      ),
    ] {
      #expect(throws: RecurError.invalid(argument: "series \"a\"", reason: reason)) {
        try forecaster.forecast(after: [series])
      }
    }
    options.scale = .logarithmic
    #expect(
      throws: RecurError.invalid(
        argument: "series \"z\"",
        reason: "has 0.0 at index 1, expected positive values for a logarithmic scale")
    ) {
      try PanelForecaster<Float>(
        fitting: smallPanel() + [PanelSeries(id: "z", values: [1, 0] + good)], options: options)
    }
  }

  @Test func aPanelOfShortSeriesCannotTrain() throws {
    let panel = smallPanel().map { $0.prefix(10, horizon: 3) }
    #expect(
      throws: RecurError.invalid(
        argument: "panel",
        reason: "has no series with at least 11 values, which a window, its targets and the "
          + "calibration need")
    ) { try PanelForecaster<Float>(fitting: panel, options: smallPanelOptions()) }
    _ = try PanelForecaster<Float>(
      fitting: panel + [smallPanel()[1].prefix(11, horizon: 3)], options: smallPanelOptions())
  }
}
