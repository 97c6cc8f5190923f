// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The options of a forecast: the season, the network and the training.
public struct ForecasterOptions: Sendable, Equatable, Codable {
  /// The number of values per season; 1 for a series without a season.
  public var period: Int

  /// The number of values to forecast.
  public var horizon: Int

  /// T: the number of values that the network reads before a forecast.
  public var window: Int

  /// The components whose forecasts are combined.
  public var components: [ForecastComponent]

  /// The scale of the forecast; ``SeriesScale/init(of:period:)`` chooses one if nil.
  public var scale: SeriesScale?

  /// The minimum of all quantiles. If nil and no value of the series is negative, the minimum is 0.
  public var minimum: Double?

  /// The maximum of all quantiles; none if nil.
  public var maximum: Double?

  /// The form in which the network reads and predicts the series;
  /// ``SeriesForm/init(of:period:horizon:)`` chooses one if nil.
  public var form: SeriesForm?

  /// The number of latest seasons whose mean shape is the base of seasonal differences. With a
  /// single season, a forecast would repeat all the noise of that season.
  public var seasons: Int

  /// The kind of cell.
  public var cell: NetworkConfiguration.Cell

  /// H: the hidden size.
  public var hiddenSize: Int

  /// The number of networks. Each is trained with its own seed, and their quantiles are averaged.
  public var members: Int

  /// The levels of the quantiles to forecast, in increasing order. One of them is the median, 0.5. A
  /// network learns all of them together, so other levels change its median a little.
  public var levels: [Double]

  /// Whether to choose the weights of the components and the width of the prediction intervals on
  /// the last 25% of the values. If true, one more network is trained without them.
  public var calibrates: Bool

  /// The number of training epochs of each network; enough for 300 steps if nil.
  public var epochs: Int?

  /// B: the number of windows per batch.
  public var batchSize: Int

  /// The initial learning rate of Adam, which decays to zero along a cosine.
  public var learningRate: Double

  /// How gradients are clipped.
  public var clipping: GradientClipping

  /// The share of the windows to withhold from training: the latest ones. Their loss selects the
  /// best epoch. If 0, no windows are withheld, and the last epoch is used.
  public var validationShare: Double

  /// The seed for the initial parameters and the order of the windows.
  public var seed: UInt64

  /// The number of shards of each batch; see ``TrainingOptions/shards``.
  public var shards: Int?

  /// Creates the options of a forecast. They are checked when a forecaster is fitted. No count may be
  /// above 2²⁴.
  ///
  /// - Parameters:
  ///   - period: the number of values per season, at least 1; 1 for a series without a season.
  ///   - horizon: the number of values to forecast, at least 1.
  ///   - components: the components whose forecasts are combined; different, at least one.
  ///   - scale: the scale of the forecast; ``SeriesScale/init(of:period:)`` chooses one if nil.
  ///   - minimum: the minimum of all quantiles; if nil and no value of the series is negative, 0.
  ///   - maximum: the maximum of all quantiles; none if nil.
  ///   - window: T: the number of values that the network reads before a forecast, at least 1; if
  ///     nil, two seasons or 104 values, whichever are fewer, or 24 values without a season.
  ///   - form: the form in which the network reads and predicts the series;
  ///     ``SeriesForm/init(of:period:horizon:)`` chooses one if nil.
  ///   - seasons: the number of latest seasons whose mean shape is the base of seasonal
  ///     differences, at least 1; three if nil, or one without a season.
  ///   - cell: the kind of cell.
  ///   - hiddenSize: H: the hidden size, at least 1.
  ///   - members: the number of networks whose quantiles are averaged, at least 1.
  ///   - levels: the levels of the quantiles, between 0 and 1 in increasing order, including 0.5.
  ///   - calibrates: whether to calibrate the forecast; see ``ForecastCalibration``.
  ///   - epochs: the number of training epochs of each network, at least 1; enough for 300 steps if
  ///     nil.
  ///   - batchSize: B: the number of windows per batch, at least 1.
  ///   - learningRate: the initial learning rate of Adam, above 0, which decays to zero along a
  ///     cosine.
  ///   - clipping: how gradients are clipped.
  ///   - validationShare: the share of the windows (the latest ones) whose loss selects the best
  ///     epoch, from 0 to below 0.5; if 0, no windows are withheld from training.
  ///   - seed: the seed for the initial parameters and the order of the windows.
  ///   - shards: the number of shards of each batch; see ``TrainingOptions/shards``.
  public init(
    period: Int = 1, horizon: Int, components: [ForecastComponent] = ForecastComponent.allCases,
    scale: SeriesScale? = nil, minimum: Double? = nil, maximum: Double? = nil,
    window: Int? = nil, form: SeriesForm? = nil, seasons: Int? = nil,
    cell: NetworkConfiguration.Cell = .lstm, hiddenSize: Int = 16, members: Int = 2,
    levels: [Double] = [0.1, 0.5, 0.9], calibrates: Bool = true, epochs: Int? = nil,
    batchSize: Int = 64, learningRate: Double = 0.005,
    clipping: GradientClipping = .norm(1), validationShare: Double = 0, seed: UInt64 = 1,
    shards: Int? = nil
  ) {
    self.period = period
    self.horizon = horizon
    self.components = components
    self.scale = scale
    self.minimum = minimum
    self.maximum = maximum
    self.window =
      window ?? (period > 1 ? 2 * min(period, Self.longestUsualWindow / 2) : 24)
    self.form = form
    self.seasons = seasons ?? (period > 1 ? 3 : 1)
    self.cell = cell
    self.hiddenSize = hiddenSize
    self.members = members
    self.levels = levels
    self.calibrates = calibrates
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.clipping = clipping
    self.validationShare = validationShare
    self.seed = seed
    self.shards = shards
  }

