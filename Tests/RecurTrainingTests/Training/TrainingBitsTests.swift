// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import TestSupport
import Testing

/// The same seed gives bit-identical results for any number of threads; another seed gives other
/// results.
@Suite struct TrainingBitsTests {
  /// The results of a run: every loss and norm, and all parameters.
  struct Outcome: Equatable {
    var steps: [TrainingStep] = []
    var parameters: [Float] = []
  }

  /// A model and its options, large enough for several threads.
  struct Run: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var model: SequenceModel<Float>
    var data: any TrainingData<Float>
    var batching: Batching

    func outcome(seed: UInt64, threads: Threads? = nil) throws -> Outcome {
      let loss: Loss = model.inputSize == nil ? .crossEntropy() : .huber()
      var training = try Training(
        model,
        options: .init(
          loss: loss, learningRate: 0.01, clipping: .norm(0.5), epochs: 2, batching: batching,
          seed: seed))
      var outcome = Outcome()
      try training.fit(data, validation: data, threads: threads) { outcome.steps.append($0) }
      outcome.parameters = training.model.parameters.elements
      return outcome
    }
  }

  static let dropout = Run(
    testDescription: "shuffled windows, dropout",
    model: try! TrainingProblem.model(
      hiddenSize: 40, layers: 2, dropout: 0.2, recurrentDropout: 0.1),
    data: try! TrainingProblem.windows(rows: 60) as Windows<Float>, batching: .shuffled(size: 24))

  static let shuffled = Run(
    testDescription: "shuffled windows",
    model: try! TrainingProblem.model(hiddenSize: 48), data: dropout.data,
    batching: .shuffled(size: 24))

  static let stateful = Run(
    testDescription: "stateful tokens, zoneout",
    model: try! SequenceModel(
      embedding: Embedding(vocabularySize: 9, size: 8, seed: 1),
      network: GRU(inputSize: 8, hiddenSize: 40, zoneout: 0.1, seed: 0),
      head: Linear(inputSize: 40, outputSize: 9, seed: 0), reading: .everyStep),
    data: try! TokenStream(tokens(1000), steps: 20, batchSize: 12), batching: .stateful)

  private static func tokens(_ count: Int) -> [Int] {
    var generator = SplitMix64(seed: 3)
    return generator.integers(count, below: 9)
  }

  @Test(arguments: [dropout, shuffled, stateful])
  func bits(_ run: Run) throws {
    let outcome = try run.outcome(seed: 1)
    #expect(outcome.steps.count > 4)
    #expect(try run.outcome(seed: 1) == outcome)
    for count in 1...3 {
      #expect(
        try run.outcome(seed: 1, threads: Threads(count: count)) == outcome, "\(count) threads")
    }
    #expect(try run.outcome(seed: 2).parameters != outcome.parameters)
  }

  @Test("The seed affects only the order of examples and random masks")
  func whatASeedDecides() throws {
    for (run, matters) in [(Self.shuffled, false), (Self.dropout, true)] {
      var run = run
      run.batching = .inOrder(size: 24)
      #expect(try (run.outcome(seed: 1) != run.outcome(seed: 2)) == matters)
    }
  }

  @Test("Every step has different masks")
  func masks() throws {
    let data: Windows<Double> = try TrainingProblem.windows()
    let options = TrainingOptions(
      loss: .meanSquaredError, optimizer: .sgd(), learningRate: .leastNormalMagnitude, epochs: 3,
      batching: .inOrder(size: data.count))
    for (dropout, distinct) in [(0, 1), (0.5, 3)] {
      var training = try Training<SequenceModel<Double>>(
        TrainingProblem.model(recurrentDropout: dropout), options: options)
      var losses: Set<Double> = []
      try training.fit(data) { losses.insert($0.loss) }
      #expect(losses.count == distinct)
    }
  }

  @Test("Every epoch has a different order, in which each example occurs once")
  func orders() throws {
    let met = Met()
    let data = Changed(base: try TrainingProblem.windows(rows: 30) as Windows<Double>) {
      met.examples += $1
    }
    var training = try Training<SequenceModel<Double>>(
      TrainingProblem.model(), options: TrainingProblem.options)
    try training.fit(data)
    let epochs = (0..<3).map { Array(met.examples[$0 * 25..<($0 + 1) * 25]) }
    #expect(met.examples.count == 75 && Set(epochs).count == 3)
    for epoch in epochs { #expect(epoch.sorted() == Array(0..<25)) }
  }

  /// Data that record the order of examples, on one thread.
  private final class Met: @unchecked Sendable {
    var examples: [Int] = []
  }
}
