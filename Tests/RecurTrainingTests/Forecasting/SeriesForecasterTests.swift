// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

@Suite struct SeriesForecasterTests {
  /// A season of four values and a trend, with noise.
  static func series(_ count: Int = 90) -> [Double] {
    var generator = SplitMix64(seed: 3)
    return (0..<count).map {
      [0, 3, 5, 1][$0 % 4] + 0.1 * Double($0) + 0.2 * generator.nextUnit()
    }
  }

  static func options(
    form: SeriesForm? = nil, cell: NetworkConfiguration.Cell = .lstm, members: Int = 1
  ) -> ForecasterOptions {
    ForecasterOptions(
      period: 4, horizon: 5, components: [.network], scale: .linear, window: 6, form: form,
      seasons: 2, cell: cell, hiddenSize: 3, members: members, calibrates: false, epochs: 2,
      batchSize: 16)
  }

  @Test("Counts of options are from 1 to 2²⁴")
  func limitsOfOptions() throws {
    let counts: [WritableKeyPath<ForecasterOptions, Int> & Sendable] = [
      \.period, \.horizon, \.window, \.hiddenSize, \.members, \.batchSize,
    ]
    for count in counts {
      var options = ForecasterOptions(period: 7, horizon: 2)
      options[keyPath: count] = 1 << 24
      try options.validate()
      for beyond in [0, (1 << 24) + 1] {
        options[keyPath: count] = beyond
        #expect(throws: RecurError.self) { try options.validate() }
      }
    }
    for (epochs, isRight) in [(1, true), (1 << 24, true), (0, false), ((1 << 24) + 1, false)] {
      let options = ForecasterOptions(horizon: 2, epochs: epochs)
      #expect(((try? options.validate()) != nil) == isRight, "\(epochs)")
    }
  }

  @Test(arguments: NetworkConfiguration.Cell.allCases, SeriesForm.allCases)
  func theSameSeedGivesTheSameBits(cell: NetworkConfiguration.Cell, form: SeriesForm) throws {
    let (values, options) = (Self.series(), Self.options(form: form, cell: cell, members: 2))
    let forecasts = try (0..<2).map { _ in
      try SeriesForecaster<Float>(fitting: values, options: options).forecast(after: values)
    }
    #expect(forecasts[0] == forecasts[1])
    #expect(forecasts[0].steps.count == 5)
    for step in forecasts[0].steps { #expect(step == step.sorted() && step.count == 3) }
    #expect(forecasts[0].lower == forecasts[0].steps.map { $0[0] })
    #expect(forecasts[0].median == forecasts[0].steps.map { $0[1] })
    #expect(forecasts[0].upper == forecasts[0].steps.map { $0[2] })

    var other = options
    other.seed = 2
    #expect(
      try SeriesForecaster<Float>(fitting: values, options: other).forecast(after: values)
        != forecasts[0])
  }

  /// The forecast of two members is the mean of their forecasts if no quantiles cross.
  @Test func membersAreAveraged() throws {
    let values = Self.series()
    let both = try SeriesForecaster<Double>(fitting: values, options: Self.options(members: 2))
    #expect(both.models.count == 2)
    #expect(both.models[0].parameters.elements != both.models[1].parameters.elements)
    let alone = try SeriesForecaster<Double>(fitting: values, options: Self.options())
    #expect(alone.models[0].parameters.elements == both.models[0].parameters.elements)
  }

  @Test func whatIsLearnedIsTheSeries() throws {
    let values = Self.series(200)
    var options = Self.options()
    (options.epochs, options.hiddenSize, options.learningRate) = (30, 8, 0.01)
    let forecaster = try SeriesForecaster<Float>(
      fitting: Array(values.dropLast(5)), options: options)
    #expect(forecaster.form == .seasonalDifferences)
    let forecast = try forecaster.forecast(after: values.dropLast(5))
    // The noise is uniform in 0 ..< 0.2, also in the season to which the prediction is added.
    for (a, b) in zip(forecast.median, values.suffix(5)) { #expect(abs(a - b) < 0.4) }
  }

  /// Values whose squares overflow or underflow. A power of two changes only exponents, so that the
  /// networks read bit-identical values, and the forecast is that of ordinary values, scaled.
  @Test(arguments: [-1040, -1000, -538, 515, 600, 980], SeriesForm.allCases)
  func anyMagnitudeGivesTheSameForecast(exponent: Int, form: SeriesForm) throws {
    // Multiples of 2⁻²⁰ have few digits, so that they are exact even as subnormal numbers.
    let ordinary = Self.series(60).map { ($0 * 1_048_576).rounded() / 1_048_576 }
    let scaled = ordinary.map { scalbn($0, exponent) }
    var options = Self.options(form: form)
    options.calibrates = true
    let one = try SeriesForecaster<Double>(fitting: ordinary, options: options)
    let other = try SeriesForecaster<Double>(fitting: scaled, options: options)
    #expect(other.calibration != nil)
    let expected = try one.forecast(after: ordinary).steps.flatMap(\.self)
    let found = try other.forecast(after: scaled).steps.flatMap(\.self)
    let isExact = exponent > -1000
    for (a, b) in zip(expected, found) {
      #expect(isExact ? b == scalbn(a, exponent) : abs(scalbn(b, -exponent) / a - 1) < 0.1)
    }
    let automatic = { SeriesForm(of: $0, period: 4, horizon: 5) }
    #expect(automatic(ordinary) == automatic(scaled))
    for baseline in Baseline.allCases {
      let a = try baseline.forecast(after: ordinary, period: 4, horizon: 5)
      let b = try baseline.forecast(after: scaled, period: 4, horizon: 5)
      for (a, b) in zip(a, b) {
        #expect(abs(scalbn(b, -exponent) - a) < (isExact ? 1e-9 : 1e-2), "\(baseline)")
      }
    }
  }

  @Test func valuesWhoseSumsOverflowAreNamed() {
    var values = Self.series()
    values[7] = -1e301
    #expect(
      message { try SeriesForecaster<Float>(fitting: values, options: Self.options()) }
        == "values has -1e+301 at index 7, expected finite values of at most 1e+300 in magnitude")
  }

