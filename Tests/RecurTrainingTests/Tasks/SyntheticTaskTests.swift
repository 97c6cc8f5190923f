// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

/// A task with new examples in every batch.
struct SyntheticTask: Sendable, CustomTestStringConvertible {
  enum Problem { case adding, copy }
  enum Cell: String { case gru = "GRU", chronoLSTM = "chrono LSTM" }

  let problem: Problem
  let T: Int
  var cell = Cell.gru
  let H: Int
  let steps: Int
  let learningRate: Double

  /// The limit for the result, as a fraction of the baseline.
  let share: Double
  var seed: UInt64 = 1

  static let batchSize = 32

  var name: String { "\(problem), T = \(T)" }
  var testDescription: String { "\(name), \(cell.rawValue), seed \(seed)" }

  var loss: Loss { problem == .adding ? .meanSquaredError : .crossEntropy() }

  var baseline: Double {
    problem == .adding ? AddingProblem.baseline : CopyProblem(T: T, count: 0, seed: 0).baseline
  }

  func examples(_ count: Int, seed: UInt64) -> any TrainingData<Float> {
    switch problem {
    case .adding: AddingProblem(T: T, count: count, seed: seed)
    case .copy: CopyProblem(T: T, count: count, seed: seed)
    }
  }

  func model() throws -> SequenceModel<Float> {
    let V = CopyProblem.vocabularySize
    let adding = problem == .adding
    return try SequenceModel(
      embedding: adding ? nil : Embedding(vocabularySize: V, size: V, seed: seed + 2),
      network: network(inputSize: adding ? 2 : V),
      head: Linear(
        inputSize: H, outputSize: adding ? 1 : V, initialization: .uniform, seed: seed + 1),
      reading: adding ? .lastStep : .everyStep)
  }

  func network(inputSize: Int) throws -> any RecurrentNetwork<Float> {
    guard cell == .chronoLSTM else {
      return try GRU(inputSize: inputSize, hiddenSize: H, initialization: .orthogonal, seed: seed)
    }
    var lstm = try LSTM<Float>(
      inputSize: inputSize, hiddenSize: H, initialization: .orthogonal, seed: seed)
    try lstm.parameters.set("bias_ih_l0", to: chronoBias())
    return lstm
  }

  /// Gates that remember for 1 to T steps (Tallec and Ollivier 2018): b_f = log U(1, T − 1), b_i =
  /// −b_f, and 0 for the other biases.
  func chronoBias() throws -> Matrix<Float> {
    var random = SplitMix64(seed: seed)
    var bias = try Matrix<Float>(rows: 4 * H, columns: 1)
    for unit in 0..<H {
      let remembering = log(Float.random(in: 1...Float(T - 1), using: &random))
      bias[unit, 0] = -remembering
      bias[H + unit, 0] = remembering
    }
    return bias
  }

  /// The loss for 1000 examples that are not training data.
  func run() throws -> Double {
    let start = ContinuousClock.now
    let options = TrainingOptions(
      loss: loss, learningRate: learningRate, clipping: .norm(1), epochs: 1,
      batching: .inOrder(size: Self.batchSize), seed: seed)
    var training = try Training(model(), options: options)
    try training.fit(examples(steps * Self.batchSize, seed: seed))
    let reached = try training.model.loss(
      loss, over: examples(1000, seed: seed + 100), batching: .inOrder(size: 100)
    ).mean
    TaskRow(
      task: name, model: "\(cell.rawValue), H = \(H)", seed: seed, steps: steps,
      reached: reached, baselines: [baseline], start: start
    ).show()
    return reached
  }
}

extension TaskTests {
  @Test(arguments: [
    SyntheticTask(problem: .adding, T: 20, H: 16, steps: 600, learningRate: 1e-2, share: 0.1),
    SyntheticTask(problem: .copy, T: 5, H: 64, steps: 600, learningRate: 1e-2, share: 0.85),
  ])
  func synthetic(_ task: SyntheticTask) throws {
    #expect(try task.run() < task.share * task.baseline)
  }

  @Test(
    .enabled(if: slow),
    arguments: [
      SyntheticTask(problem: .adding, T: 500, H: 32, steps: 6000, learningRate: 5e-3, share: 0.01),
      SyntheticTask(
        problem: .adding, T: 500, cell: .chronoLSTM, H: 32, steps: 6000, learningRate: 5e-3,
        share: 0.01),
      SyntheticTask(problem: .copy, T: 100, H: 128, steps: 4000, learningRate: 3e-3, share: 0.5),
    ])
  func longSynthetic(_ task: SyntheticTask) throws {
    #expect(try task.run() < task.share * task.baseline)
  }

  @Test(
    .enabled(if: slow),
    arguments: [
      SyntheticTask(problem: .adding, T: 100, H: 32, steps: 3000, learningRate: 5e-3, share: 0.01),
      SyntheticTask(problem: .copy, T: 20, H: 128, steps: 4000, learningRate: 3e-3, share: 0.2),
    ], 1...3 as ClosedRange<UInt64>)
  func seeds(_ task: SyntheticTask, seed: UInt64) throws {
    var task = task
    task.seed = seed
    #expect(try task.run() < task.share * task.baseline)
  }

  @Test("The variance of the sums equals the baseline")
  func addingBaseline() throws {
    let problem = AddingProblem(T: 10, count: 4000, seed: 3)
    let batch = try problem.batch(Array(0..<problem.count)[...])
    guard case .values(let sums) = batch.targets else { throw Unexpected() }
    let squares = sums.elements.map { Double(($0 - 1) * ($0 - 1)) }
    // The standard deviation of the squares is 0.2.
    #expect(abs(squares.reduce(0, +) / 4000 - AddingProblem.baseline) < 4 * 0.2 / 4000.squareRoot())
  }

  @Test("The targets repeat the input symbols, and all other tokens are blanks or the start signal")
  func copyExamples() throws {
    let (T, B) = (7, 3)
    let batch = try CopyProblem(T: T, count: B, seed: 3).batch([0, 1, 2])
    guard case .tokens(let input) = batch.input, case .labels(let labels) = batch.targets else {
      throw Unexpected()
    }
    #expect(input.steps == T + 20)
    #expect(labels.suffix(10 * B) == input.tokens.prefix(10 * B))
    #expect(input.tokens.prefix(10 * B).allSatisfy { $0 < 8 })
    #expect(labels.prefix((T + 10) * B).allSatisfy { $0 == 8 })
    let rest = Array(input.tokens.dropFirst(10 * B))
    #expect(rest.indices.filter { rest[$0] != 8 } == Array((T - 1) * B..<T * B))
  }

  private struct Unexpected: Error {}
}