  /// The minimum number of values that a series needs for one training window, in any form; the
  /// maximum of `Int` if it is larger than that.
  public var valuesNeeded: Int {
    let (base, overflow) = period.multipliedReportingOverflow(by: seasons)
    return [window, horizon].reduce(overflow ? .max : base) { sum, count in
      let (next, overflow) = sum.addingReportingOverflow(count)
      return overflow ? .max : next
    }
  }
}

extension ForecasterOptions {
  /// The maximum window that is chosen automatically. Longer seasons are in the seasonal differences
  /// that the network reads.
  private static let longestUsualWindow = 104

  /// The maximum of each count; products of two counts cannot overflow.
  private static let mostOfACount = 1 << 24

  /// The training loss of the networks.
  package var loss: Loss { .quantiles(levels) }

  /// Returns the number of latest windows to withhold from training.
  func windowsForValidation(of windows: Int) -> Int {
    validationShare > 0 ? max(1, Int(Double(windows) * validationShare)) : 0
  }

  /// Whether a series of `count` values is forecast with networks. In a combination, networks need
  /// enough windows for a calibration: those trained on a few windows forecast badly.
  package func usesNetworks(_ count: Int) -> Bool {
    guard components.contains(.network), components.count > 1, calibrates else {
      return components.contains(.network) && (components.count == 1 || count >= valuesNeeded)
    }
    return CalibrationPlan(count: count, needed: valuesNeeded, self) != nil
  }

  /// The minimum number of values of a series that is forecast with networks.
  package var valuesForNetworks: Int {
    var count = valuesNeeded
    while count < .max, !usesNetworks(count) { count += 1 }
    return count
  }

  /// The minimum number of values of a series.
  package var leastValues: Int {
    components == [.network] ? valuesNeeded : period + horizon + 2
  }

  /// Returns the scale of the forecast of a series.
  func scale(for values: [Double]) -> SeriesScale {
    scale ?? SeriesScale(of: values, period: period)
  }

  /// Returns the limits of the forecast of a series.
  func limits(for values: [Double]) -> ClosedRange<Double> {
    let maximum = maximum ?? .infinity
    let usual = maximum > 0 && !values.contains { $0 < 0 } ? 0 : -Double.infinity
    return (minimum ?? usual)...maximum
  }

  func validate() throws(RecurError) {
    guard !components.isEmpty, Set(components).count == components.count else {
      throw .invalid(
        argument: "components",
        reason: "is \(components.map(\.rawValue)), expected different components, at least one")
    }
    let counts = [
      ("period", period), ("horizon", horizon), ("window", window), ("seasons", seasons),
      ("hiddenSize", hiddenSize),
      ("members", members), ("epochs", epochs ?? 1), ("batchSize", batchSize),
    ]
    for (name, value) in counts {
      try require(name, value, value >= 1, "at least 1")
      try require(name, value, value <= Self.mostOfACount, "at most 2^24")
    }
    guard period > 1 || seasons == 1 else {
      throw .invalid(argument: "seasons", reason: "is \(seasons), expected 1 if period is 1")
    }
    guard zip(levels, levels.dropFirst()).allSatisfy(<), levels.contains(0.5) else {
      throw .invalid(
        argument: "levels", reason: "is \(levels), expected increasing values that include 0.5")
    }
    for (name, limit) in [("minimum", minimum), ("maximum", maximum)] {
      try require(name, limit ?? 0, !(limit ?? 0).isNaN, "a number")
    }
    guard minimum ?? -.infinity < maximum ?? .infinity else {
      throw .invalid(
        argument: "maximum", reason: "is \(maximum!), expected more than the minimum, \(minimum!)")
    }
    try loss.validate()
    try clipping.validate()
    _ = try LearningRate(learningRate)
    if let shards { _ = try Shards(shards) }
    guard 0..<0.5 ~= validationShare else {
      throw .invalid(
        argument: "validationShare", reason: "is \(validationShare), expected 0 to below 0.5")
    }
  }

  /// Returns the options of one network's training run.
  func training(windows: Int, network: Int) -> TrainingOptions {
    let batches = (windows + batchSize - 1) / batchSize
    let epochs = epochs ?? (300 + batches - 1) / batches
    return TrainingOptions(
      loss: loss, learningRate: learningRate, schedule: .cosine(steps: epochs * batches),
      clipping: clipping, epochs: epochs, batching: .shuffled(size: batchSize),
      seed: seed(network: network), shards: shards)
  }

  func seed(network: Int) -> UInt64 { seed &+ UInt64(network) &* 1000 }
}

extension ClosedRange {
  /// Returns the value of the range that is nearest to a value.
  func nearest(to value: Bound) -> Bound { Swift.min(Swift.max(value, lowerBound), upperBound) }
}
