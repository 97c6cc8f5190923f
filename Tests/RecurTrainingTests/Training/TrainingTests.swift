// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import TestSupport
import Testing

/// Tests how a run continues and ends.
@Suite struct TrainingTests {
  let data: Windows<Double>
  let model: SequenceModel<Double>

  init() throws {
    data = try TrainingProblem.windows()
    model = try TrainingProblem.model()
  }

  func training(
    _ change: (inout TrainingOptions) -> Void = { _ in }
  ) throws -> Training<SequenceModel<Double>> {
    var options = TrainingProblem.options
    change(&options)
    return try Training(model, options: options)
  }

  @Test("Steps and epochs are counted, and the loss decreases")
  func counts() throws {
    var training = try training { $0.epochs = 30 }
    var steps: [TrainingStep] = []
    try training.fit(data) { steps.append($0) }
    #expect(training.isFinished)
    #expect(try training.step(data) == nil)
    #expect(steps.map(\.index) == Array(0..<210))
    #expect(steps.map(\.epoch) == (0..<210).map { $0 / 7 })
    #expect(steps.map(\.stepOfEpoch) == (0..<210).map { $0 % 7 })
    #expect(steps.compactMap(\.finishedEpoch) == training.history && training.history.count == 30)
    #expect(steps[6].finishedEpoch != nil && steps[7].finishedEpoch == nil)
    let first = steps.prefix(7).reduce(0) { $0 + $1.loss } / 7
    #expect(abs(training.history[0].loss - first) < 1e-15)
    #expect(training.history[29].loss < 0.7 * training.history[0].loss)
    #expect(training.best.parameters == training.model.parameters)
  }

  @Test("A smaller batch does not match the state carried from the previous batch")
  func smallerStatefulBatch() throws {
    let tokens = Array(0..<61).map { $0 % 5 }
    let stream = try TokenStream<Double>(tokens, steps: 5, batchSize: 3)
    let data = Changed(base: stream) { batch, examples in
      guard examples.first == 3 else { return }
      batch.input = .tokens(try! TokenBatch(steps: 5, batchSize: 1, tokens: [0, 1, 2, 3, 4]))
      batch.targets = .labels([1, 2, 3, 4, 0])
    }
    let model = try SequenceModel<Double>(
      embedding: Embedding(vocabularySize: 5, size: 3, seed: 0),
      network: GRU(inputSize: 3, hiddenSize: 4, layers: 2, seed: 0),
      head: Linear(inputSize: 4, outputSize: 5, seed: 0), reading: .everyStep)
    let expected =
      "data has a batch of size 1, expected 3 as in the previous batch: "
      + "stateful batches must all have the same size"
    var training = try Training(
      model, options: .init(loss: .crossEntropy(), batching: .stateful))
    for _ in 0..<3 { _ = try training.step(data) }
    let before = training.model.parameters
    #expect(message { try training.step(data) } == expected)
    #expect(training.model.parameters == before)
    #expect(
      message { try model.loss(.crossEntropy(), over: data, batching: .stateful) } == expected)
    // The complete batch matches.
    #expect(try training.step(stream)?.finishedEpoch != nil)
  }

  // Interruptions

  @Test("A canceled run stops after its step and continues with bit-identical results")
  func cancellation() async throws {
    var whole = try training()
    try whole.fit(data, validation: data)
    let (run, data) = (try training(), data)
    var (cancelled, steps) = await Task {
      var (run, steps) = (run, 0)
      #expect(throws: CancellationError.self) {
        try run.fit(data, validation: data) { _ in
          steps += 1
          if steps == 9 { withUnsafeCurrentTask { $0?.cancel() } }
        }
      }
      return (run, steps)
    }.value
    #expect(steps == 9 && cancelled.history.count == 1)
    #expect(cancelled.model.parameters != whole.model.parameters)
    try cancelled.fit(data, validation: data) { _ in steps += 1 }
    #expect(steps == 21)
    #expect(cancelled.model.parameters == whole.model.parameters)
    #expect(cancelled.best.parameters == whole.best.parameters)
    #expect(cancelled.history == whole.history)
  }

  @Test("An error thrown by the progress closure stops a run in the same way")
  func progressThrows() throws {
    struct Stop: Error {}
    var whole = try training()
    try whole.fit(data)
    var run = try training()
    #expect(throws: Stop.self) { try run.fit(data) { if $0.index == 4 { throw Stop() } } }
    try run.fit(data)
    #expect(run.model.parameters == whole.model.parameters)
  }

  // Data

  @Test("Data that differ within an epoch are rejected")
  func otherData() throws {
    var training = try training()
    for _ in 0..<5 { _ = try training.step(data) }
    for rows in [8, 12, 39, 60] {
      let other: Windows<Double> = try TrainingProblem.windows(rows: rows)
      #expect(throws: RecurError.self) { try training.step(other) }
    }
    for _ in 0..<2 { _ = try training.step(data) }
    let other: Windows<Double> = try TrainingProblem.windows(rows: 60)
    #expect(try training.step(other)?.stepOfEpoch == 0)
  }

  @Test("Empty data are rejected")
  func noExamples() throws {
    let none = try Windows(
      inputs: data.inputs, targets: data.targets, length: data.length, ends: 10..<10)
    var training = try training()
    #expect(throws: RecurError.self) { try training.fit(none) }
  }

  @Test("A batch without valid rows has no gradient and does not affect the epoch's loss")
  func nothingCounts() throws {
    let some = Changed(base: data) { batch, examples in
      batch.mask = examples.map { $0 < 20 }
    }
    let options: (inout TrainingOptions) -> Void = {
      $0.batching = .inOrder(size: 5)
      $0.epochs = 1
      $0.optimizer = .sgd()
    }
    var training = try training(options)
    var steps: [TrainingStep] = []
    try training.fit(some, validation: some) { steps.append($0) }
    #expect(steps.map { $0.loss.isNaN } == [false, false, false, false, true, true, true])
    #expect(steps.map { $0.gradientNorm == 0 } == steps.map { $0.loss.isNaN })
    let few = try Windows(
      inputs: data.inputs, targets: data.targets, length: data.length, ends: 5..<25)
    var alone = try self.training(options)
    try alone.fit(few, validation: few)
    #expect(training.model.parameters == alone.model.parameters)
    #expect(training.history == alone.history)
  }
}
