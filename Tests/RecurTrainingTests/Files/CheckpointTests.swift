// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// A run that is written to a file and read again continues with bit-identical results.
@Suite struct CheckpointTests {
  /// A model, its options and its data.
  struct Problem<Scalar: RecurScalar> {
    var model: SequenceModel<Scalar>
    var options: TrainingOptions
    var data: any TrainingData<Scalar>
    var validation: (any TrainingData<Scalar>)?

    func run() throws -> Training<SequenceModel<Scalar>> { try Training(model, options: options) }
  }

  private static let optimizers: [Optimizer] = [
    .sgd(), .sgd(momentum: 0.9, nesterov: true), .rmsProp(),
    .rmsProp(momentum: 0.5, centered: true), .adam(), .adamW(),
  ]

  /// Windows of a series, for all optimizers, with dropout and a schedule that has state.
  func windows<Scalar: RecurScalar>(
    _ optimizer: Optimizer, _ batching: Batching, patience: Int? = nil
  ) throws -> Problem<Scalar> {
    var generator = SplitMix64(seed: 17)
    let inputs = try Matrix<Scalar>(rows: 24, columns: 2, elements: generator.vector(48))
    let targets = try Matrix<Scalar>(rows: 24, columns: 1, elements: generator.vector(24))
    return Problem(
      model: try SequenceModel(
        network: GRU(inputSize: 2, hiddenSize: 4, layers: 2, dropout: 0.3, zoneout: 0.1, seed: 0),
        head: Linear(inputSize: 4, outputSize: 1, seed: 0), reading: .lastStep),
      options: TrainingOptions(
        loss: .huber(delta: 0.5), optimizer: optimizer, learningRate: 0.01,
        schedule: .warmUp(steps: 3, then: .onPlateau(factor: 0.5, patience: 0)),
        clipping: .norm(0.1), epochs: 4, batching: batching, patience: patience, seed: .max - 5),
      data: try Windows(inputs: inputs, targets: targets, length: 3, ends: 2..<13),
      validation: try Windows(inputs: inputs, targets: targets, length: 3, ends: 13..<24))
  }

  /// A token stream that carries the state from batch to batch.
  func text<Scalar: RecurScalar>(
    _ network: any RecurrentNetwork<Scalar>
  ) throws -> Problem<Scalar> {
    var generator = SplitMix64(seed: 19)
    let tokens = (0..<100).map { _ in Int(generator.next() % 6) }
    return Problem(
      model: try SequenceModel(
        embedding: Embedding(vocabularySize: 6, size: network.inputSize, seed: 0), network: network,
        head: Linear(inputSize: network.outputSize, outputSize: 6, seed: 0), reading: .everyStep),
      options: TrainingOptions(loss: .crossEntropy(), epochs: 3, batching: .stateful, seed: 2),
      data: try TokenStream(tokens, steps: 5, batchSize: 3), validation: nil)
  }

  /// Resumes a run after each of its steps, and another run after all of them.
  private func resume<Scalar>(_ problem: Problem<Scalar>) throws {
    let folder = try TemporaryFolder()
    var whole = try problem.run()
    var interrupted = whole
    var saved: [Data] = []
    while try whole.step(problem.data, validation: problem.validation) != nil {
      _ = try interrupted.step(problem.data, validation: problem.validation)
      try interrupted.save(to: folder["run"])
      saved.append(try WholeFile.read(folder["run"]))
      interrupted = try Training(contentsOf: folder["run"])
      #expect(try interrupted.bytes == whole.bytes)
    }
    #expect(saved.count > 8)
    for stopped in stride(from: 0, to: saved.count, by: 3) {
      var resumed = try Training<SequenceModel<Scalar>>(SafeTensors(bytes: saved[stopped]))
      try resumed.fit(problem.data, validation: problem.validation)
      #expect(try resumed.bytes == whole.bytes)
      #expect(resumed.history == whole.history)
      #expect(resumed.best.parameters == whole.best.parameters)
    }
  }

  @Test(arguments: optimizers) func everyOptimizerResumes(_ optimizer: Optimizer) throws {
    try resume(windows(optimizer, .shuffled(size: 3)) as Problem<Double>)
    try resume(windows(optimizer, .inOrder(size: 4)) as Problem<Float>)
  }

  @Test func carriedStatesResume() throws {
    try resume(
      text(LSTM<Float>(inputSize: 3, hiddenSize: 4, layers: 2, projectionSize: 2, seed: 0)))
    try resume(text(GRU<Double>(inputSize: 3, hiddenSize: 4, recurrentDropout: 0.2, seed: 0)))
  }