  /// By default, the number of epochs is that of at least 300 steps: 90 values have 76 windows, or
  /// two batches.
  @Test func thereAreAtLeast300Steps() throws {
    var options = Self.options()
    (options.epochs, options.batchSize, options.horizon) = (nil, 64, 5)
    var steps: [ForecasterTrainingStep] = []
    _ = try SeriesForecaster<Float>(fitting: Self.series(), options: options) { steps.append($0) }
    #expect(steps.count == 300)
    #expect(steps.allSatisfy { $0.epochs == 150 && $0.member == 0 })
  }

  @Test func withoutASeasonAndWithValidation() throws {
    var generator = SplitMix64(seed: 8)
    var values = [0.0]
    for t in 1..<150 { values.append(0.8 * values[t - 1] + generator.nextUnit() - 0.5) }
    let options = ForecasterOptions(
      horizon: 3, components: [.network], window: 8, hiddenSize: 4, members: 1, calibrates: false,
      epochs: 3,
      validationShare: 0.2)
    var losses: [Double] = []
    let forecaster = try SeriesForecaster<Float>(fitting: values, options: options) {
      if let loss = $0.trainingStep.finishedEpoch?.validationLoss { losses.append(loss) }
    }
    #expect(losses.count == 3)
    #expect(try forecaster.forecast(after: values).steps.flatMap(\.self).allSatisfy(\.isFinite))
  }

  /// Windows between training and validation are omitted: no value is a target of both.
  @Test func validationSharesNoTargetWithTraining() throws {
    var options = Self.options(form: .values)
    options.validationShare = 0.25
    let scaling = SeriesScaling(
      fitting: Self.series(), form: .values, options)
    let split: SplitWindows<Double> = try scaling.windows(Self.series(), options)
    let validation = try #require(split.validation)
    // The ends of the windows are 7 ..< 85; the last 19 are withheld.
    #expect(validation.ends == 66..<85)
    #expect(split.training.ends == 7..<62)
  }

  @Test func badOptionsAndSeriesAreErrors() {
    func expect(_ argument: String, _ change: (inout ForecasterOptions) -> Void) {
      var options = Self.options()
      change(&options)
      #expect {
        try SeriesForecaster<Float>(fitting: Self.series(), options: options)
      } throws: {
        "\($0)".hasPrefix(argument)
      }
    }
    expect("components") { $0.components = [] }
    expect("components") { $0.components = [.network, .network] }
    expect("minimum") { $0.minimum = .nan }
    expect("maximum") { ($0.minimum, $0.maximum) = (2, 2) }
    expect("period") { $0.period = 0 }
    expect("horizon") { $0.horizon = 0 }
    expect("window") { $0.window = 0 }
    expect("seasons") { $0.seasons = 0 }
    expect("seasons") { $0.period = 1 }
    // The smallest period with several seasons is valid, so the next fault is found.
    expect("levels") { ($0.period, $0.levels) = (2, [0.1, 0.9]) }
    expect("hiddenSize") { $0.hiddenSize = 0 }
    expect("members") { $0.members = 0 }
    expect("epochs") { $0.epochs = 0 }
    expect("batchSize") { $0.batchSize = 0 }
    expect("levels") { $0.levels = [0.1, 0.9] }
    expect("levels") { $0.levels = [0.5, 0.1] }
    expect("quantiles") { $0.levels = [0.5, 1] }
    expect("learningRate") { $0.learningRate = 0 }
    expect("validationShare") { $0.validationShare = 0.5 }
    expect("values has 90 elements, expected at least 99") { $0.window = 86 }
    expect("values has 90 elements, too few") { ($0.window, $0.validationShare) = (77, 0.1) }
    let holes = Self.series() + [.infinity]
    #expect(throws: RecurError.self) {
      try SeriesForecaster<Float>(fitting: holes, options: Self.options())
    }
  }
}
