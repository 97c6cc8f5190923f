// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import TestSupport
import Testing

/// Tests of features that depend on validation.
extension TrainingTests {
  /// The training targets are 4 and the validation targets −4, so validation gets worse as training
  /// improves.
  private func constant(_ target: Double) throws -> Windows<Double> {
    try Windows(
      inputs: data.inputs,
      targets: Matrix(rows: 40, columns: 1, elements: Array(repeating: target, count: 40)),
      length: data.length)
  }

  @Test("Training stops when the patience is exhausted, and keeps the best model")
  func earlyStopping() throws {
    var training = try training {
      $0.epochs = 50
      $0.patience = 3
    }
    var afterFirst: SequenceModel<Double>?
    let (data, validation) = (try constant(4), try constant(-4))
    while let step = try training.step(data, validation: validation) {
      if step.finishedEpoch?.epoch == 0 { afterFirst = training.model }
    }
    let losses = training.history.compactMap(\.validationLoss)
    #expect(losses.count == 4 && losses == losses.sorted())
    #expect(training.isFinished)
    #expect(training.best.parameters == afterFirst?.parameters)
    #expect(training.model.parameters != training.best.parameters)
    #expect(
      try training.best.loss(.meanSquaredError, over: validation, batching: .inOrder(size: 5)).mean
        == losses[0])
  }

  @Test("While validation improves, the last model is the best, and training continues")
  func noEarlyStopping() throws {
    var training = try training { $0.patience = 1 }
    let data = try constant(4)
    try training.fit(data, validation: data)
    #expect(training.history.count == 3)
    #expect(training.best.parameters == training.model.parameters)
  }

  @Test("The learning rate decreases on a plateau")
  func plateau() throws {
    var training = try training {
      $0.epochs = 6
      $0.schedule = .onPlateau(factor: 0.5, patience: 1)
    }
    var rates: [Double] = []
    try training.fit(constant(4), validation: constant(-4)) {
      if $0.stepOfEpoch == 0 { rates.append($0.learningRate) }
    }
    // The first epoch is the best. The patience covers the second epoch but not the third.
    #expect(rates == [0.02, 0.02, 0.02, 0.01, 0.01, 0.005])
  }

  @Test("Options that depend on validation are rejected without it")
  func missingValidation() throws {
    for schedule in [Schedule.onPlateau(), .warmUp(steps: 2, then: .onPlateau())] {
      var training = try training { $0.schedule = schedule }
      #expect(throws: RecurError.self) { try training.fit(data) }
    }
    var training = try training { $0.patience = 2 }
    #expect(throws: RecurError.self) { try training.fit(data) }
    #expect(training.model.parameters == model.parameters)
  }

  @Test("A step whose validation fails does not count")
  func validationFails() throws {
    var whole = try training()
    try whole.fit(data, validation: data)
    let unfit = try Windows(
      inputs: Matrix(rows: 40, columns: 1), targets: data.targets, length: data.length)
    var run = try training()
    var steps = 0
    for _ in 0..<2 {
      #expect(throws: RecurError.self) {
        try run.fit(data, validation: unfit) { _ in steps += 1 }
      }
      #expect(steps == 6 && run.history.isEmpty)
    }
    try run.fit(data, validation: data)
    #expect(run.model.parameters == whole.model.parameters)
    #expect(run.history == whole.history)
  }

  @Test("Validation of a stream in chunks equals validation of the whole")
  func continuedValidation() throws {
    var generator = SplitMix64(seed: 9)
    let tokens = generator.integers(61, below: 5)
    let model = try SequenceModel<Double>(
      embedding: Embedding(vocabularySize: 5, size: 3, seed: 0),
      network: GRU(inputSize: 3, hiddenSize: 4, seed: 0),
      head: Linear(inputSize: 4, outputSize: 5, seed: 0),
      reading: .everyStep)
    func loss(steps: Int) throws -> LossValue {
      try model.loss(
        .crossEntropy(), over: TokenStream(tokens, steps: steps, batchSize: 3), batching: .stateful)
    }
    let (chunks, whole) = try (loss(steps: 5), loss(steps: 20))
    #expect(chunks.count == 60 && whole.count == 60)
    // The losses of the rows are bit-identical; only the order of summation differs.
    let bound = Tolerance(operations: 60 + 2 * 4, magnitude: whole.mean).bound(epsilon: .ulpOfOne)
    #expect(abs(chunks.mean - whole.mean) <= bound)
  }
}
