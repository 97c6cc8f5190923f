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

  /// One step, with the learning rate `rate`.
  ///
  /// - Throws: `RecurError` if the rate is negative, the gradients are not of these parameters, or the
  ///   parameters not those of the steps before.
  public mutating func update(
    _ parameters: inout ParameterVector<Scalar>, with gradients: ParameterVector<Scalar>,
    rate: Double
  ) throws(RecurError) {
    try require("rate", rate, rate.isNotNegative, "at least 0")
    try gradients.require(parameters.slices, named: "gradients")
    for (_, vector) in memory { try vector.require(parameters.slices, named: "parameters") }
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
      try require("momentum", momentum, momentum.isNotNegative, "at least 0")
      try require("dampening", dampening, 0...1 ~= dampening, "0 to 1")
      try require(
        "dampening", dampening, dampening == 0 || momentum > 0, "0 where there is no momentum")
      guard !nesterov || momentum > 0 && dampening == 0 else {
        throw .invalid(argument: "nesterov", reason: "needs momentum and no dampening")
      }
      try require("weightDecay", weightDecay, weightDecay.isNotNegative, "at least 0")
    case .rmsProp(let alpha, let epsilon, let momentum, _, let weightDecay):
      try require("alpha", alpha, 0..<1 ~= alpha, "0 to below 1")
      try require("epsilon", epsilon, epsilon.isNotNegative, "at least 0")
      try require("momentum", momentum, momentum.isNotNegative, "at least 0")
      try require("weightDecay", weightDecay, weightDecay.isNotNegative, "at least 0")
    case .adam(let beta1, let beta2, let epsilon, let weightDecay),
      .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      try require("beta1", beta1, 0..<1 ~= beta1, "0 to below 1")
      try require("beta2", beta2, 0..<1 ~= beta2, "0 to below 1")
      try require("epsilon", epsilon, epsilon.isNotNegative, "at least 0")
      try require("weightDecay", weightDecay, weightDecay.isNotNegative, "at least 0")
    }
  }
}
