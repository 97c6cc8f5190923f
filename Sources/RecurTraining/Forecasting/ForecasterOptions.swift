// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// How a series is forecast: what a season is, what the network reads, and how it is trained.
public struct ForecasterOptions: Sendable, Equatable, Codable {
  /// How many values make a season; 1 of a series without one.
  public var period: Int

  /// How many values ahead are forecast.
  public var horizon: Int

  /// T: how many values the network reads before a forecast.
  public var window: Int

  /// What it reads and says of the series; chosen by ``SeriesForm/init(of:period:horizon:)`` if nil.
  public var form: SeriesForm?

  /// How many of the last seasons give the shape that forecasts are added to, where the form is of
  /// seasonal differences: a single one has all the noise of its values.
  public var seasons: Int

  public var cell: NetworkConfiguration.Cell

  /// H.
  public var hiddenSize: Int

  /// How many networks are trained, each with a seed of its own; their quantiles are averaged.
  public var members: Int

  /// The quantiles that are forecast, in rising order, of which one is the median, 0.5.
  public var levels: [Double]

  /// Whether prediction intervals are calibrated: one more network is trained, on what precedes the last
  /// quarter of the series, and they are widened by ``SeriesForecaster/calibrationFactor``.
  public var calibratesIntervals: Bool

  /// How often each network goes through the windows; as often as 300 steps take if nil.
  public var epochs: Int?

  /// B: windows in a batch.
  public var batchSize: Int

  /// The initial learning rate of Adam; decays to zero along a cosine.
  public var learningRate: Double

  /// Of the gradients' norm.
  public var clipping: Clipping

  /// The share of the windows, the latest, that is not trained on but tells by its loss which epoch was
  /// best; below 1/2. With 0 the last epoch is taken, and nothing is withheld from training.
  public var validationShare: Double

  /// Of the first weights and the order of the windows.
  public var seed: UInt64

  /// - `window`: two seasons, or 24 values if there is none, unless given.
  /// - `seasons`: three, or one value if there is none, unless given.
  public init(
    period: Int = 1, horizon: Int, window: Int? = nil, form: SeriesForm? = nil,
    seasons: Int? = nil,
    cell: NetworkConfiguration.Cell = .lstm, hiddenSize: Int = 16, members: Int = 4,
    levels: [Double] = [0.1, 0.5, 0.9], calibratesIntervals: Bool = true, epochs: Int? = nil,
    batchSize: Int = 64, learningRate: Double = 0.005,
    clipping: Clipping = .norm(1), validationShare: Double = 0, seed: UInt64 = 1
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

  /// How many values of a series it takes to train on one window, whatever its form.
  public var valuesNeeded: Int { period * seasons + window + horizon }
}

extension ForecasterOptions {
  /// What the networks are trained by.
  package var loss: Loss { .quantiles(levels) }

  /// How many of the latest windows are not trained on.
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

  /// Of one network.
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
