// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

/// Models and inputs in files.
struct SmallModels {
  let folder: URL

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  func write(_ text: String, to name: String) throws -> String {
    try text.write(to: url(name), atomically: true, encoding: .utf8)
    return path(name)
  }

  /// y = head(lstm(x)) + x, with two channels.
  func amplifier<Scalar: RecurScalar>(
    _ name: String = "amp.safetensors", of scalar: Scalar.Type
  ) throws -> Model<Scalar> {
    let x = ModelValue.features(size: 2).named("x")
    let y = (x.lstm(hiddenSize: 5).dense(size: 2).named("head") + x).named("y")
    let model = try Model<Scalar>(outputs: y, seed: 3)
    try model.save(to: url(name))
    return model
  }

  /// Tokens and features, and two outputs: one with a stride of 2, and the last step.
  func speech() throws -> Model<Float> {
    var half = Convolution.causal(outputSize: 4, kernelSize: 3)
    half.stride = 2
    let words = ModelValue.tokens(vocabularySize: 10).named("words")
    let pitch = ModelValue.features(size: 2).named("pitch")
    let states = ModelValue.concatenation(of: words.embedding(size: 3), pitch)
      .convolution(half).gru(hiddenSize: 4).named("states")
    let mood = states.lastStep().dense(size: 3).named("mood")
    let model = try Model<Float>(outputs: states, mood, seed: 4)
    try model.save(to: url("speech.safetensors"))
    return model
  }

  /// Inputs of `speech`: T x B tokens, and T x B x 2 features.
  func speechInputs(steps: Int, sequences: Int) throws -> [String: ModelInput<Float>] {
    let rows = steps * sequences
    let words = (0..<rows).map { $0 * 7 % 10 }
    let pitch = (0..<2 * rows).map { Float($0 * 31 % 17) / 17 - 0.5 }
    try SafeTensors(tensors: [
      .init("words", shape: [steps, sequences], integers: words),
      .init("pitch", shape: [steps, sequences, 2], elements: pitch),
    ]).write(to: url("speech-in.safetensors"))
    return [
      "words": .tokens(try TokenBatch(steps: steps, batchSize: sequences, tokens: words)),
      "pitch": .features(
        try SequenceBatch(steps: steps, batchSize: sequences, features: 2, elements: pitch)),
    ]
  }

  /// A sequence of two channels as CSV.
  func csvInput(steps: Int) throws -> (path: String, x: SequenceBatch<Float>) {
    let elements = (0..<2 * steps).map { Float($0 * 13 % 29) / 29 - 0.5 }
    let lines = (0..<steps).map { "\(elements[2 * $0]),\(elements[2 * $0 + 1])\n" }
    return (
      try write("left,right\n" + lines.joined(), to: "x.csv"),
      try SequenceBatch(steps: steps, batchSize: 1, features: 2, elements: elements)
    )
  }

  /// A file of Neural Amp Modeler: an LSTM of one unit, with an initial state.
  func nam() throws -> String {
    try write(
      """
      {"version": "0.5.4", "architecture": "LSTM", "sample_rate": 8000,
       "config": {"input_size": 1, "hidden_size": 1, "num_layers": 1},
       "weights": [0.5, 0.1, -0.4, 0.2, 0.3, -0.3, 0.7, 0.4, 0.1, 0.2, -0.1, 0.3, 0.25, -0.5, 2, 0.125]}
      """, to: "amp.nam")
  }
}

func withModels(_ body: (SmallModels) throws -> Void) throws {
  try withFolder { try body(SmallModels(folder: $0)) }
}

extension SafeTensors.Tensor {
  /// The elements in single precision.
  var floats: [Float] { get throws { try elements() } }
}
