// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@testable import RecurTraining

@Suite struct SeriesFormTests {
  private let values = (0..<40).map { Double($0 * $0 % 17) + 0.3 * Double($0) }

  /// A network that says exactly the targets forecasts exactly the values.
  @Test(arguments: SeriesForm.allCases)
  func targetsAreWhatForecastsMean(form: SeriesForm) {
    let scaling = SeriesScaling(
      fitting: values, form: form, .init(period: 4, horizon: 7, seasons: 2))
    let said = scaling.targets(values, known: 20).map { [$0] }
    let meant = scaling.values(said, after: Array(values[..<20]))
    for step in 0..<7 {
      #expect(abs(meant[step][0] - values[20 + step]) < 1e-12 * 40)
    }
  }

  @Test func inputsAreDifferencesOrLevels() {
    let rising = (0..<20).map { Double($0 * $0) }
    #expect(SeriesForm.levels.read(rising, period: 3) == rising)
    #expect(SeriesForm.seasonalDifferences.read(rising, period: 3).prefix(3) == [9, 15, 21])
    for form in SeriesForm.allCases {
      let scaling = SeriesScaling(fitting: rising, form: form, .init(period: 3, horizon: 2))
      let inputs = scaling.inputs(rising)
      #expect(inputs.count == 20 - form.offset(period: 3))
      #expect(abs(inputs.reduce(0, +)) < 1e-12 * 20)
      #expect(abs(inputs.reduce(0) { $0 + $1 * $1 } / Double(inputs.count) - 1) < 1e-12)
    }
  }

  /// The last season's mean, 4.5, and the mean shape of (1, 2) and (3, 6) around theirs, ∓1.
  @Test func whatIsAddedToIsTheLastSeasonWithTheMeanShape() {
    let values: [Double] = [9, 1, 2, 3, 6]
    func bases(_ form: SeriesForm, _ seasons: Int) -> [Double] {
      form.bases(values, known: 5, horizon: 3, period: 2, seasons: seasons)
    }
    #expect(bases(.seasonalDifferences, 2) == [3.5, 5.5, 3.5])
    #expect(bases(.seasonalDifferences, 1) == [3, 6, 3])
    #expect(bases(.levels, 2) == [0, 0, 0])
  }

  @Test func theFormThatLiesNearerIsChosen() {
    // A trend: the last season is near, the mean far; and noise around a mean.
    let trend = (0..<60).map { Double($0) }
    #expect(SeriesForm(of: trend, period: 4, horizon: 4) == .seasonalDifferences)
    var generator = SplitMix64(seed: 5)
    let noise = (0..<60).map { _ in generator.nextUnit() }
    #expect(SeriesForm(of: noise, period: 4, horizon: 4) == .levels)
  }
}

@Suite struct SeriesForecasterTests {
  /// A season of four and a trend, with noise.
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
      period: 4, horizon: 5, window: 6, form: form, seasons: 2, cell: cell, hiddenSize: 3,
      members: members, calibratesRange: false, epochs: 2, batchSize: 16)
  }

  @Test(arguments: NetworkConfiguration.Cell.allCases, SeriesForm.allCases)
  func theSameSeedGivesTheSameBits(cell: NetworkConfiguration.Cell, form: SeriesForm) throws {
    let (values, options) = (Self.series(), Self.options(form: form, cell: cell, members: 2))
    let forecasts = try (0..<2).map { _ in
      try SeriesForecaster<Float>(fitting: values, options).forecast(after: values)
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
      try SeriesForecaster<Float>(fitting: values, other).forecast(after: values) != forecasts[0])
  }

  /// The forecast of two members is the mean of theirs, where no quantiles cross.
  @Test func membersAreAveraged() throws {
    let values = Self.series()
    let both = try SeriesForecaster<Double>(fitting: values, Self.options(members: 2))
    #expect(both.models.count == 2)
    #expect(both.models[0].parameters.elements != both.models[1].parameters.elements)
    let alone = try SeriesForecaster<Double>(fitting: values, Self.options())
    #expect(alone.models[0].parameters.elements == both.models[0].parameters.elements)
  }

  @Test func whatIsLearnedIsTheSeries() throws {
    let values = Self.series(200)
    var options = Self.options()
    (options.epochs, options.hiddenSize, options.rate) = (30, 8, 0.01)
    let forecaster = try SeriesForecaster<Float>(fitting: Array(values.dropLast(5)), options)
    #expect(forecaster.form == .seasonalDifferences)
    let forecast = try forecaster.forecast(after: values.dropLast(5))
    // The noise is uniform in 0 ..< 0.2, and in the season that is added to as well.
    for (a, b) in zip(forecast.median, values.suffix(5)) { #expect(abs(a - b) < 0.4) }
  }

  /// Nothing said, there are as many epochs as 300 steps take: 90 values have 76 windows, two batches.
  @Test func thereAreAtLeast300Steps() throws {
    var options = Self.options()
    (options.epochs, options.batchSize, options.horizon) = (nil, 64, 5)
    var steps: [FittingStep] = []
    _ = try SeriesForecaster<Float>(fitting: Self.series(), options) { steps.append($0) }
    #expect(steps.count == 300)
    #expect(steps.allSatisfy { $0.epochs == 150 && $0.member == 0 })
  }

  @Test func withoutASeasonAndWithValidation() throws {
    var generator = SplitMix64(seed: 8)
    var values = [0.0]
    for t in 1..<150 { values.append(0.8 * values[t - 1] + generator.nextUnit() - 0.5) }
    let options = ForecasterOptions(
      horizon: 3, window: 8, hiddenSize: 4, members: 1, calibratesRange: false, epochs: 3,
      validationShare: 0.2)
    var losses: [Double] = []
    let forecaster = try SeriesForecaster<Float>(fitting: values, options) {
      if let loss = $0.step.finished?.validationLoss { losses.append(loss) }
    }
    #expect(losses.count == 3)
    #expect(try forecaster.forecast(after: values).steps.flatMap(\.self).allSatisfy(\.isFinite))
  }

  /// What comes between the two is left out: no value is a target of both.
  @Test func validationSharesNoTargetWithTraining() throws {
    var options = Self.options(form: .levels)
    options.validationShare = 0.25
    let scaling = SeriesScaling(
      fitting: Self.series(), form: .levels, options)
    let split: SplitWindows<Double> = try scaling.windows(Self.series(), options)
    let validation = try #require(split.validation)
    // The ends of the windows are 7 ..< 85, of which the last 19 are withheld.
    #expect(validation.ends == 66..<85)
    #expect(split.training.ends == 7..<62)
  }

  @Test func badOptionsAndSeriesAreErrors() {
    func expect(_ argument: String, _ change: (inout ForecasterOptions) -> Void) {
      var options = Self.options()
      change(&options)
      #expect {
        try SeriesForecaster<Float>(fitting: Self.series(), options)
      } throws: {
        "\($0)".hasPrefix(argument)
      }
    }
    expect("period") { $0.period = 0 }
    expect("horizon") { $0.horizon = 0 }
    expect("window") { $0.window = 0 }
    expect("seasons") { $0.seasons = 0 }
    expect("seasons") { $0.period = 1 }
    expect("hiddenSize") { $0.hiddenSize = 0 }
    expect("members") { $0.members = 0 }
    expect("epochs") { $0.epochs = 0 }
    expect("batchSize") { $0.batchSize = 0 }
    expect("levels") { $0.levels = [0.1, 0.9] }
    expect("levels") { $0.levels = [0.5, 0.1] }
    expect("quantiles") { $0.levels = [0.5, 1] }
    expect("rate") { $0.rate = 0 }
    expect("validationShare") { $0.validationShare = 0.5 }
    expect("values are 90, expected at least 99") { $0.window = 86 }
    expect("values are 90, too few") { ($0.window, $0.validationShare) = (77, 0.1) }
    let holes = Self.series() + [.infinity]
    #expect(throws: RecurError.self) { try SeriesForecaster<Float>(fitting: holes, Self.options()) }
  }
}

