// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The state of an optimizer: the number of updates, and running means of the gradients.
public struct OptimizerState<Scalar: RecurScalar>: Sendable {
  /// The update rule.
  public let optimizer: Optimizer

  /// The number of updates so far.
  public private(set) var steps = 0

  /// The vectors that it keeps from step to step, by name, each of the shape of the parameters.
  public private(set) var memory: [(name: String, vector: ParameterVector<Scalar>)]

  /// The state before the first update.
  ///
  /// - Parameters:
  ///   - optimizer: the update rule.
  ///   - parameters: the parameters to update.
  /// - Throws: `RecurError` for an option out of range, or without memory.
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

  /// Updates parameters once.
  ///
  /// - Parameters:
  ///   - parameters: the parameters to update.
  ///   - gradients: the gradient of the loss with respect to each of them.
  ///   - learningRate: η, at least 0.
  /// - Throws: `RecurError` for a learning rate that is negative or not finite, gradients of other
  ///   parameters, or parameters that are not those of the earlier updates.
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
