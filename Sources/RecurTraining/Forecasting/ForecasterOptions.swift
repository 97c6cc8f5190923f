// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// How a series is forecast: its season, the network, and the training.
public struct ForecasterOptions: Sendable, Equatable, Codable {
  /// The number of values of a season; 1 for a series without one.
  public var period: Int

  /// The number of values that are forecast.
  public var horizon: Int

  /// T: the number of values that the network reads before a forecast.
  public var window: Int

  /// The form in which the network reads and predicts the series;
  /// ``SeriesForm/init(of:period:horizon:)`` chooses one if nil.
  public var form: SeriesForm?

  /// The number of last seasons whose mean shape seasonal differences are added to. A single season
  /// would contribute all the noise of its values.
  public var seasons: Int

  /// The kind of cell.
  public var cell: NetworkConfiguration.Cell

  /// H.
  public var hiddenSize: Int

  /// The number of networks, each trained with its own seed. Their quantiles are averaged.
  public var members: Int

  /// The levels of the quantiles that are forecast, rising. One of them is the median, 0.5.
  public var levels: [Double]

  /// Whether prediction intervals are calibrated: one more network is trained on the series before
  /// its last quarter, and intervals are widened by ``SeriesForecaster/calibrationFactor``.
  public var calibratesIntervals: Bool

  /// The number of passes of each network over the windows; as many as make 300 steps if nil.
  public var epochs: Int?

  /// B: the number of windows in a batch.
  public var batchSize: Int

  /// The initial learning rate of Adam; decays to zero along a cosine.
  public var learningRate: Double

  /// How gradients are clipped.
  public var clipping: GradientClipping

  /// The share of the windows, the latest, that is withheld from training; their loss selects the
  /// best epoch. With 0 the last epoch is taken, and nothing is withheld.
  public var validationShare: Double

  /// The seed of the initial parameters and of the order of the windows.
  public var seed: UInt64

  /// Options of a forecast; fitting checks them.
  ///
  /// - Parameters:
  ///   - period: the number of values of a season, at least 1; 1 for a series without one.
  ///   - horizon: the number of values to forecast, at least 1.
  ///   - window: T: the number of values that the network reads before a forecast, at least 1; two
  ///     seasons if nil, or 24 values without a season.
  ///   - form: the form in which the network reads and predicts the series;
  ///     ``SeriesForm/init(of:period:horizon:)`` chooses one if nil.
  ///   - seasons: the number of last seasons whose mean shape seasonal differences are added to, at
  ///     least 1; three if nil, or one without a season.
  ///   - cell: the kind of cell.
  ///   - hiddenSize: H, at least 1.
  ///   - members: the number of networks whose quantiles are averaged, at least 1.
  ///   - levels: the levels of the quantiles, between 0 and 1, rising, with 0.5.
  ///   - calibratesIntervals: whether one more network is trained to calibrate prediction
  ///     intervals.
  ///   - epochs: the number of passes of each network over the windows, at least 1; as many as make
  ///     300 steps if nil.
  ///   - batchSize: B: the number of windows in a batch, at least 1.
  ///   - learningRate: the initial learning rate of Adam, above 0; decays to zero along a cosine.
  ///   - clipping: how gradients are clipped.
  ///   - validationShare: the share of the windows, the latest, whose loss selects the best epoch,
  ///     from 0 to below 0.5; 0 withholds none.
  ///   - seed: the seed of the initial parameters and of the order of the windows.
  public init(
    period: Int = 1, horizon: Int, window: Int? = nil, form: SeriesForm? = nil,
    seasons: Int? = nil,
    cell: NetworkConfiguration.Cell = .lstm, hiddenSize: Int = 16, members: Int = 4,
    levels: [Double] = [0.1, 0.5, 0.9], calibratesIntervals: Bool = true, epochs: Int? = nil,
    batchSize: Int = 64, learningRate: Double = 0.005,
    clipping: GradientClipping = .norm(1), validationShare: Double = 0, seed: UInt64 = 1
  ) {
    self.period = period
    self.horizon = horizon
    self.window = window ?? (period > 1 ? 2 * period : 24)
    self.form = form
    self.seasons = seasons ?? (period > 1 ? 3 : 1)
    self.cell = cell
    self.hiddenSize = hiddenSize
    self.members = members
    self.levels = levels
    self.calibratesIntervals = calibratesIntervals
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.clipping = clipping
    self.validationShare = validationShare
    self.seed = seed
  }

  /// The number of values of a series that one window of training needs, whatever its form.
  public var valuesNeeded: Int { period * seasons + window + horizon }
}

extension ForecasterOptions {
  /// The loss that the networks are trained with.
  package var loss: Loss { .quantiles(levels) }

  /// The number of latest windows withheld from training.
  func windowsForValidation(of windows: Int) -> Int {
    validationShare > 0 ? max(1, Int(Double(windows) * validationShare)) : 0
  }

  func validate() throws(RecurError) {
    let counts = [
      ("period", period), ("horizon", horizon), ("window", window), ("seasons", seasons),
      ("hiddenSize", hiddenSize),
      ("members", members), ("epochs", epochs ?? 1), ("batchSize", batchSize),
    ]
    for (name, value) in counts where value < 1 {
      throw .invalid(argument: name, reason: "is \(value), expected at least 1")
    }
    guard period > 1 || seasons == 1 else {
      throw .invalid(argument: "seasons", reason: "are \(seasons), expected 1 without a season")
    }
    guard zip(levels, levels.dropFirst()).allSatisfy(<), levels.contains(0.5) else {
      throw .invalid(argument: "levels", reason: "are \(levels), expected rising ones with 0.5")
    }
    guard 0..<0.5 ~= validationShare else {
      throw .invalid(
        argument: "validationShare", reason: "is \(validationShare), expected 0 to below 0.5")
    }
  }

  /// The options of one network's training run.
  func training(windows: Int, network: Int) -> TrainingOptions {
    let batches = (windows + batchSize - 1) / batchSize
    let epochs = epochs ?? (300 + batches - 1) / batches
    return TrainingOptions(
      loss: loss, learningRate: learningRate, schedule: .cosine(steps: epochs * batches),
      clipping: clipping, epochs: epochs, batching: .shuffled(size: batchSize),
      seed: seed(network: network))
  }

  func seed(network: Int) -> UInt64 { seed &+ UInt64(network) &* 1000 }
}
