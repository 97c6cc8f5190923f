// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import TestSupport

/// PyTorch's results for the same inputs: Tests/golden/training.json.
struct TrainingGolden: Decodable, Sendable {
  let optimizers: [OptimizerCase]
  let schedules: [ScheduleCase]
  let clippings: [ClippingCase]
  let losses: [LossCase]
  let runs: [RunCase]

  static let file: TrainingGolden = try! read()

  private static func read() throws -> TrainingGolden {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = folder.appending(path: "golden/training.json")
    return try JSONDecoder().decode(TrainingGolden.self, from: Data(contentsOf: file))
  }
}

extension SplitMix64 {
  /// Multiples of 1/4096 in −1 … 1, as in Tests/golden/values.py.
  mutating func values(_ count: Int) -> [Double] {
    (0..<count).map { _ in (Double(next() % 8193) - 4096) / 4096 }
  }

  mutating func values(_ rows: Int, _ columns: Int) throws -> Matrix<Double> {
    try Matrix(rows: rows, columns: columns, elements: values(rows * columns))
  }

  mutating func integers(_ count: Int, below: Int) -> [Int] {
    (0..<count).map { _ in Int(next() % UInt64(below)) }
  }
}

/// A parameter vector that belongs to no model.
func parameterVector<Scalar>(_ elements: [Scalar]) throws -> ParameterVector<Scalar> {
  var parameters = try Linear<Scalar>(
    inputSize: elements.count, outputSize: 1, bias: false, seed: 0
  )
  .parameters
  try parameters.setElements(elements)
  return parameters
}

/// The sizes of a model, and the seed of its parameters.
struct ModelShape: Decodable, Sendable {
  var cell: String
  var reading: ModelReading
  var I, H, O, layers, vocabulary: Int
  var bidirectional: Bool
  var seed: UInt64

  func model() throws -> SequenceModel<Double> {
    var model = try SequenceModel<Double>(
      embedding: vocabulary == 0 ? nil : Embedding(vocabularySize: vocabulary, size: I, seed: 0),
      network: network(),
      head: Linear(inputSize: H * (bidirectional ? 2 : 1), outputSize: O, seed: 0),
      reading: reading)
    var generator = SplitMix64(seed: seed)
    try model.parameters.setElements(generator.values(model.parameters.count).map { $0 / 2 })
    return model
  }

  private func network() throws -> any RecurrentNetwork<Double> {
    switch cell {
    case "rnn":
      try RNN(inputSize: I, hiddenSize: H, layers: layers, bidirectional: bidirectional, seed: 0)
    case "residual":
      try ResidualRNN(
        inputSize: I, hiddenSize: H, layers: layers, bidirectional: bidirectional, seed: 0)
    case "gru":
      try GRU(inputSize: I, hiddenSize: H, layers: layers, bidirectional: bidirectional, seed: 0)
    case "lstm":
      try LSTM(inputSize: I, hiddenSize: H, layers: layers, bidirectional: bidirectional, seed: 0)
    default: throw RecurError.unsupported(argument: "cell", reason: cell)
    }
  }
}
