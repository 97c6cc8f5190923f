// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import TestSupport
import Testing

/// How a run goes on, and how it ends.
@Suite struct TrainingTests {
  private let data: Windows<Double>
  private let model: SequenceModel<Double>

  init() throws {
    data = try TrainingProblem.windows()
    model = try TrainingProblem.model()
  }

  private func training(
    _ change: (inout TrainingOptions) -> Void = { _ in }
  ) throws -> Training<Double> {
    var options = TrainingProblem.options
    change(&options)
    return try Training(model, options: options)
  }

  @Test("Steps and epochs are counted, and the loss falls")
  func counts() throws {
    var training = try training { $0.epochs = 30 }
    var steps: [TrainingStep] = []
    try training.fit(data) { steps.append($0) }
    #expect(training.isFinished)
    #expect(try training.step(data) == nil)
    #expect(steps.map(\.step) == Array(0..<210))
    #expect(steps.map(\.epoch) == (0..<210).map { $0 / 7 })
    #expect(steps.map(\.stepOfEpoch) == (0..<210).map { $0 % 7 })
    #expect(steps.compactMap(\.finishedEpoch) == training.history && training.history.count == 30)
    #expect(steps[6].finishedEpoch != nil && steps[7].finishedEpoch == nil)
    let first = steps.prefix(7).reduce(0) { $0 + $1.loss } / 7
    #expect(abs(training.history[0].loss - first) < 1e-15)
    #expect(training.history[29].loss < 0.7 * training.history[0].loss)
    #expect(training.best.parameters == training.model.parameters)
  }

  // Validation

  /// The targets are 4, those of validation −4: the better training goes, the worse validation.
  private func constant(_ target: Double) throws -> Windows<Double> {
    try Windows(
      inputs: data.inputs,
      targets: Matrix(rows: 40, columns: 1, elements: Array(repeating: target, count: 40)),
      length: data.length)
  }

  @Test("Training stops when patience is over, and the best model is kept")
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

  @Test("While validation gets better, the last model is the best, and patience does not end")
  func noEarlyStopping() throws {
    var training = try training { $0.patience = 1 }
    let data = try constant(4)
    try training.fit(data, validation: data)
    #expect(training.history.count == 3)
    #expect(training.best.parameters == training.model.parameters)
  }

  @Test("The rate falls on a plateau")
  func plateau() throws {
    var training = try training {
      $0.epochs = 6
      $0.schedule = .onPlateau(factor: 0.5, patience: 1)
    }
    var rates: [Double] = []
    try training.fit(constant(4), validation: constant(-4)) {
      if $0.stepOfEpoch == 0 { rates.append($0.learningRate) }
    }
    // The first epoch is the best; the second is borne, the third is one too many.
    #expect(rates == [0.02, 0.02, 0.02, 0.01, 0.01, 0.005])
  }

  @Test("What goes by validation is refused without it")
  func missingValidation() throws {
    for schedule in [Schedule.onPlateau(), .warmUp(steps: 2, then: .onPlateau())] {
      var training = try training { $0.schedule = schedule }
      #expect(throws: RecurError.self) { try training.fit(data) }
    }
    var training = try training { $0.patience = 2 }
    #expect(throws: RecurError.self) { try training.fit(data) }
    #expect(training.model.parameters == model.parameters)
  }

  @Test("A step whose validation fails has not been")
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

  @Test("A stream is validated from chunk to chunk as if it were one")
  func continuedValidation() throws {
    var generator = SplitMix64(seed: 9)
    let tokens = generator.integers(61, below: 5)
    let model = try SequenceModel<Double>(
      embedding: Embedding(vocabularySize: 5, size: 3),
      network: GRU(inputSize: 3, hiddenSize: 4), head: Linear(inputSize: 4, outputSize: 5),
      reading: .everyStep)
    func loss(steps: Int) throws -> LossValue {
      try model.loss(
        .crossEntropy(), over: TokenStream(tokens, streams: 3, steps: steps), batching: .stateful)
    }
    let (chunks, whole) = try (loss(steps: 5), loss(steps: 20))
    #expect(chunks.count == 60 && whole.count == 60)
    // The rows' losses are the same to the bit; they are summed up in parts.
    let bound = Tolerance(operations: 60 + 2 * 4, magnitude: whole.mean).bound(epsilon: .ulpOfOne)
    #expect(abs(chunks.mean - whole.mean) <= bound)
  }

