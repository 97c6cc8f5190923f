// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

/// The networks of a forecaster, and their training.
struct ForecasterArguments: ParsableArguments {
  @Option(help: "Epochs of each network; as many as 300 steps take if not given.")
  var epochs: Int?
  @Option(help: "Number of networks; their forecasts are averaged.")
  var members = defaults.members
  @Option(help: "Cell of the networks.") var cell = NetworkConfiguration.Cell.lstm
  @Option(help: "Hidden units of each network.") var hidden = defaults.hiddenSize
  @Option(help: "Number of values that a network reads; two seasons, or 24 without a season.")
  var window: Int?
  @Option(help: "Past seasons whose mean shape is the base; 3, or 1 without a season.")
  var seasons: Int?
  @Option(help: "Nominal coverage of the prediction interval, between 0 and 1.")
  var coverage = 0.8
  @Option(help: "Windows per batch.") var batch = defaults.batchSize
  @Option(help: "Initial learning rate of Adam; decays to zero along a cosine.")
  var learningRate = defaults.learningRate
  @Option(help: "Gradient norm above which gradients are clipped.") var clip = 1.0
  @Option(help: "Share of the windows, the latest, for validation; below 0.5.")
  var validation = defaults.validationShare
  @Option(help: "Seed of the initial weights and of the order of the batches.")
  var seed = defaults.seed

  private static let defaults = ForecasterOptions(horizon: 1)

  func validate() throws {
    try requireCounts([
      ("--window", window ?? 1), ("--seasons", seasons ?? 1), ("--hidden", hidden),
      ("--members", members),
      ("--epochs", epochs ?? 1), ("--batch", batch),
    ])
    try requirePositive([("--learning-rate", learningRate), ("--clip", clip)])
    guard coverage > 0, coverage < 1 else {
      throw ValidationError("--coverage is \(coverage), expected above 0 and below 1")
    }
    try requireShare("--validation", validation)
  }

  func options(period: Int, horizon: Int) -> ForecasterOptions {
    // 1 − 0.8 is not 0.2 in binary.
    let outside = ((1 - coverage) * 1e12).rounded() / 1e12
    return ForecasterOptions(
      period: period, horizon: horizon, window: window, seasons: seasons, cell: cell,
      hiddenSize: hidden,
      members: members, levels: [outside / 2, 0.5, 1 - outside / 2], epochs: epochs,
      batchSize: batch, learningRate: learningRate, clipping: .norm(clip),
      validationShare: validation, seed: seed)
  }
}
