// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

/// Compares products with the Hessian, which are differences of gradients, with the derivatives of the reference's
/// gradients in dual numbers. The loss is half the sum of the squared outputs.
@Suite struct HessianProductTests {
  private static let (T, I, H, L) = (6, 2, 4, 2)
  private let x: [Double]
  private let v: [Double]

  init() {
    var random = SplitMix64(seed: 11)
    x = random.vector(Self.T * Self.I)
    v = random.vector(1000)
  }

  /// The gradient of the loss at given parameters.
  private func gradient<Network: RecurrentNetwork>(
    _ network: Network, _ parameters: ParameterVector<Network.Scalar>
  ) throws -> ParameterVector<Network.Scalar> {
    var network = network
    network.parameters = parameters
    let x = try SequenceBatch(
      steps: Self.T, batchSize: 1, features: Self.I, elements: x.map { Network.Scalar($0) })
    let pass = try network.trainingPass(x)
    let outputs = pass.outputs
    return try pass.backward(outputGradient: outputs).parameters
  }

  private func product<Network: RecurrentNetwork>(_ network: Network) throws -> [Network.Scalar] {
    var vector = try network.parameters.zeros()
    try vector.setElements(v.prefix(vector.count).map { Network.Scalar($0) })
    return try network.parameters.hessianProduct(with: vector) { try gradient(network, $0) }
      .elements
  }

  /// The exact product: the tangent of the gradient in the direction of v.
  private func exact<Cell: ReferenceCell>(
    _: Cell.Type, _ options: Cell.Options, _ parameters: [Wide]
  ) -> [Wide] where Cell.R == Dual<Wide> {
    let moving: [Dual<Wide>] = parameters.indices.map { index in
      Dual(value: parameters[index], tangent: [Wide(v[index])])
    }
    let network = ReferenceNetwork<Cell>(
      options, inputSize: Self.I, hiddenSize: Self.H, layers: Self.L, directions: 1,
      parameters: moving)
    let constants: [Dual<Wide>] = x.map { Dual(value: Wide($0)) }
    let rows = stride(from: 0, to: constants.count, by: Self.I).map {
      Array(constants[$0..<$0 + Self.I])
    }
    let start = network.zeroStates
    let backward = network.backward(
      x: rows, from: start, masks: ReferenceMasks(), dy: network.forward(rows, from: start).outputs,
      dFinal: start)
    return backward.gradients.map { $0.tangent.first ?? 0 }
  }

  /// The error of a difference over a step s: that of the formula, s² ‖v‖² of the product, and that of the two
  /// gradients, divided by 2s.
  private func bound<Network: RecurrentNetwork>(_ network: Network, _ want: [Wide]) throws -> Double
  {
    let epsilon = Double(Network.Scalar.ulpOfOne)
    let root = Double(sign: .plus, exponent: epsilon.exponent / 3, significand: 1)
    // s ‖v‖
    let count = Double(network.parameters.count)
    let change = root * max(1, Double(network.parameters.norm) / count.squareRoot())
    let size = v.prefix(want.count).reduce(0) { $0 + $1 * $1 }.squareRoot()
    let operations = NetworkOperations(
      T: Self.T, B: 1, I: Self.I, H: Self.H, P: Self.H, G: 4, L: Self.L)
    let gradient = try gradient(network, network.parameters).elements
    let rounding = Tolerance(
      operations: operations.parameters, magnitude: magnitude(gradient)
    ).bound(epsilon: epsilon)
    return change * change * magnitude(want) + rounding * size / change
  }

  private func compare<Network: RecurrentNetwork, Cell: ReferenceCell>(
    _ network: Network, _ cell: Cell.Type, _ options: Cell.Options
  ) throws where Cell.R == Dual<Wide> {
    let want = exact(cell, options, network.parameters.elements.map { Wide($0) })
    let (difference, bound) = (
      largestDifference(try product(network), want), try bound(network, want)
    )
    #expect(difference <= bound, "\(Network.self), seed 11")
  }

  @Test func differencesAreTheDerivativesOfGradients() throws {
    try compareAll(Double.self)
    try compareAll(Float.self)
  }

  private func compareAll<Scalar: RecurScalar>(_: Scalar.Type) throws {
    let (I, H, L) = (Self.I, Self.H, Self.L)
    try compare(
      RNN<Scalar>(inputSize: I, hiddenSize: H, layers: L, seed: 1),
      ReferenceRNN.self, .init())
    try compare(
      GRU<Scalar>(inputSize: I, hiddenSize: H, layers: L, seed: 2),
      ReferenceGRU.self, .init())
    try compare(
      LSTM<Scalar>(inputSize: I, hiddenSize: H, layers: L, peepholes: true, seed: 3),
      ReferenceLSTM.self, .init(peepholes: true))
  }

  @Test func zeroHasTheProductZero() throws {
    let network = try GRU<Double>(inputSize: 2, hiddenSize: 3, seed: 1)
    let zero = try network.parameters.zeros()
    let product = try network.parameters.hessianProduct(with: zero) { _ in
      Issue.record("needs no gradient")
      return zero
    }
    #expect(product == zero)
  }

  @Test func aVectorOfAnotherNetworkIsAnError() throws {
    let network = try GRU<Double>(inputSize: 2, hiddenSize: 3, seed: 1)
    let other = try GRU<Double>(inputSize: 3, hiddenSize: 3, seed: 1).parameters
    #expect(throws: RecurError.self) {
      _ = try network.parameters.hessianProduct(with: other) { $0 }
    }
    #expect(throws: RecurError.self) {
      _ = try network.parameters.hessianProduct(with: network.parameters) { _ in other }
    }
  }
}