  @Test("A smaller batch does not fit the state carried from the batch before")
  func smallerStatefulBatch() throws {
    let tokens = Array(0..<61).map { $0 % 5 }
    let stream = try TokenStream<Double>(tokens, streams: 3, steps: 5)
    let data = Changed(base: stream) { batch, examples in
      guard examples.first == 3 else { return }
      batch.input = .tokens(try! TokenBatch(steps: 5, batchSize: 1, tokens: [0, 1, 2, 3, 4]))
      batch.targets = .labels([1, 2, 3, 4, 0])
    }
    let model = try SequenceModel<Double>(
      embedding: Embedding(vocabularySize: 5, size: 3),
      network: GRU(inputSize: 3, hiddenSize: 4, layers: 2),
      head: Linear(inputSize: 4, outputSize: 5), reading: .everyStep)
    let expected =
      "data has a batch of 1 sequences, but the state carried from the batch before belongs to 3; "
      + "stateful batches must all be of one size"
    var training = try Training(
      model, options: .init(loss: .crossEntropy(), batching: .stateful))
    for _ in 0..<3 { _ = try training.step(data) }
    let before = training.model.parameters
    #expect(message { try training.step(data) } == expected)
    #expect(training.model.parameters == before)
    #expect(
      message { try model.loss(.crossEntropy(), over: data, batching: .stateful) } == expected)
    // The whole batch in its place does.
    #expect(try training.step(stream)?.finishedEpoch != nil)
  }

  // Interruptions

  @Test("A cancelled run stops after its step, and goes on to the same bits")
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

  @Test("An error of the progress's own stops a run in the same way")
  func progressThrows() throws {
    struct Stop: Error {}
    var whole = try training()
    try whole.fit(data)
    var run = try training()
    #expect(throws: Stop.self) { try run.fit(data) { if $0.step == 4 { throw Stop() } } }
    try run.fit(data)
    #expect(run.model.parameters == whole.model.parameters)
  }

  // Data

  @Test("Data that are not the epoch's are refused")
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

  @Test("No examples are refused")
  func noExamples() throws {
    let none = try Windows(
      inputs: data.inputs, targets: data.targets, length: data.length, ends: 10..<10)
    var training = try training()
    #expect(throws: RecurError.self) { try training.fit(none) }
  }

  @Test("A batch in which no row counts has no gradient, and no part in the epoch's loss")
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

  // Numbers that are not finite

  @Test("A run stops at a number that is not finite, names the place, and can go on")
  func notFinite() throws {
    let spoilt = Changed(base: data) { batch, examples in
      guard examples.first == 10, case .features(var input) = batch.input else { return }
      input[3, 2, 1] = .nan
      batch.input = .features(input)
    }
    let inOrder: (inout TrainingOptions) -> Void = { $0.batching = .inOrder(size: 5) }
    var whole = try training(inOrder)
    try whole.fit(data)
    var training = try training(inOrder)
    for _ in 0..<2 { _ = try training.step(spoilt) }
    let before = training.model.parameters
    let error = #expect(throws: TrainingError.self) { try training.step(spoilt) }
    guard case .nonFinite(let step, let place)? = error else { return }
    #expect(step.step == 2 && step.loss.isNaN)
    #expect(
      place?.description
        == "not finite: what the network reads, at time step 3 of sequence 2, counted from 0")
    #expect(training.model.parameters == before)
    try training.fit(data)
    #expect(training.model.parameters == whole.model.parameters)
  }

  @Test("A gate is named by its letter")
  func notFiniteGate() throws {
    var model = try training().model
    let f = model.network.hiddenSize
    var bias = model.parameters["network.bias_ih_l0"]!
    bias[f, 0] = .nan
    try model.parameters.set("network.bias_ih_l0", to: bias)
    var training = try Training(model, options: TrainingProblem.options)
    let error = #expect(throws: TrainingError.self) { try training.step(data) }
    guard case .nonFinite(_, let place)? = error else { return }
    #expect(
      place?.description
        == "not finite: gate f of layer 0, at time step 0 of sequence 0, counted from 0")
  }

  @Test("The place is that of the step's own pass, with its masks")
  func notFiniteWithDropout() throws {
    // ReLU units of layer 1 overflow, unless all units of layer 0 that reach them are dropped.
    var model = try SequenceModel<Double>(
      network: RNN(
        inputSize: 2, hiddenSize: 1, layers: 2, activation: .relu, dropout: 0.9,
        initialization: .zeros),
      head: Linear(inputSize: 1, outputSize: 1), reading: .lastStep)
    let one = { (value: Double) in try Matrix(rows: 1, columns: 1, elements: [value]) }
    try model.parameters.set("network.bias_ih_l0", to: one(1e200))
    try model.parameters.set("network.weight_ih_l1", to: one(1e200))
    var places: Set<Int> = []
    for seed in 0..<10 as Range<UInt64> {
      var options = TrainingProblem.options
      options.seed = seed
      var training = try Training(model, options: options)
      let error = #expect(throws: TrainingError.self) { try training.fit(data) }
      guard case .nonFinite(_, let place)? = error else { continue }
      #expect(place?.layer == 1)
      if let place { places.insert(10 * place.step + place.sequence) }
    }
    #expect(places.count > 1)
  }
}