  @Test func anotherNumberOfEpochsIsAsIfBegunWith() throws {
    let problem = try windows(.adam(), .shuffled(size: 4), patience: 9) as Problem<Double>
    var whole = try problem.run()
    try whole.fit(problem.data, validation: problem.validation)
    for (epochs, steps) in [(2, 99), (2, 4), (99, 8)] {
      var other = problem
      other.options.epochs = epochs
      var run = try other.run()
      for _ in 0..<steps { _ = try run.step(other.data, validation: other.validation) }
      run = try Training(SafeTensors(bytes: run.bytes))
      try run.setEpochs(4)
      #expect(run.options == whole.options && !run.isFinished)
      try run.fit(other.data, validation: other.validation)
      #expect(try run.bytes == whole.bytes)
      #expect(
        message { try run.setEpochs(3) }
          == "epochs is 3, expected at least 4, the number of epochs started")
    }
    var begun = try problem.run()
    #expect(message { try begun.setEpochs(0) }.hasPrefix("epochs is 0, expected at least 1"))
    for _ in 0..<4 { _ = try begun.step(problem.data, validation: problem.validation) }
    #expect(begun.history.count == 1)
    #expect(message { try begun.setEpochs(1) }.hasPrefix("epochs is 1, expected at least 2"))
  }

  @Test func patienceAndTheBestModelResume() throws {
    let problem = try windows(.sgd(), .shuffled(size: 4), patience: 1) as Problem<Double>
    var worse = problem
    worse.options.learningRate = 5
    worse.options.clipping = .none
    worse.options.schedule = .constant
    worse.options.epochs = 40
    try resume(worse)
    var run = try worse.run()
    try run.fit(worse.data, validation: worse.validation)
    #expect(run.history.count < 40)
    #expect(run.best.parameters != run.model.parameters)
  }

  /// The minimum of the validation loss is infinite at first, and a sum of losses can have any value.
  @Test func numbersSurviveToTheBit() throws {
    var generator = SplitMix64(seed: 23)
    var problem = try windows(.sgd(), .shuffled(size: 4)) as Problem<Double>
    let special = [
      0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, 0.1, 1 / 3, 9_007_199_254_740_992,
    ]
    for value in special + (0..<1000).map({ _ in Double(bitPattern: generator.next()) })
    where !value.isNaN {
      problem.options.seed = generator.next()
      var run = try problem.run()
      (run.position.stepOfEpoch, run.position.step, run.position.examples) = (1, 1, 11)
      (run.position.lossSum, run.position.lossCount) = (value, 4)
      let back = try Training<SequenceModel<Double>>(SafeTensors(bytes: run.bytes))
      #expect(back.position.lossSum.bitPattern == value.bitPattern, "\(value)")
      #expect(back.position == run.position && back.options == run.options)
      #expect(back.position.leastValidationLoss == .infinity)
    }
  }

  // Checkpoints of `fit`

  @Test func fitWritesCheckpoints() throws {
    let folder = try TemporaryFolder()
    let problem = try windows(.adam(), .shuffled(size: 4)) as Problem<Double>
    var run = try problem.run()
    let checkpoint = Checkpointing(folder["c"], every: 2, info: ["a": "b"])
    var written: [Int] = []
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try run.fit(problem.data, validation: problem.validation, checkpoint: checkpoint) { step in
        if let file = try? SafeTensors(contentsOf: folder["c"]) {
          written.append(try Training<SequenceModel<Double>>(file).position.step)
          #expect(try file.info == ["a": "b"])
        }
        if step.index == 6 { throw Stop() }
      }
    }
    // An epoch has three steps, and checkpoints follow steps 2, 3, 4 and 6.
    #expect(written == [2, 3, 4, 4, 6])
    var resumed = try Training<SequenceModel<Double>>(contentsOf: folder["c"])
    try resumed.fit(problem.data, validation: problem.validation)
    var whole = try problem.run()
    try whole.fit(problem.data, validation: problem.validation)
    #expect(try resumed.bytes == whole.bytes)
    #expect(throws: RecurError.self) {
      try whole.fit(
        problem.data, validation: problem.validation,
        checkpoint: Checkpointing(folder["c"], every: 0))
    }
    #expect(throws: FileError.self) {
      try resumed.save(to: folder["no/c"])
    }
  }

  @Test func cancellingWritesACheckpoint() async throws {
    let folder = try TemporaryFolder()
    let url = folder["c"]
    let problem = try windows(.adam(), .shuffled(size: 4)) as Problem<Double>
    let (model, options, data) = (problem.model, problem.options, problem.data)
    let validation = problem.validation
    let task = Task {
      var run = try Training(model, options: options)
      try run.fit(data, validation: validation, checkpoint: Checkpointing(url)) { step in
        if step.index == 3 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try Training<SequenceModel<Double>>(contentsOf: url).position.step == 4)
  }
}
