// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining

/// A new model and a batch for it: the number that each sequence begins with is to be told, at its last
/// step or at all.
struct GradientProblem: Codable {
  var hidden: Int
  var steps: Int
  var batch: Int
  var seed: UInt64

  /// What an orthogonal W_hh is multiplied with, each gate's by itself.
  var scale: Double
  var reading: ModelReading

  static let loss = Loss.meanSquaredError

  func model(_ cell: NetworkConfiguration.Cell) throws -> SequenceModel<Double> {
    try SequenceModel(
      network: network(cell),
      head: Linear(inputSize: hidden, outputSize: 1, initialization: .glorot, seed: seed),
      reading: reading)
  }

  private func network(_ cell: NetworkConfiguration.Cell) throws -> any RecurrentNetwork<Double> {
    var network = try NetworkConfiguration(cell, inputSize: 1, hiddenSize: hidden).network(
      of: Double.self,
      initialization: .blockOrthogonal(forgetGateBias: cell == .lstm ? 1 : nil), seed: seed)
    let weight = network.parameters["weight_hh_l0"]!
    try network.parameters.set(
      "weight_hh_l0",
      to: Matrix(
        rows: weight.rows, columns: weight.columns, elements: weight.elements.map { $0 * scale }))
    return network
  }

  /// Uniform in ±1.
  func data() throws -> TrainingBatch<Double> {
    var generator = SplitMix64(seed: seed)
    let input = try SequenceBatch<Double>(
      steps: steps, batchSize: batch, features: 1,
      elements: (0..<steps * batch).map { _ in 2 * generator.nextUnit() - 1 })
    let first = (0..<batch).map { input[0, $0, 0] }
    let rows = reading == .lastStep ? batch : steps * batch
    return TrainingBatch(
      input: .features(input),
      targets: .values(
        try Matrix(rows: rows, columns: 1, elements: (0..<rows).map { first[$0 % batch] })))
  }
}
