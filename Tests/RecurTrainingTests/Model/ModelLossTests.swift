// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import Testing
import TestSupport

/// Compares the gradients of a whole model with differences of its loss, for every loss, both
/// readings, and token and feature inputs.
@Suite struct ModelLossTests {
  private static let T = 4, B = 3, I = 2, H = 3

  private static let losses: [Loss] = [
    .meanSquaredError, .meanAbsoluteError, .huber(delta: 0.3), .quantiles([0.1, 0.5, 0.8]),
    .errorToSignal(preEmphasis: 0.7), .crossEntropy(ignoring: 1),
  ]

  @Test(
    "The gradient is that of the loss", arguments: losses,
    [ModelReading.everyStep, .lastStep])
  func gradients(_ loss: Loss, _ reading: ModelReading) throws {
    for tokens in [false, true] {
      let model = try model(loss, reading, tokens: tokens)
      let batch = try batch(loss, reading, tokens: tokens)
      var gradients = try model.parameters.zeros()
      let (value, _) = try model.loss(loss, of: batch, addingGradientsTo: &gradients)
      let (alone, _) = try model.loss(loss, of: batch)
      #expect(value == alone)
      let differences = try differences(model, loss, batch)
      // Fourth-order differences with a step of 1e-3 have errors of 1e-12 from the formula and
      // 1e-13 from rounding.
      #expect(largestDifference(gradients.elements, differences) < 1e-10)
      #expect(gradients.norm > 1e-3)
    }
  }

  private func differences(
    _ model: SequenceModel<Double>, _ loss: Loss, _ batch: TrainingBatch<Double>
  ) throws -> [Double] {
    let step = 1e-3
    return try model.parameters.elements.indices.map { index in
      func at(_ shift: Double) throws -> Double {
        var changed = model
        changed.parameters.withMutableSpan { $0[index] += shift }
        return try changed.loss(loss, of: batch).value.mean
      }
      return try (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)
    }
  }

  private func model(
    _ loss: Loss, _ reading: ModelReading, tokens: Bool
  ) throws -> SequenceModel<Double> {
    let outputs = loss == .crossEntropy(ignoring: 1) ? 4 : loss.outputSize(targets: 2)
    return try SequenceModel(
      embedding: tokens ? Embedding(vocabularySize: 5, size: Self.I, seed: 3) : nil,
      network: LSTM(
        inputSize: Self.I, hiddenSize: Self.H, bidirectional: true,
        initialization: .uniform, seed: 1),
      head: Linear(
        inputSize: 2 * Self.H, outputSize: outputs, initialization: .uniform, seed: 2),
      reading: reading)
  }

  private func batch(
    _ loss: Loss, _ reading: ModelReading, tokens: Bool
  ) throws -> TrainingBatch<Double> {
    var generator = SplitMix64(seed: 7)
    let (T, B) = (Self.T, Self.B)
    let rows = reading == .everyStep ? T * B : B
    let input: ModelInput<Double> =
      tokens
      ? .tokens(
        try TokenBatch(
          steps: T, batchSize: B, tokens: (0..<T * B).map { _ in Int(generator.next() % 5) }))
      : .features(
        try SequenceBatch(
          steps: T, batchSize: B, features: Self.I,
          elements: generator.vector(T * B * Self.I) as [Double]))
    let targets: Targets<Double> =
      loss == .crossEntropy(ignoring: 1)
      ? .labels((0..<rows).map { $0 % 4 })
      : .values(try Matrix(rows: rows, columns: 2, elements: generator.vector(rows * 2, 2)))
    return TrainingBatch(
      input: input, lengths: [4, 2, 3], targets: targets,
      mask: (0..<rows).map { reading == .lastStep || $0 != 4 })
  }

  @Test func paddingMasksAndIgnoredLabelsDoNotCount() throws {
    let loss = Loss.crossEntropy(ignoring: 1)
    let model = try model(loss, .everyStep, tokens: false)
    var batch = try batch(loss, .everyStep, tokens: false)
    let (value, _) = try model.loss(loss, of: batch)
    // There are 4 + 2 + 3 steps. Row 4 is masked, and rows 1, 5 and 9 have the ignored label.
    #expect(value.count == 5)
    guard case .labels(var labels) = batch.targets else { return }
    labels[11] = 99  // past the end of sequence 2
    labels[4] = -5
    batch.targets = .labels(labels)
    #expect(try model.loss(loss, of: batch).value == value)
    labels[0] = 99
    batch.targets = .labels(labels)
    #expect(throws: RecurError.self) { try model.loss(loss, of: batch) }
  }

  @Test func componentsShareTheParameters() throws {
    let loss = Loss.crossEntropy(ignoring: 1)
    var model = try model(loss, .everyStep, tokens: true)
    #expect(
      model.parameters.slices.map(\.name).prefix(2) == ["embedding.weight", "network.weight_ih_l0"])
    #expect(model.parameters["head.bias"] == model.head.parameters["bias"])
    #expect(model.parameters["network.weight_hh_l0"] == model.network.parameters["weight_hh_l0"])
    let batch = try batch(loss, .everyStep, tokens: true)
    let before = try model(batch.input).output
    model.parameters.scale(by: 2)
    #expect(try model(batch.input).output != before)
    model.parameters.scale(by: 0.5)
    #expect(try model(batch.input).output == before)
  }
}
