// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// The number of ranks never changes a bit of a run.
@Suite struct RanksTests {
  /// A small run. Batches of 12 sequences have shards of one and two.
  struct Run<TrainedModel: TrainableModel>: Sendable {
    var model: TrainedModel
    var data: any TrainingData<TrainedModel.Scalar>
    var options: TrainingOptions

    /// Every loss and norm, and all parameters.
    struct Outcome: Equatable, Sendable {
      var steps: [TrainingStep] = []
      var parameters: [TrainedModel.Scalar] = []
    }

    func outcome(_ ranks: any Ranks = SingleRank()) throws -> Outcome {
      var training = try Training(model, options: options)
      var outcome = Outcome()
      try training.fit(data, validation: data, ranks: ranks) { outcome.steps.append($0) }
      outcome.parameters = training.model.parameters.elements
      return outcome
    }

    func expectSameBits(_ location: SourceLocation = #_sourceLocation) throws {
      let alone = try outcome()
      #expect(alone.steps.count > 3, sourceLocation: location)
      for count in [2, 4, 8] {
        for other in ThreadRanks.run(count, { try outcome($0) }) {
          #expect(try other.get() == alone, "\(count) ranks", sourceLocation: location)
        }
      }
    }
  }

  static func options(
    _ loss: Loss, _ batching: Batching, shards: Int? = 8, epochs: Int = 2
  ) -> TrainingOptions {
    TrainingOptions(
      loss: loss, learningRate: 0.02, schedule: .onPlateau(factor: 0.5, patience: 1),
      clipping: .norm(0.3), epochs: epochs, batching: batching, patience: 2, seed: 4, shards: shards
    )
  }

  /// The last batch has 7 sequences, fewer than there are shards.
  static func shuffled(shards: Int? = 8) throws -> Run<SequenceModel<Float>> {
    Run(
      model: try TrainingProblem.model(layers: 2, dropout: 0.2, recurrentDropout: 0.1),
      data: try TrainingProblem.windows(rows: 36) as Windows<Float>,
      options: options(.huber(), .shuffled(size: 12), shards: shards))
  }

  static func stateful(
    batchSize: Int = 12, shards: Int? = 8, epochs: Int = 2
  ) throws -> Run<SequenceModel<Float>> {
    var generator = SplitMix64(seed: 3)
    return Run(
      model: try SequenceModel(
        embedding: Embedding(vocabularySize: 9, size: 4, seed: 1),
        network: LSTM(inputSize: 4, hiddenSize: 6, layers: 2, zoneout: 0.1, seed: 0),
        head: Linear(inputSize: 6, outputSize: 9, seed: 0), reading: .everyStep),
      data: try TokenStream(
        generator.integers(batchSize * 30 + 1, below: 9), steps: 5, batchSize: batchSize),
      options: options(
        .crossEntropy(ignoring: 2, classWeights: (1...9).map(Double.init)), .stateful,
        shards: shards, epochs: epochs))
  }

  @Test func shuffledBatchesWithDropout() throws { try Self.shuffled().expectSameBits() }

  @Test func statefulBatchesWithZoneout() throws { try Self.stateful().expectSameBits() }

  @Test("Ranks without sequences have no state")
  func fewerSequencesThanRanks() throws { try Self.stateful(batchSize: 3).expectSameBits() }

  @Test func modelWithAConvolutionAndARatio() throws {
    let x = ModelValue.features(size: 1)
    let y = x.convolution(.causal(outputSize: 3, kernelSize: 3)).gru(hiddenSize: 4).dense(size: 1)
    var generator = SplitMix64(seed: 5)
    let samples: [Matrix<Double>] = try (0..<2).map { _ in
      try Matrix(rows: 600, columns: 1, elements: generator.vector(600))
    }
    try Run(
      model: Model<Double>(outputs: y, seed: 1),
      data: SignalStream(
        inputs: samples[0], targets: samples[1], steps: 10, batchSize: 10, warmUp: 3),
      options: Self.options(.errorToSignal(), .stateful)
    ).expectSameBits()
  }

