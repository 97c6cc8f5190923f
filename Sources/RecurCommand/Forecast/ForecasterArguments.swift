// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

/// What a forecaster is asked for on the command line.
struct ForecasterArguments: ParsableArguments {
  @Option(help: "How many values the networks read; two seasons, or 24 if there is none.")
  var window: Int?
  @Option(
    help: "How many of the last seasons give the shape of one; 3, or 1 if there is none.")
  var seasons: Int?
  @Option(help: "The kind of network.") var cell = RecurrentCell.lstm
  @Option(help: "Hidden units of each network.") var hidden = ForecasterArguments.usual.hiddenSize
  @Option(help: "How many networks; their forecasts are averaged.")
  var members = ForecasterArguments.usual.members
  @Option(
    help: "How often a network goes through what it is trained on; as often as 300 steps take.")
  var epochs: Int?
  @Option(help: "Windows in a batch.") var batch = ForecasterArguments.usual.batchSize
  @Option(help: "Adam's first learning rate; it falls to zero as a cosine.")
  var learningRate = ForecasterArguments.usual.learningRate
  @Option(help: "The gradient's norm is clipped to this.") var clip = 1.0
  @Option(help: "The share of values that the range is to hold.") var range = 0.8
  @Option(
    help: "The share of the windows, the latest, that tell which epoch was best, below 0.5.")
  var validation = ForecasterArguments.usual.validationShare
  @Option(help: "Seed of the first weights and of the order of the batches.")
  var seed = ForecasterArguments.usual.seed

  private static let usual = ForecasterOptions(horizon: 1)

  func validate() throws {
    try requireCounts([
      ("--window", window ?? 1), ("--seasons", seasons ?? 1), ("--hidden", hidden),
      ("--members", members),
      ("--epochs", epochs ?? 1), ("--batch", batch),
    ])
    try requirePositive([("--learning-rate", learningRate), ("--clip", clip)])
    guard range > 0, range < 1 else {
      throw ValidationError("--range is \(range), expected above 0 and below 1")
    }
    try requireShare("--validation", validation)
  }

  func options(period: Int, horizon: Int) -> ForecasterOptions {
    // 1 − 0.8 is not 0.2 in binary.
    let outside = ((1 - range) * 1e12).rounded() / 1e12
    return ForecasterOptions(
      period: period, horizon: horizon, window: window, seasons: seasons, cell: cell,
      hiddenSize: hidden,
      members: members, levels: [outside / 2, 0.5, 1 - outside / 2], epochs: epochs,
      batchSize: batch, learningRate: learningRate, clipping: .norm(clip),
      validationShare: validation, seed: seed)
  }
}
