// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import TestSupport
import Testing

/// Compares losses and their gradients with PyTorch's.
@Suite struct LossTests {
  @Test(arguments: TrainingGolden.file.losses)
  func pyTorch(_ golden: LossCase) throws {
    let model = try golden.model.model()
    var gradients = try model.parameters.zeros()
    let (value, _) = try model.loss(
      golden.loss, of: golden.batch(), addingGradientsTo: &gradients)
    // The operations of the network, a head's sum over H, at most 16 operations of the loss, and a
    // sum over its elements.
    let (T, B, H, O) = (golden.T, golden.B, golden.model.H, golden.model.O)
    let operations =
      NetworkOperations(T: T, B: B, I: golden.model.I, H: H, P: H, G: 1).parameters
      + H + 16 + T * B * O
    let bound = Tolerance(operations: operations, magnitude: magnitude(golden.gradients))
      .bound(epsilon: .ulpOfOne)
    #expect(abs(value.mean - golden.value) <= bound)
    #expect(largestDifference(gradients.elements, golden.gradients) <= bound)
  }

  @Test(
    "On a kink the gradient is the mean of those on both sides",
    arguments: [
      (Loss.meanAbsoluteError, [0.0]), (.quantiles([0.5]), [0]), (.quantiles([0.25]), [0.25]),
      (.huber(delta: 0.5), [0]), (.quantiles([0.125, 0.75]), [0.1875, -0.125]),
    ])
  func kinks(_ loss: Loss, _ slopes: [Double]) throws {
    let model = try model(outputs: Array(repeating: 0.5, count: slopes.count))
    let (value, gradient) = try outcome(loss, model, target: 0.5)
    #expect(value == 0)
    #expect(gradient == slopes)
  }

  @Test(
    "Quantiles by hand",
    arguments: [(0.25, 1.0, 0.75, 0.75), (0.25, -1, 0.25, -0.25), (0.9, -2, 1.8, -0.9)])
  func quantiles(_ level: Double, _ error: Double, _ loss: Double, _ slope: Double) throws {
    let (value, gradient) = try outcome(
      .quantiles([level]), model(outputs: [error + 3]), target: 3)
    let bound = Tolerance(operations: 8, magnitude: 3).bound(epsilon: .ulpOfOne)
    #expect(abs(value - loss) <= bound && abs(gradient[0] - slope) <= bound)
  }

  /// With κ = 1/2, errors −1, 0 and targets 2, 1 of one sequence: Σ d² = 1 + 1/4, Σ s² = 4 and m = −1/2.
  @Test("The error-to-signal ratio by hand, and without a signal")
  func errorToSignal() throws {
    let model = try model(outputs: [1])
    func value(_ targets: [Double]) throws -> LossValue {
      let batch = TrainingBatch<Double>(
        input: .features(try SequenceBatch(steps: 2, batchSize: 1, features: 1)),
        targets: .values(try Matrix(rows: 2, columns: 1, elements: targets)))
      return try everyStep(model).loss(.errorToSignal(preEmphasis: 0.5), of: batch).value
    }
    let least = 2e-5
    let bound = Tolerance(operations: 24, magnitude: 1).bound(epsilon: .ulpOfOne)
    let ratio = try value([2, 1])
    #expect(ratio.count == 2)
    #expect(abs(ratio.mean - (1.25 / (4 + least) + 0.5 / (5 + least))) <= bound)
    let silence = try value([0, 0]).mean
    #expect(abs(silence * least / 3.25 - 1) <= bound)
  }

  private func everyStep(_ model: SequenceModel<Double>) throws -> SequenceModel<Double> {
    try SequenceModel(network: model.network, head: model.head, reading: .everyStep)
  }

  /// A model with these outputs for any input. The bias gradient of its head is the gradient of the
  /// outputs.
  private func model(outputs: [Double]) throws -> SequenceModel<Double> {
    var model = try SequenceModel<Double>(
      network: RNN(inputSize: 1, hiddenSize: 1, seed: 0),
      head: Linear(
        inputSize: 1, outputSize: outputs.count,
        initialization: .init(input: .zeros, recurrent: .zeros), seed: 0),
      reading: .lastStep)
    try model.parameters.set(
      "head.bias", to: Matrix(rows: outputs.count, columns: 1, elements: outputs))
    return model
  }

  private func outcome(
    _ loss: Loss, _ model: SequenceModel<Double>, target: Double
  ) throws -> (loss: Double, gradient: [Double]) {
    let batch = TrainingBatch<Double>(
      input: .features(try SequenceBatch(steps: 1, batchSize: 1, features: 1, elements: [1])),
      targets: .values(try Matrix(rows: 1, columns: 1, elements: [target])))
    var gradients = try model.parameters.zeros()
    let (value, _) = try model.loss(loss, of: batch, addingGradientsTo: &gradients)
    return (value.mean, gradients["head.bias"]!.elements)
  }
}

/// The loss of a simple network for a batch with lengths and a mask.
struct LossCase: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var loss: Loss
  var model: ModelShape
  var seed: UInt64
  var T, B: Int
  var lengths: [Int]
  var classes: Int?
  var value: Double
  var gradients: [Double]

  var testDescription: String { name }

  func batch() throws -> TrainingBatch<Double> {
    var generator = SplitMix64(seed: seed)
    let x = try SequenceBatch(
      steps: T, batchSize: B, features: model.I, elements: generator.values(T * B * model.I))
    let targets: Targets<Double> =
      if let classes {
        .labels(generator.integers(T * B, below: classes))
      } else {
        .values(
          try Matrix(rows: T * B, columns: 2, elements: generator.values(T * B * 2).map { $0 * 2 }))
      }
    return TrainingBatch(
      input: .features(x), lengths: lengths, targets: targets,
      mask: generator.integers(T * B, below: 3).map { $0 != 0 })
  }
}
