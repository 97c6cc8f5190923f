// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// An optimizer at work: what it remembers of the gradients before.
public struct OptimizerState<Scalar: RecurScalar>: Sendable {
  public let optimizer: Optimizer

  /// How many updates there were.
  public private(set) var steps = 0

  /// What it remembers, by name, each a vector like the parameters.
  public private(set) var memory: [(name: String, vector: ParameterVector<Scalar>)]

  public init(
    _ optimizer: Optimizer, for parameters: ParameterVector<Scalar>
  ) throws(RecurError) {
    try optimizer.validate()
    self.optimizer = optimizer
    self.memory = []
    for name in optimizer.memoryNames { memory.append((name, try parameters.zeros())) }
  }

  /// One as it was after so many steps.
  init(
    _ optimizer: Optimizer, steps: Int, memory: [(name: String, vector: ParameterVector<Scalar>)]
  ) {
    self.optimizer = optimizer
    self.steps = steps
    self.memory = memory
  }

  /// One step.
  ///
  /// - Throws: ``RecurError`` if the gradients are not of these parameters, or the parameters not those
  ///   of the steps before.
  public mutating func update(
    _ parameters: inout ParameterVector<Scalar>, with gradients: ParameterVector<Scalar>,
    rate: Double
  ) throws(RecurError) {
    try gradients.require(parameters.parts, named: "gradients")
    for (_, vector) in memory { try vector.require(parameters.parts, named: "parameters") }
    steps += 1
    let update = OptimizerUpdate(
      steps: steps, rate: rate, count: parameters.count, parameters: parameters.uniqueBase(),
      gradients: gradients.base, memory: memory.indices.map { memory[$0].vector.uniqueBase() })
    withExtendedLifetime((gradients, memory)) { update.run(optimizer) }
  }
}

extension Optimizer {
  /// The names of what it remembers.
  var memoryNames: [String] {
    switch self {
    case .sgd(let momentum, _, _, _): momentum == 0 ? [] : ["momentum"]
    case .rmsProp(_, _, let momentum, let centered, _):
      ["square"] + (centered ? ["mean"] : []) + (momentum == 0 ? [] : ["momentum"])
    case .adam, .adamW: ["mean", "square"]
    }
  }

  func validate() throws(RecurError) {
    switch self {
    case .sgd(let momentum, let dampening, let nesterov, let weightDecay):
      try require("momentum", momentum, 0, .infinity)
      try require("dampening", dampening, 0, 1)
      try require("weightDecay", weightDecay, 0, .infinity)
      guard !nesterov || momentum > 0 && dampening == 0 else {
        throw .invalid(argument: "nesterov", reason: "needs momentum and no dampening")
      }
    case .rmsProp(let alpha, let epsilon, let momentum, _, let weightDecay):
      try require("alpha", alpha, 0, 1)
      try require("epsilon", epsilon, 0, .infinity)
      try require("momentum", momentum, 0, .infinity)
      try require("weightDecay", weightDecay, 0, .infinity)
    case .adam(let beta1, let beta2, let epsilon, let weightDecay),
      .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      try require("beta1", beta1, 0, 1)
      try require("beta2", beta2, 0, 1)
      try require("epsilon", epsilon, 0, .infinity)
      try require("weightDecay", weightDecay, 0, .infinity)
    }
  }

  private func require(
    _ name: String, _ value: Double, _ least: Double, _ below: Double
  ) throws(RecurError) {
    guard value >= least, value < below || value == 1 && name == "dampening" else {
      throw .invalid(argument: name, reason: "is \(value), expected \(least) to below \(below)")
    }
  }
}
