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

  /// Returns the options of a new forecaster of a panel.
  func options(
    _ series: SeriesArguments, _ panel: PanelArguments, _ method: MethodArguments,
    _ interval: IntervalArguments, _ form: PanelForm
  ) -> PanelOptions {
    var options = PanelOptions(
      period: series.period ?? form.usualPeriod, horizon: series.horizon!, window: window,
      knownInputs: form.known.count, pastInputs: form.past.count, features: form.featureCount,
      cell: cell, hiddenSize: hiddenSize, levels: interval.levels, steps: panel.steps,
      batchSize: batchSize, learningRate: learningRate, clipping: .norm(clipNorm), seed: seed)
    method.set(&options)
    return options
  }
}
