// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// Tests of values that are not finite.
extension TrainingTests {
  @Test("A run stops at a non-finite value, reports its location, and can continue")
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
    #expect(step.index == 2 && step.loss.isNaN)
    #expect(
      place?.description
        == "non-finite value in the network's input at time step 3 of sequence 2, counted from 0")
    #expect(training.model.parameters == before)
    try training.fit(data)
    #expect(training.model.parameters == whole.model.parameters)
  }

  /// With learning rates up to 1e38, every single update overflows: the first, which is not the last
  /// of its epoch, and the only one of an epoch, after which no other step would notice.
  @Test("A run stops at an update that makes parameters non-finite", arguments: [5, 35], [0, 0.9])
  func notFiniteUpdate(batchSize: Int, momentum: Double) throws {
    let windows: Windows<Float> = try TrainingProblem.windows()
    var options = TrainingProblem.options
    (options.optimizer, options.learningRate, options.clipping) = (
      .sgd(momentum: momentum), 1e38, .none
    )
    (options.epochs, options.batching) = (1, .shuffled(size: batchSize))
    let data = Changed(base: windows) { batch, _ in
      // The gradient of the head's bias is above 10.
      guard case .values(var targets) = batch.targets else { return }
      for row in 0..<targets.rows { targets[row, 0] = 100 }
      batch.targets = .values(targets)
    }
    var training = try Training<SequenceModel<Float>>(TrainingProblem.model(), options: options)
    let before = training.model.parameters
    let error = #expect(throws: TrainingError.self) { try training.fit(data) }
    guard case .nonFiniteParameter(let step, let name)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(step.index == 0 && step.loss.isFinite && step.gradientNorm.isFinite)
    #expect(
      error?.description == "update 1: the parameter \(name) would not be finite")
    #expect(training.history.isEmpty)
    #expect(training.model.parameters == before)
    #expect(training.optimizer.steps == 0)
    #expect(training.optimizer.memory.allSatisfy { $0.vector.norm == 0 })
    // Targets of zero, and so smaller gradients, let the run continue.
    let harmless = Changed(base: windows) { batch, _ in
      guard case .values(var targets) = batch.targets else { return }
      for row in 0..<targets.rows { targets[row, 0] = 0 }
      batch.targets = .values(targets)
    }
    var other = try Training<SequenceModel<Float>>(TrainingProblem.model(), options: options)
    let (first, second) = (try training.step(harmless), try other.step(harmless))
    #expect(first == second && training.model.parameters == other.model.parameters)
  }

  @Test("A validation loss that is not finite is an error, and the run is unchanged")
  func notFiniteValidation() throws {
    let spoilt = Changed(base: data) { batch, examples in
      guard case .values(var targets) = batch.targets, examples.first == 0 else { return }
      targets[1, 0] = .infinity
      batch.targets = .values(targets)
    }
    var training = try training()
    var whole = training
    let error = #expect(throws: TrainingError.self) {
      try training.fit(data, validation: spoilt)
    }
    #expect(error?.description == "update 7: the validation loss after the epoch is inf")
    #expect(training.history.isEmpty)
    try training.fit(data, validation: data)
    try whole.fit(data, validation: data)
    #expect(training.model.parameters == whole.model.parameters)
  }

  @Test("A target that is not finite is located, unless its row does not count")
  func notFiniteTarget() throws {
    let target = { (sequence: Int, counts: Bool) in
      Changed(base: data) { batch, examples in
        guard case .values(var targets) = batch.targets else { return }
        targets[sequence, 0] = .nan
        batch.targets = .values(targets)
        batch.mask = (0..<targets.rows).map { counts || $0 != sequence }
      }
    }
    var training = try training()
    let error = #expect(throws: TrainingError.self) { try training.step(target(2, true)) }
    guard case .nonFinite(_, let place)? = error else { return }
    #expect(
      place?.description
        == "non-finite value in the targets at time step 5 of sequence 2, counted from 0")
    _ = try training.step(target(2, false))
    // For a model that reads every step, row t · B + b is step t of sequence b.
    let head = try SequenceModel<Double>(
      network: model.network, head: model.head, reading: .everyStep)
    var everyStep = try Training(head, options: TrainingProblem.options)
    let rows = Changed(base: data) { batch, _ in
      guard
        let spoilt = try? Matrix<Double>(
          rows: 30, columns: 1, elements: (0..<30).map { $0 == 17 ? .infinity : 0 })
      else { return }
      batch.targets = .values(spoilt)
    }
    let other = #expect(throws: TrainingError.self) { try everyStep.step(rows) }
    guard case .nonFinite(_, let place)? = other else { return }
    #expect(place == NonFiniteLocation(isTarget: true, step: 3, sequence: 2))
  }

  @Test("A message names a gate by its letter")
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
        == "non-finite value in gate f of layer 0 at time step 0 of sequence 0, counted from 0")
  }

  @Test("The location is that in the step's own pass, with its masks")
  func notFiniteWithDropout() throws {
    // ReLU units of layer 1 overflow unless their inputs from layer 0 are dropped.
    var model = try SequenceModel<Double>(
      network: RNN(
        inputSize: 2, hiddenSize: 1, layers: 2, activation: .relu, dropout: 0.9, seed: 0),
      head: Linear(inputSize: 1, outputSize: 1, seed: 0), reading: .lastStep)
    model.parameters.scale(by: 0)
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
