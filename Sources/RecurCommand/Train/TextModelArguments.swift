// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

struct TextModelArguments: ParsableArguments {
  @Option(help: "Cell of the network.") var cell = NetworkConfiguration.Cell.lstm
  @Option(help: "Hidden units per layer.") var hidden = 128
  @Option(help: "Number of layers.") var layers = 2
  @Option(help: "Size of the embedding; that of --hidden if not given.")
  var embedding: Int?
  @Option(help: "Dropout probability between layers.")
  var dropout = 0.0

  func validate() throws {
    try requireCounts([
      ("--hidden", hidden), ("--layers", layers), ("--embedding", embedding ?? 1),
    ])
    guard 0..<1 ~= dropout else {
      throw ValidationError("--dropout is \(dropout), expected 0 to below 1")
    }
    guard dropout == 0 || layers > 1 else {
      throw ValidationError("--dropout is between layers, and there is one")
    }
  }

  func model(characters: Int, seed: UInt64) throws -> SequenceModel<Float> {
    let size = embedding ?? hidden
    var configuration = NetworkConfiguration(cell, inputSize: size, hiddenSize: hidden)
    configuration.layers = layers
    configuration.dropout = dropout
    return try SequenceModel(
      embedding: Embedding(vocabularySize: characters, size: size, seed: seed),
      network: configuration.network(of: Float.self, seed: seed &+ 1),
      head: Linear(inputSize: hidden, outputSize: characters, seed: seed &+ 2),
      reading: .everyStep)
  }
}
