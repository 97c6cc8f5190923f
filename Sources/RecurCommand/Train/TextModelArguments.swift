// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

/// The layers of a character model.
struct TextModelArguments: ParsableArguments {
  @Option(help: "Cell of the network.") var cell = NetworkConfiguration.Cell.lstm
  @Option(help: "Hidden size of each layer.") var hiddenSize = 128
  @Option(help: "Number of layers.") var layers = 2
  @Option(help: "Embedding size. (default: the hidden size)") var embeddingSize: Int?
  @Option(help: "Dropout probability between layers.") var dropout = 0.0

  func validate() throws {
    try requireCounts([
      ("--hidden-size", hiddenSize), ("--layers", layers), ("--embedding-size", embeddingSize ?? 1),
    ])
    guard 0..<1 ~= dropout else {
      throw ValidationError("--dropout is \(dropout), expected at least 0 and below 1")
    }
    guard dropout == 0 || layers > 1 else {
      throw ValidationError(
        "--dropout is \(dropout) with --layers 1, expected at least 2 layers: dropout acts between layers"
      )
    }
  }

  func model(characters: Int, seed: UInt64) throws -> SequenceModel<Float> {
    let size = embeddingSize ?? hiddenSize
    var configuration = NetworkConfiguration(cell, inputSize: size, hiddenSize: hiddenSize)
    configuration.layers = layers
    configuration.dropout = dropout
    return try SequenceModel(
      embedding: Embedding(vocabularySize: characters, size: size, seed: seed),
      network: configuration.network(of: Float.self, seed: seed &+ 1),
      head: Linear(inputSize: hiddenSize, outputSize: characters, seed: seed &+ 2),
      reading: .everyStep)
  }
}
