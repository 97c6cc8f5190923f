// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The options of the forecasts of a panel.
public struct PanelOptions: Sendable, Equatable, Codable {
  /// The number of values per season; 1 for series without a season.
  public var period: Int

  /// The number of values to forecast.
  public var horizon: Int

  /// The number of values that the network reads before a forecast. Fewer known values are
  /// preceded by zeros.
  public var window: Int

  /// The components whose forecasts are combined.
  public var components: [ForecastComponent]

  /// The scale of the forecasts; ``SeriesScale/init(of:period:)`` chooses one for each series if
  /// nil.
  public var scale: SeriesScale?

  /// The minimum of all quantiles. If nil, it is 0 for series without a negative value.
  public var minimum: Double?

  /// The maximum of all quantiles; none if nil.
  public var maximum: Double?

  /// The number of inputs known ahead.
  public var knownInputs: Int

  /// The number of inputs known up to the present only.
  public var pastInputs: Int

  /// The number of features of whole series.
  public var features: Int

  /// The kind of cell.
  public var cell: NetworkConfiguration.Cell

  /// H: the hidden size.
  public var hiddenSize: Int

  /// The levels of the quantiles to forecast, in increasing order. One of them is the median, 0.5.
  public var levels: [Double]

  /// The number of training steps.
  public var steps: Int

  /// B: the number of windows per training step.
  public var batchSize: Int

  /// The initial learning rate of Adam, which decays to zero along a cosine.
  public var learningRate: Double

  /// How gradients are clipped.
  public var clipping: GradientClipping

  /// The seed for the initial parameters and the choice of the windows.
  public var seed: UInt64

  /// Creates the options of the forecasts of a panel. They are checked when a forecaster is fitted.
  ///
  /// - Parameters:
  ///   - period: the number of values per season, at least 1; 1 for series without a season.
  ///   - horizon: the number of values to forecast, at least 1.
  ///   - components: the components whose forecasts are combined; different, at least one.
  ///   - scale: the scale of the forecasts; ``SeriesScale/init(of:period:)`` chooses one for each
  ///     series if nil.
  ///   - minimum: the minimum of all quantiles; if nil, 0 for series without a negative value.
  ///   - maximum: the maximum of all quantiles; none if nil.
  ///   - window: the number of values that the network reads before a forecast, at least 1; if nil,
  ///     four seasons, but at least 36 and at most 96 values.
  ///   - knownInputs: the number of inputs known ahead.
  ///   - pastInputs: the number of inputs known up to the present only.
  ///   - features: the number of features of whole series.
  ///   - cell: the kind of cell.
  ///   - hiddenSize: H: the hidden size, at least 1.
  ///   - levels: the levels of the quantiles, between 0 and 1 in increasing order, including 0.5.
  ///   - steps: the number of training steps, at least 1.
  ///   - batchSize: B: the number of windows per training step, at least 1.
  ///   - learningRate: the initial learning rate of Adam, above 0, which decays to zero along a
  ///     cosine.
  ///   - clipping: how gradients are clipped.
  ///   - seed: the seed for the initial parameters and the choice of the windows.
  public init(
    period: Int = 1, horizon: Int, components: [ForecastComponent] = ForecastComponent.allCases,
    scale: SeriesScale? = nil, minimum: Double? = nil, maximum: Double? = nil,
    window: Int? = nil, knownInputs: Int = 0, pastInputs: Int = 0, features: Int = 0,
    cell: NetworkConfiguration.Cell = .lstm, hiddenSize: Int = 32,
    levels: [Double] = [0.1, 0.5, 0.9], steps: Int = 1000, batchSize: Int = 128,
    learningRate: Double = 0.01, clipping: GradientClipping = .norm(1), seed: UInt64 = 1
  ) {
    self.period = period
    self.horizon = horizon
    self.components = components
    self.scale = scale
    self.minimum = minimum
    self.maximum = maximum
    self.window = window ?? max(36, 4 * min(period, 24))
    self.knownInputs = knownInputs
    self.pastInputs = pastInputs
    self.features = features
    self.cell = cell
    self.hiddenSize = hiddenSize
    self.levels = levels
    self.steps = steps
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.clipping = clipping
    self.seed = seed
  }
}

extension PanelOptions {
  /// The options that a forecast of one series has in common with those of a panel.
  var ofOneSeries: ForecasterOptions {
    ForecasterOptions(
      period: period, horizon: horizon, components: components, scale: scale, minimum: minimum,
      maximum: maximum, window: window, cell: cell, hiddenSize: hiddenSize, levels: levels,
      batchSize: batchSize, learningRate: learningRate, clipping: clipping, seed: seed)
  }

  func validate() throws(RecurError) {
    try ofOneSeries.validate()
    try RecurTraining.require("steps", steps, 1...Self.mostSteps ~= steps, "1 to 2^24")
    for (name, count) in [
      ("knownInputs", knownInputs), ("pastInputs", pastInputs), ("features", features),
    ] {
      try RecurTraining.require(name, count, 0...Self.mostInputs ~= count, "0 to 4096")
    }
  }

  private static let mostSteps = 1 << 24
  private static let mostInputs = 4096

  /// The index of the median's level.
  var median: Int { levels.firstIndex(of: 0.5)! }

  /// The fewest values of a series to which an autoregressive model or exponential smoothing is
  /// fitted.
  var fewestValuesWithoutNetwork: Int { period + 3 }

  /// The fewest values of a series.
  public var fewestValues: Int {
    components.contains(.network) ? 1 : fewestValuesWithoutNetwork
  }

  /// T: the number of steps of the network, past and ahead.
  var networkSteps: Int { window + horizon }

  /// I: the number of inputs of the network: four of the series, and those of the panel.
  var networkInputs: Int { 4 + knownInputs + pastInputs + features }

  /// The options of the training run, for one epoch over windows that are drawn before.
  func training(windows: Int) -> TrainingOptions {
    let batches = max(1, (windows + batchSize - 1) / batchSize)
    let epochs = max(1, (steps + batches - 1) / batches)
    return TrainingOptions(
      loss: .quantiles(levels), learningRate: learningRate,
      schedule: .cosine(steps: epochs * batches), clipping: clipping, epochs: epochs,
      batching: .shuffled(size: batchSize), seed: seed)
  }

  /// Returns the network. It reads the window and the inputs of the steps ahead, and predicts the
  /// quantiles of each step.
  func network<Scalar: RecurScalar>() throws(RecurError) -> SequenceModel<Scalar> {
    try SequenceModel(
      network: NetworkConfiguration(cell, inputSize: networkInputs, hiddenSize: hiddenSize)
        .network(of: Scalar.self, seed: seed),
      head: Linear(inputSize: hiddenSize, outputSize: levels.count, seed: seed &+ 1),
      reading: .everyStep)
  }
}
