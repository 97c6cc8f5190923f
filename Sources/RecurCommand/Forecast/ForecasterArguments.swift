// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

/// The networks of a forecaster, and their training.
struct ForecasterArguments: ParsableArguments {
  @Option(help: "Epochs of each network. (default: as many as 300 steps take)")
  var epochs: Int?
  @Option(help: "Cell of the networks.") var cell = NetworkConfiguration.Cell.lstm
  @Option(help: "Hidden size of each network. (default: 16, or 32 for a panel)")
  var hiddenSize: Int?
  @Option(help: "Number of networks in the ensemble; their forecasts are averaged.")
  var members = defaults.members
  @Option(
    help:
      "Input values of each network. (default: two seasons, at most 104, or 24 without a season; for a panel, four seasons, 36 to 96)"
  )
  var window: Int?
  @Option(
    help:
      "Number of past seasons whose mean is the base of a network's forecast. (default: 3, or 1 without a season)"
  )
  var seasons: Int?
  @Option(help: "Batch size, in windows. (default: 64, or 128 for a panel)")
  var batchSize: Int?
  @Option(
    help:
      "Initial learning rate for Adam; decays to zero along a cosine. (default: 0.005, or 0.01 for a panel)"
  )
  var learningRate: Double?
  @Option(help: "Maximum gradient norm; larger gradients are scaled down to it.")
  var clipNorm = 1.0
  @Option(help: "Fraction of the windows, the latest ones, to use for validation; below 0.5.")
  var validationFraction = defaults.validationShare
  @Option(help: "Seed of the initial weights and the order of the batches.")
  var seed = defaults.seed

  private static let defaults = ForecasterOptions(horizon: 1)

  func validate() throws {
    try requireCounts([
      ("--window", window ?? 1), ("--seasons", seasons ?? 1), ("--hidden-size", hiddenSize ?? 1),
      ("--members", members), ("--epochs", epochs ?? 1), ("--batch-size", batchSize ?? 1),
    ])
    try requirePositive([("--learning-rate", learningRate ?? 1), ("--clip-norm", clipNorm)])
    try requireFraction("--validation-fraction", validationFraction)
  }

  func options(period: Int, horizon: Int, levels: [Double]) -> ForecasterOptions {
    ForecasterOptions(
      period: period, horizon: horizon, window: window, seasons: seasons, cell: cell,
      hiddenSize: hiddenSize ?? Self.defaults.hiddenSize, members: members, levels: levels,
      epochs: epochs,
      batchSize: batchSize ?? Self.defaults.batchSize,
      learningRate: learningRate ?? Self.defaults.learningRate, clipping: .norm(clipNorm),
      validationShare: validationFraction, seed: seed)
  }

  /// Sets the options of the network of a panel.
  func set(_ options: inout PanelOptions) {
    options.window = window ?? options.window
    options.cell = cell
    options.hiddenSize = hiddenSize ?? options.hiddenSize
    options.batchSize = batchSize ?? options.batchSize
    options.learningRate = learningRate ?? options.learningRate
    options.clipping = .norm(clipNorm)
    options.seed = seed
  }
}
