// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import TestSupport
import Testing

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
