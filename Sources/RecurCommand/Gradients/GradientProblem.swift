// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining

/// A new model and a batch of a recall task: output the first value of each sequence, at the last step
/// or at every step.
struct GradientProblem: Codable {
  var hiddenSize: Int
  var sequenceLength: Int
  var batchSize: Int
  var seed: UInt64

  /// The factor of W_hh, whose block for each gate is orthogonal.
  var gain: Double
  var reading: ModelReading

  static let loss = Loss.meanSquaredError

  func model(_ cell: NetworkConfiguration.Cell) throws -> SequenceModel<Double> {
    try SequenceModel(
      network: network(cell),
      head: Linear(inputSize: hiddenSize, outputSize: 1, initialization: .glorot, seed: seed),
      reading: reading)
  }

  private func network(_ cell: NetworkConfiguration.Cell) throws -> any RecurrentNetwork<Double> {
    var network = try NetworkConfiguration(cell, inputSize: 1, hiddenSize: hiddenSize).network(
      of: Double.self,
      initialization: .blockOrthogonal(forgetGateBias: cell == .lstm ? 1 : nil), seed: seed)
    let name = "weight_hh_l0"
    let slice = network.parameters.slices.first { $0.name == name }!
    let weight = network.parameters.elements(of: name)!
    try network.parameters.set(
      name,
      to: Matrix(rows: slice.rows, columns: slice.columns, elements: weight.map { $0 * gain }))
    return network
  }

  /// A batch of values, uniform between −1 and 1.
  func data() throws -> TrainingBatch<Double> {
    var generator = SplitMix64(seed: seed)
    let input = try SequenceBatch<Double>(
      steps: sequenceLength, batchSize: batchSize, features: 1,
      elements: (0..<sequenceLength * batchSize).map { _ in 2 * generator.nextUnit() - 1 })
    let first = (0..<batchSize).map { input[0, $0, 0] }
    let rows = reading == .lastStep ? batchSize : sequenceLength * batchSize
    return TrainingBatch(
      input: .features(input),
      targets: .values(
        try Matrix(rows: rows, columns: 1, elements: (0..<rows).map { first[$0 % batchSize] })))
  }
}