  @Test func modelWithTwoHeadsAndLengths() throws {
    let x = ModelValue.features(size: 2).named("x")
    let h = x.lstm(hiddenSize: 4)
    let model = try Model<Float>(
      outputs: h.dense(size: 1).named("value"), h.dense(size: 3).named("class"), seed: 2)
    let (T, N) = (4, 30)
    var generator = SplitMix64(seed: 6)
    let all = TrainingBatch<Float>(
      inputs: [
        "x": .features(
          try SequenceBatch(
            steps: T, batchSize: N, features: 2, elements: generator.vector(T * N * 2) as [Float]))
      ],
      lengths: (0..<N).map { $0 % (T + 1) },
      targets: [
        "value": OutputTargets(
          .values(try Matrix(rows: T * N, columns: 1, elements: generator.vector(T * N)))),
        "class": OutputTargets(
          .labels(generator.integers(T * N, below: 3)),
          mask: (0..<T * N).map { $0 % 3 != 0 }),
      ])
    try Run(
      model: model, data: BatchExamples(all),
      options: Self.options(
        .heads([
          "value": HeadLoss(.quantiles([0.5]), weight: 0.5), "class": HeadLoss(.crossEntropy()),
        ]), .shuffled(size: 12))
    ).expectSameBits()
  }

  @Test func aSingleShardIsAWholeBatch() throws {
    #expect(try Self.shuffled(shards: 1).outcome() == Self.shuffled(shards: nil).outcome())
    #expect(try Self.stateful(shards: 1).outcome() == Self.stateful(shards: nil).outcome())
  }

  @Test("The sum of the shards' gradients is the gradient of the batch, except for rounding")
  func gradientOfTheBatch() throws {
    let (T, B, H) = (6, 35, 5)
    for loss in [Loss.meanSquaredError, .meanAbsoluteError, .errorToSignal(preEmphasis: 0.5)] {
      func first(_ shards: Int?) throws -> (TrainingStep, [Double]) {
        var training = try Training<SequenceModel<Double>>(
          TrainingProblem.model(layers: 2, dropout: 0.3),
          options: .init(loss: loss, batching: .inOrder(size: B), shards: shards))
        let step = try #require(try training.step(TrainingProblem.windows()))
        return (step, training.gradients[0].elements)
      }
      let (whole, gradient) = try first(nil)
      let (sum, shards) = try first(8)
      let tolerance = Tolerance(
        operations: NetworkOperations(T: T, B: B, I: 2, H: H, P: H, G: 4, L: 2).parameters,
        magnitude: magnitude(gradient)
      ).bound(epsilon: .ulpOfOne)
      #expect(largestDifference(shards, gradient) <= tolerance)
      #expect(abs(whole.loss - sum.loss) <= tolerance)
    }
  }

  @Test(
    "A checkpoint in an epoch of two ranks is resumed on one and on four", arguments: [1, 2, 4])
  func resumed(count: Int) throws {
    let folder = try TemporaryFolder()
    let run = try Self.stateful()
    let url = folder["run"]
    let saved = ThreadRanks.run(2) { ranks in
      var training = try Training(run.model, options: run.options)
      for _ in 0..<3 { _ = try training.step(run.data, validation: run.data, ranks: ranks) }
      try training.gather(ranks)
      if ranks.rank == 0 { try training.save(to: url) }
    }
    for result in saved { try result.get() }
    let alone = try run.outcome()
    let resumed = ThreadRanks.run(count) { ranks in
      var training = try Training<SequenceModel<Float>>(contentsOf: url)
      try training.fit(run.data, validation: run.data, ranks: ranks)
      return training.model.parameters.elements
    }
    for result in resumed { #expect(try result.get() == alone.parameters) }
  }

  @Test("A run whose state is on several ranks is not saved")
  func saveInPart() throws {
    let folder = try TemporaryFolder()
    let run = try Self.stateful()
    let url = folder["run"]
    let results = ThreadRanks.run(2) { ranks in
      var training = try Training(run.model, options: run.options)
      _ = try training.step(run.data, validation: run.data, ranks: ranks)
      let error = #expect(throws: FileError.self) { try training.save(to: url) }
      #expect(
        error?.reason == "cannot store a run whose state is on several ranks: gather it first")
    }
    for result in results { try result.get() }
    #expect(folder.names == [])
  }

  @Test("A run continues after its states were gathered")
  func gatherInBetween() throws {
    let run = try Self.stateful()
    let alone = try run.outcome()
    let results = ThreadRanks.run(4) { ranks in
      var training = try Training(run.model, options: run.options)
      while try training.step(run.data, validation: run.data, ranks: ranks) != nil {
        for _ in 0..<2 { try training.gather(ranks) }
      }
      return training.model.parameters.elements
    }
    for result in results { #expect(try result.get() == alone.parameters) }
  }
}
