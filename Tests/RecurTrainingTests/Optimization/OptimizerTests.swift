// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// Compares 200 steps of each optimizer with PyTorch's.
@Suite struct OptimizerTests {
  @Test(arguments: TrainingGolden.file.optimizers)
  func pyTorch(_ golden: OptimizerCase) throws {
    #expect(try golden.deviation(in: Double.self) <= 1)
    #expect(try golden.deviation(in: Float.self) <= 1)
  }

  @Test("Gradients of other parameters and a negative learning rate are rejected")
  func refusals() throws {
    var parameters = try parameterVector([1.0, 2.0, 3.0])
    let before = parameters
    let fewer = try parameterVector([1.0, 2.0])
    var state = try OptimizerState(.adam(), for: parameters)
    #expect(throws: RecurError.self) {
      try state.update(&parameters, with: fewer, learningRate: 0.1)
    }
    for learningRate in [-0.1, .nan, .infinity] {
      #expect(throws: RecurError.self) {
        try state.update(&parameters, with: before, learningRate: learningRate)
      }
    }
    var others = fewer
    #expect(throws: RecurError.self) { try state.update(&others, with: fewer, learningRate: 0.1) }
    #expect(parameters == before && state.steps == 0)
  }

  @Test(
    "Where gradients stay zero, no subnormal number remains",
    arguments: [
      Optimizer.sgd(momentum: 0.9), .rmsProp(alpha: 0.9, momentum: 0.9, centered: true),
      .adam(beta2: 0.99), .adamW(beta2: 0.99),
    ])
  func unusedParameters(optimizer: Optimizer) throws {
    var parameters: ParameterVector<Float> = try parameterVector([1, -2])
    let gradients: [ParameterVector<Float>] = try [
      parameterVector([0.5, -0.25]), parameters.zeros(),
    ]
    var state = try OptimizerState(optimizer, for: parameters)
    for step in 0..<12_000 {
      try state.update(&parameters, with: gradients[min(step, 1)], learningRate: 0.001)
    }
    for (name, vector) in state.memory {
      #expect(vector.elements.allSatisfy { !$0.isSubnormal }, "\(name)")
    }
  }

  @Test("Updates take turns in two vectors, and the last one can be undone")
  func exchange() throws {
    var parameters = try parameterVector([1.0, 2.0])
    let gradients = try parameterVector([0.5, -0.25])
    var state = try OptimizerState(.adam(), for: parameters)
    var places: [UnsafeMutablePointer<Double>] = []
    for _ in 0..<4 {
      try state.update(&parameters, with: gradients, learningRate: 0.1)
      places.append(parameters.base)
    }
    #expect(places[0] == places[2] && places[1] == places[3] && places[0] != places[1])
    let (elements, memory) = (parameters.elements, state.memory.map(\.vector))
    try state.update(&parameters, with: gradients, learningRate: 0.1)
    #expect(parameters.elements != elements && state.steps == 5)
    state.undo(&parameters)
    #expect(parameters.elements == elements && state.memory.map(\.vector) == memory)
    #expect(state.steps == 4)
  }

  @Test("Copies of a state are independent")
  func copies() throws {
    var parameters = try parameterVector([1.0, 2.0])
    let gradients = try parameterVector([0.5, -0.25])
    var state = try OptimizerState(.sgd(momentum: 0.9), for: parameters)
    try state.update(&parameters, with: gradients, learningRate: 0.1)
    var (copy, copied) = (state, parameters)
    try state.update(&parameters, with: gradients, learningRate: 0.1)
    let updatedOnce: [Double] = [1 - 0.1 * 0.5, 2 + 0.1 * 0.25]
    #expect(copied.elements == updatedOnce)
    try copy.update(&copied, with: gradients, learningRate: 0.1)
    #expect(copied == parameters)
  }
}

/// Parameters after some steps. For each step, the gradients are drawn after the parameters;
/// gradient k is multiplied by 8⁻ᵏ.
struct OptimizerCase: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var optimizer: Optimizer
  var learningRate: Double
  var seed: UInt64
  var count: Int
  var steps: [Int]
  var parameters: [Double]

  var testDescription: String { name }

  /// The maximum number of rounded operations in a step for one parameter and for the step's
  /// constants: those of RMSprop with all options.
  private static let operations = 24

  /// The maximum difference in units of the tolerance.
  func deviation<Scalar: RecurScalar>(in type: Scalar.Type) throws -> Double {
    var generator = SplitMix64(seed: seed)
    var parameters = try parameterVector(generator.values(count).map { Scalar($0) })
    var state = try OptimizerState(optimizer, for: parameters)
    var deviation = 0.0
    for step in 1...steps.last! {
      let gradients = generator.values(count).enumerated().map { k, value in
        Scalar(value) * Scalar(sign: .plus, exponent: Scalar.Exponent(-3 * k), significand: 1)
      }
      try state.update(&parameters, with: parameterVector(gradients), learningRate: learningRate)
      guard let index = steps.firstIndex(of: step) else { continue }
      let want = Array(self.parameters[index * count..<(index + 1) * count])
      let bound = Tolerance(operations: Self.operations * step, magnitude: magnitude(want))
        .bound(epsilon: Double(Scalar.ulpOfOne))
      deviation = max(deviation, largestDifference(parameters.elements, want) / bound)
    }
    return deviation
  }
}