@Suite struct BacktestTests {
  private let options = SeriesForecasterTests.options()

  @Test func originsAreAHorizonApartUnlessSaid() {
    #expect(BacktestOptions().origins(count: 90, horizon: 5) == [85])
    #expect(BacktestOptions(origins: 3).origins(count: 90, horizon: 5) == [75, 80, 85])
    #expect(BacktestOptions(origins: 3, stride: 2).origins(count: 90, horizon: 5) == [81, 83, 85])
  }

  /// Forecasts do not change with what comes after their origin, missing values before it included.
  @Test(arguments: [false, true])
  func nothingLooksAhead(refits: Bool) throws {
    var values: [Double?] = SeriesForecasterTests.series()
    for index in [40, 74, 79, 80] { values[index] = nil }
    let plan = BacktestOptions(origins: 3, refits: refits)
    let before = try SeriesForecaster<Float>.backtest(values, options, plan)
    #expect(before.trials.map(\.known) == [75, 80, 85])
    #expect(before.trials[1].observed == [nil] + values[81..<85])
    for origin in [75, 80, 85] {
      var changed = values
      for index in origin..<90 { changed[index] = (changed[index] ?? 0) + 1000 }
      let after = try SeriesForecaster<Float>.backtest(changed, options, plan)
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
      let tested = try SeriesForecaster<Float>.backtest(values, options, plan) { fit, _ in
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
      levels: [0.25, 0.5, 0.75], steps: [[1, 2, 3], [4, 5, 6], [0, 1, 2]], rangeStretch: nil)
    let trial = Backtest.Trial(
      known: 10, observed: [3, 7, nil], forecast: forecast,
      baselines: [[3, 6, 0], [0, 0, 0], [1, 1, 1], [3, 7, 9]], unit: 2)
    let tested = try Backtest([trial], ForecasterOptions(period: 2, horizon: 3))
    #expect(tested.score.meanAbsoluteError == 1.5)
    #expect(tested.score.meanAbsoluteScaledError == 0.75)
    #expect(tested.baselineScores.map(\.meanAbsoluteError) == [0.5, 5, 4, 0])
    #expect(tested.coverage == 0.5)
  }

  @Test func tooFewValuesAndBadOptionsAreErrors() {
    let values: [Double?] = SeriesForecasterTests.series(24)
    func tested(_ plan: BacktestOptions) throws {
      _ = try SeriesForecaster<Float>.backtest(values, options, plan)
    }
    #expect(throws: Never.self) { try tested(.init()) }
    #expect(throws: RecurError.self) { try tested(.init(origins: 3)) }
    #expect(throws: RecurError.self) { try tested(.init(origins: 0)) }
    #expect(throws: RecurError.self) { try tested(.init(origins: 2, stride: 0)) }
  }
}
