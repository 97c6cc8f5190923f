// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

/// The network of a panel, and its training.
struct PanelNetworkArguments: ParsableArguments {
  private static let defaults = PanelOptions(horizon: 1)

  @Option(help: "Cell of the network.") var cell = NetworkConfiguration.Cell.lstm
  @Option(help: "Hidden size of the network.") var hiddenSize = defaults.hiddenSize
  @Option(help: "Input values of the network. (default: four seasons, 36 to 96)") var window: Int?
  @Option(help: "Batch size, in windows.") var batchSize = defaults.batchSize
  @Option(help: "Initial learning rate for Adam; decays to zero along a cosine.")
  var learningRate = defaults.learningRate
  @Option(help: "Maximum gradient norm; larger gradients are scaled down to it.")
  var clipNorm = 1.0
  @Option(help: "Seed of the initial weights and the choice of the windows.")
  var seed = defaults.seed

  func validate() throws {
    try requireCounts([
      ("--window", window ?? 1), ("--hidden-size", hiddenSize), ("--batch-size", batchSize),
    ])
    try requirePositive([("--learning-rate", learningRate), ("--clip-norm", clipNorm)])
  }

  /// Sets the options of the network.
  func set(_ options: inout PanelOptions) {
    options.window = window ?? options.window
    options.cell = cell
    options.hiddenSize = hiddenSize
    options.batchSize = batchSize
    options.learningRate = learningRate
    options.clipping = .norm(clipNorm)
    options.seed = seed
  }
}

extension PanelOptions {
  /// The options of a new forecaster but those of its network.
  init(
    _ series: SeriesArguments, _ panel: PanelArguments, _ method: MethodArguments,
    _ interval: IntervalArguments, _ form: PanelForm
  ) {
    self.init(
      period: series.period ?? form.usualPeriod, horizon: series.horizon!,
      knownInputs: form.known.count, pastInputs: form.past.count, features: form.featureCount,
      levels: interval.levels, steps: panel.steps)
    method.set(&self)
  }
}
