// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The state of an optimizer: what it remembers of earlier gradients.
public struct OptimizerState<Scalar: RecurScalar>: Sendable {
  public let optimizer: Optimizer

  /// The number of updates so far.
  public private(set) var steps = 0

  /// The vectors that it remembers, by name, each of the shape of the parameters.
  public private(set) var memory: [(name: String, vector: ParameterVector<Scalar>)]

  public init(
    _ optimizer: Optimizer, for parameters: ParameterVector<Scalar>
  ) throws(RecurError) {
    let rule = optimizer.rule
    try rule.validate()
    self.optimizer = optimizer
    self.memory = []
    for name in rule.memoryNames { memory.append((name, try parameters.zeros())) }
  }

  /// The state after some steps, such as from a file.
  init(
    _ optimizer: Optimizer, steps: Int, memory: [(name: String, vector: ParameterVector<Scalar>)]
  ) {
    self.optimizer = optimizer
    self.steps = steps
    self.memory = memory
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to update.
  ///   - gradients: The gradient of the loss with respect to each of them.
  ///   - learningRate: η, at least 0.
  /// - Throws: `RecurError` if the learning rate is negative or not finite, if the gradients are not of
  ///   these parameters, or if the parameters are not those of the steps before.
  public mutating func update(
    _ parameters: inout ParameterVector<Scalar>, with gradients: ParameterVector<Scalar>,
    learningRate: Double
  ) throws(RecurError) {
    try require("learningRate", learningRate, learningRate.isNotNegative, "at least 0")
    try gradients.require(parameters.slices, named: "gradients")
    for (_, vector) in memory { try vector.require(parameters.slices, named: "parameters") }
    steps += 1
    let step = UpdateStep(
      number: steps, learningRate: learningRate, count: parameters.count,
      parameters: parameters.uniqueBase(), gradients: gradients.base,
      memory: memory.indices.map { memory[$0].vector.uniqueBase() })
    withExtendedLifetime((gradients, memory)) { optimizer.rule.update(step) }
  }
}
