// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

/// Options out of range cause errors that name them.
@Suite struct TrainingOptionsTests {
  private func expect(
    _ argument: String, _ change: (inout TrainingOptions) -> Void,
    location: SourceLocation = #_sourceLocation
  ) throws {
    var options = TrainingProblem.options
    change(&options)
    let model: SequenceModel<Float> = try TrainingProblem.model()
    let error = #expect(throws: RecurError.self, sourceLocation: location) {
      try Training(model, options: options)
    }
    guard case .invalid(argument, _)? = error else {
      Issue.record("\(error.map { "\($0)" } ?? "no error")", sourceLocation: location)
      return
    }
  }

  @Test func runs() throws {
    for rate in [0, -1e-3, .nan, .infinity] {
      try expect("learningRate") { $0.learningRate = rate }
    }
    try expect("epochs") { $0.epochs = 0 }
    try expect("patience") { $0.patience = 0 }
    try expect("batching") { $0.batching = .shuffled(size: 0) }
    try expect("batching") { $0.batching = .inOrder(size: -1) }
    for limit in [0, -1, .nan] {
      try expect("clipping") { $0.clipping = .norm(limit) }
      try expect("clipping") { $0.clipping = .value(limit) }
    }
  }

  /// Infinity is at least 0, but still rejected.
  @Test func infinityIsNamedSo() throws {
    func expect(_ message: String, _ change: (inout TrainingOptions) -> Void) throws {
      var options = TrainingProblem.options
      change(&options)
      let model: SequenceModel<Float> = try TrainingProblem.model()
      #expect {
        try Training(model, options: options)
      } throws: {
        "\($0)" == message
      }
    }
    try expect("momentum is inf, expected a finite number, at least 0") {
      $0.optimizer = .sgd(momentum: .infinity)
    }
    try expect("momentum is -1.0, expected at least 0") { $0.optimizer = .sgd(momentum: -1) }
    try expect("delta is nan, expected a finite number, above 0") { $0.loss = .huber(delta: .nan) }
    try expect("epochs is 0, expected at least 1") { $0.epochs = 0 }
  }

  @Test func losses() throws {
    for delta in [0, -1, .nan, .infinity] { try expect("delta") { $0.loss = .huber(delta: delta) } }
    for wrong in [-0.1, 1.1, .nan] {
      try expect("preEmphasis") { $0.loss = .errorToSignal(preEmphasis: wrong) }
    }
    for levels in [[], [0], [1], [0.5, -0.1], [.nan]] {
      try expect("quantiles") { $0.loss = .quantiles(levels) }
    }
  }

  @Test func optimizers() throws {
    func expect(_ argument: String, _ optimizer: Optimizer) throws {
      try self.expect(argument) { $0.optimizer = optimizer }
    }
    try expect("nesterov", .sgd(nesterov: true))
    try expect("nesterov", .sgd(momentum: 0.9, dampening: 0.1, nesterov: true))
    try expect("dampening", .sgd(dampening: 0.1))
    for wrong in [-0.1, 1.1, .nan] {
      try expect("dampening", .sgd(momentum: 0.9, dampening: wrong))
    }
    for wrong in [-0.1, .nan, .infinity] {
      try expect("momentum", .sgd(momentum: wrong))
      try expect("momentum", .rmsProp(momentum: wrong))
      for optimizer in [
        Optimizer.rmsProp(epsilon: wrong), .adam(epsilon: wrong), .adamW(epsilon: wrong),
      ] {
        try expect("epsilon", optimizer)
      }
      for optimizer in [
        Optimizer.sgd(weightDecay: wrong), .rmsProp(weightDecay: wrong), .adam(weightDecay: wrong),
        .adamW(weightDecay: wrong),
      ] {
        try expect("weightDecay", optimizer)
      }
    }
    for wrong in [-0.1, 1, .nan] {
      try expect("alpha", .rmsProp(alpha: wrong))
      try expect("beta1", .adam(beta1: wrong))
      try expect("beta2", .adam(beta2: wrong))
      try expect("beta1", .adamW(beta1: wrong))
      try expect("beta2", .adamW(beta2: wrong))
    }
  }

  @Test func schedules() throws {
    func expect(_ argument: String, _ schedule: Schedule) throws {
      try self.expect(argument) { $0.schedule = schedule }
      try self.expect(argument) { $0.schedule = .warmUp(steps: 3, then: schedule) }
    }
    for wrong in [0, -1] {
      try expect("every", .step(every: wrong, factor: 0.5))
      try expect("steps", .cosine(steps: wrong))
      try expect("steps", .warmUp(steps: wrong))
    }
    try expect("patience", .onPlateau(patience: -1))
    for wrong in [0, -0.5, .nan, .infinity] {
      try expect("factor", .step(every: 1, factor: wrong))
      try expect("factor", .onPlateau(factor: wrong))
    }
    try expect("factor", .onPlateau(factor: 1))
    for wrong in [-0.1, 1.1, .nan] {
      try expect("minimumFactor", .cosine(steps: 2, minimumFactor: wrong))
      try expect("minimumFactor", .onPlateau(minimumFactor: wrong))
      try expect("threshold", .onPlateau(threshold: wrong))
    }
  }

  @Test("A round trip through JSON preserves options and learning rates")
  func codable() throws {
    let options = TrainingOptions(
      loss: .crossEntropy(ignoring: 3), optimizer: .sgd(momentum: 0.9, nesterov: true),
      learningRate: 0.1,
      schedule: .warmUp(steps: 3, then: .cosine(steps: 9, minimumFactor: 0.1)), clipping: .value(2),
      epochs: 4, batching: .stateful, patience: 2, seed: .max)
    let data = try JSONEncoder().encode(options)
    #expect(try JSONDecoder().decode(TrainingOptions.self, from: data) == options)
    var rate = try LearningRate(0.1, schedule: .onPlateau())
    for _ in 0..<2 {
      let data = try JSONEncoder().encode(rate)
      #expect(try JSONDecoder().decode(LearningRate.self, from: data) == rate)
      rate.observe(validationLoss: 3)
    }
  }
}
