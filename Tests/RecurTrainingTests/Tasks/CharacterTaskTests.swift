// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import Testing

/// Tests of a character model of Alice's Adventures in Wonderland.
extension TaskTests {
  @Test func characters() throws {
    try characters(H: 48, streams: 16, epochs: 2)
  }

  @Test(.enabled(if: slow)) func moreCharacters() throws {
    try characters(H: 128, streams: 16, epochs: 12, atMost: 0.75)
  }

  /// `atMost`: the limit for the result, as a fraction of the bigram entropy.
  private func characters(
    H: Int, streams: Int, epochs: Int, atMost share: Double = 1, seed: UInt64 = 1
  ) throws {
    let start = ContinuousClock.now
    let text = Text(try Self.data("alice-in-wonderland.txt"))
    let V = text.vocabularySize
    let model = try SequenceModel<Float>(
      embedding: Embedding(vocabularySize: V, size: 32, seed: seed + 2),
      network: LSTM(
        inputSize: 32, hiddenSize: H, initialization: .orthogonal(forgetGateBias: 1), seed: seed),
      head: Linear(inputSize: H, outputSize: V, initialization: .uniform, seed: seed + 1),
      reading: .everyStep)
    let data = try TokenStream<Float>(text.training, steps: 50, batchSize: streams)
    let options = TrainingOptions(
      loss: .crossEntropy(), learningRate: 5e-3, schedule: .cosine(steps: epochs * data.count),
      clipping: .norm(1), epochs: epochs, batching: .stateful, seed: seed)
    var training = try Training(model, options: options)
    try training.fit(data, validation: whole(text.validation))
    let reached = try training.best.loss(
      .crossEntropy(), over: whole(text.test), batching: .stateful
    ).mean
    TaskRow(
      task: "characters, nats each", model: "LSTM, H = \(H)", seed: seed,
      steps: epochs * data.count, reached: reached, baselines: [text.bigramEntropy], start: start
    ).show()
    #expect(reached < share * text.bigramEntropy)
    if H >= 128 { try compressed(training.best, whole(text.test), full: reached, seed: seed) }
  }

  /// Prints the results with compressed weights. The baseline is the result with full weights.
  private func compressed(
    _ model: SequenceModel<Float>, _ test: TokenStream<Float>, full: Double, seed: UInt64
  ) throws {
    for storage in [NetworkConfiguration.WeightStorage.half, .bfloat16, .int8] {
      let start = ContinuousClock.now
      let small = try SequenceModel(
        embedding: model.embedding, network: model.network.compressed(storage), head: model.head,
        reading: model.reading)
      let reached = try small.loss(.crossEntropy(), over: test, batching: .stateful).mean
      TaskRow(
        task: "characters, \(storage) weights", model: "LSTM, H = \(model.network.hiddenSize)",
        seed: seed, steps: 0,
        reached: reached, baselines: [full], start: start
      ).show()
      #expect(abs(reached - full) < 0.01)
    }
  }

  /// All tokens in one batch; each is predicted from the previous ones.
  private func whole(_ tokens: [Int]) throws -> TokenStream<Float> {
    try TokenStream(tokens, steps: tokens.count - 1, batchSize: 1)
  }
}
