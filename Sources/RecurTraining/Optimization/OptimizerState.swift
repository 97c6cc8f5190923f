// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The state of an optimizer: the number of updates, and running means of the gradients.
public struct OptimizerState<Scalar: RecurScalar>: Sendable {
  /// The update rule.
  public let optimizer: Optimizer

  /// The number of updates so far.
  public private(set) var steps = 0

  /// The named vectors that the optimizer keeps from step to step. Each has the shape of the
  /// parameters.
  public private(set) var memory: [(name: String, vector: ParameterVector<Scalar>)]

  /// The parameters and the memory before the last update, whose storage is that of the next one.
  private var previous: [ParameterVector<Scalar>] = []

  /// Creates the state before the first update.
  ///
  /// - Parameters:
  ///   - optimizer: the update rule.
  ///   - parameters: the parameters to update.
  /// - Throws: `RecurError` if an option is out of range, or if memory allocation fails.
  public init(
    _ optimizer: Optimizer, for parameters: ParameterVector<Scalar>
  ) throws(RecurError) {
    let rule = optimizer.rule
    try rule.validate()
    self.optimizer = optimizer
    self.memory = []
    for name in rule.memoryNames { memory.append((name, try parameters.zeros())) }
  }

  /// Creates the state after some steps, such as from a file.
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
  ///   - gradients: the gradient of the loss with respect to each parameter.
  ///   - learningRate: η, at least 0.
  /// - Throws: `RecurError` if the learning rate is negative or not finite, the gradients belong to
  ///   other parameters, the parameters are not those of the earlier updates, or memory cannot be
  ///   allocated.
  public mutating func update(
    _ parameters: inout ParameterVector<Scalar>, with gradients: ParameterVector<Scalar>,
    learningRate: Double
  ) throws(RecurError) {
    try require("learningRate", learningRate, learningRate.isNotNegative, "at least 0")
    try gradients.require(parameters.slices, named: "gradients")
    for (_, vector) in memory { try vector.require(parameters.slices, named: "parameters") }
    if previous.isEmpty {
      previous = [try parameters.zeros()]
      for (_, vector) in memory { previous.append(try vector.zeros()) }
    }
    var vectors: [UpdatedVector<Scalar>] = []
    for (index, old) in ([parameters] + memory.map(\.vector)).enumerated() {
      vectors.append(UpdatedVector(old: old.base, new: try previous[index].uniqueBase()))
    }
    steps += 1
    let step = UpdateStep(
      number: steps, learningRate: learningRate, count: parameters.count, parameters: vectors[0],
      gradients: gradients.base, memory: Array(vectors.dropFirst()))
    // Where gradients stay zero, running means decay until they are subnormal, and then slow.
    let rule = optimizer.rule
    withExtendedLifetime((parameters, gradients, memory, previous)) {
      inNetworkEnvironment { rule.update(step) }
    }
    exchange(&parameters)
  }

  /// Undoes the last update.
  mutating func undo(_ parameters: inout ParameterVector<Scalar>) {
    steps -= 1
    exchange(&parameters)
  }

  private mutating func exchange(_ parameters: inout ParameterVector<Scalar>) {
    swap(&parameters, &previous[0])
    for index in memory.indices { swap(&memory[index].vector, &previous[index + 1]) }
  }
}
