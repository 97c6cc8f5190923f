// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CLinearAlgebra
import Recur
import RecurTraining
import Testing
import TestSupport

/// Compares the norms of Jacobians with those of finite differences, for every cell.
@Suite struct GradientJacobianTests {
  private static let T = 5, B = 2, I = 2, H = 4

  struct TestedNetwork: Sendable, CustomTestStringConvertible {
    let network: any RecurrentNetwork<Double>
    var testDescription: String { "\(network.description)" }
  }

  private static let networks: [TestedNetwork] = {
    let (I, H) = (Self.I, Self.H)
    let networks: [any RecurrentNetwork<Double>] = [
      try! RNN(inputSize: I, hiddenSize: H, seed: 3),
      try! RNN(inputSize: I, hiddenSize: H, layers: 2, seed: 3),
      try! ResidualRNN(inputSize: I, hiddenSize: H, seed: 3),
      try! GRU(inputSize: I, hiddenSize: H, seed: 3),
      try! GRU(
        inputSize: I, hiddenSize: H, layers: 2, reset: .beforeProduct, seed: 3),
      try! LSTM(inputSize: I, hiddenSize: H, seed: 3),
      try! LSTM(
        inputSize: I, hiddenSize: H, layers: 2, projectionSize: 3, peepholes: true,
        seed: 3),
    ]
    return networks.map(TestedNetwork.init)
  }()

  @Test(arguments: networks)
  func normsAreThoseByDifferences(_ tested: TestedNetwork) throws {
    try compare(tested.network)
  }

  private func compare<N: RecurrentNetwork<Double>>(_ initial: N) throws {
    var network = initial
    network.parameters.scale(by: 2)  // so that derivatives vary
    var generator = SplitMix64(seed: 11)
    let (T, B, I) = (Self.T, Self.B, Self.I)
    let x = try SequenceBatch<Double>(
      steps: T, batchSize: B, features: I, elements: generator.vector(T * B * I))
    let lengths = [T, T - 2]
    let start = try state(network, generator.vector(count(network, B)), B)
    let model = try SequenceModel(
      network: network, head: Linear(inputSize: network.outputSize, outputSize: 1, seed: 0),
      reading: .lastStep)
    let batch = TrainingBatch(
      input: .features(x), lengths: lengths, targets: .values(try Matrix([[0.3], [-0.2]])))
    let diagnosis = try model.diagnoseGradients(
      .meanSquaredError, of: batch, initialState: start)
    let jacobians = try #require(diagnosis.jacobians)
    for b in 0..<B {
      for t in 0..<lengths[b] {
        let step = try norm(network, x, start, from: t, to: t, sequence: b)
        let product = try norm(network, x, start, from: t, to: lengths[b] - 1, sequence: b)
        // Fourth-order differences with a step of 1e-3 have errors of 1e-12 from the formula and
        // 1e-13 from rounding.
        #expect(abs(jacobians.stepNorms[b][t] - step) < 1e-10)
        #expect(abs(jacobians.productNorms[b][t] - product) < 1e-10)
        #expect(step > 0.1)
      }
    }
  }

  /// σ₁ of ∂s_to/∂s_{from−1}, by finite differences.
  private func norm<N: RecurrentNetwork<Double>>(
    _ network: N, _ x: SequenceBatch<Double>, _ start: N.State, from: Int, to: Int, sequence: Int
  ) throws -> Double {
    var before = start
    for t in 0..<from { before = try network.step(x.step(t), from: before).state }
    let numbers = numbers(before, network, sequence)
    let (S, step) = (numbers.count, 1e-3)
    let inputs = try SequenceBatch(
      batchFirst: [Array(x.batchFirst[sequence][from...to])])
    func after(_ number: Int, _ shift: Double) throws -> [Double] {
      var changed = numbers
      changed[number] += shift
      let state = try network(inputs, initialState: state(network, changed, 1)).finalState
      return self.numbers(state, network, 0)
    }
    var columns: [Double] = []
    for number in 0..<S {
      let (a, b) = (try after(number, step), try after(number, -step))
      let (c, d) = (try after(number, 2 * step), try after(number, -2 * step))
      for i in 0..<S { columns.append((8 * (a[i] - b[i]) - (c[i] - d[i])) / (12 * step)) }
    }
    return largestSingularValue(columns, S)
  }

  /// σ₁ of A, n x n, by another algorithm than the library's: the maximum eigenvalue of (0 A; Aᵀ
  /// 0), whose eigenvalues are the singular values of A and their negatives.
  private func largestSingularValue(_ a: [Double], _ n: Int) -> Double {
    var symmetric = Array(repeating: 0.0, count: 4 * n * n)
    for i in 0..<n {
      for j in 0..<n {
        symmetric[i * 2 * n + n + j] = a[i * n + j]
        symmetric[(n + j) * 2 * n + i] = a[i * n + j]
      }
    }
    var magnitudes = Array(repeating: 0.0, count: 2 * n)
    #expect(linear_algebra_eigenvalue_magnitudes(symmetric, 2 * n, &magnitudes) == 0)
    return magnitudes.max()!
  }

  private func count(_ network: some RecurrentNetwork<Double>, _ B: Int) throws -> Int {
    let zero = try network.zeroState(batchSize: B)
    return zero.hidden.elements.count + (zero.cellState?.elements.count ?? 0)
  }

  private func state<N: RecurrentNetwork<Double>>(
    _ network: N, _ numbers: [Double], _ B: Int
  ) throws -> N.State {
    let rows = network.configuration.layers * B
    let P = network.configuration.stateSize
    let hidden = try Matrix(rows: rows, columns: P, elements: numbers.prefix(rows * P))
    guard numbers.count > rows * P else { return HiddenState(hidden: hidden) as! N.State }
    let cell = try Matrix(
      rows: rows, columns: network.hiddenSize, elements: numbers.dropFirst(rows * P))
    return LSTMState(hidden: hidden, cell: cell) as! N.State
  }

  private func numbers<N: RecurrentNetwork<Double>>(
    _ state: N.State, _ network: N, _ sequence: Int
  ) -> [Double] {
    let L = network.configuration.layers
    return ([state.hidden] + (state.cellState.map { [$0] } ?? [])).flatMap { matrix in
      let B = matrix.rows / L
      return (0..<L).flatMap { l in
        (0..<matrix.columns).map { matrix[l * B + sequence, $0] }
      }
    }
  }

  @Test func theLargestSingularValueOfManyMatrices() throws {
    // The same function measures W_hh of a gate. These matrices have up to 60 singular values close
    // together.
    var generator = SplitMix64(seed: 8)
    for n in [1, 2, 3, 17, 60] {
      for scale in [1.0, 1e-200, 1e200] {
        var elements: [Double] = generator.vector(n * n, scale)
        if n == 17 { for k in 0..<n { elements[k * n + 3] = 0 } }
        var network = try RNN<Double>(
          inputSize: 1, hiddenSize: n, initialization: .init(input: .zeros, recurrent: .zeros),
          seed: 0)
        try network.parameters.set(
          "weight_hh_l0", to: Matrix(rows: n, columns: n, elements: elements))
        let model = try SequenceModel(
          network: network, head: Linear(inputSize: n, outputSize: 1, seed: 0), reading: .lastStep)
        let diagnosis = try model.diagnoseGradients(
          .meanSquaredError,
          of: TrainingBatch(
            input: .features(try SequenceBatch(steps: 1, batchSize: 1, features: 1)),
            targets: .values(try Matrix([[1]]))), sequences: 0)
        let got = diagnosis.layers[0].gates[0].largestSingularValue
        let want = largestSingularValue(elements.map { $0 / scale }, n)
        #expect(abs(got / scale - want) <= (n > 32 ? 1e-5 : 1e-12) * want, "\(n), \(scale)")
      }
    }
  }

  @Test func theLargestOfManyCloseTogether() throws {
    // The singular values of diag(d) Q are d. Singular values clustered at 1 are the slowest case.
    let n = 128
    var network = try RNN<Double>(
      inputSize: 1, hiddenSize: n, initialization: .orthogonal, seed: 2)
    var weight = network.parameters["weight_hh_l0"]!
    for i in 0..<n {
      let d = 1 - 0.3 * Double(i * i) / Double(n * n)
      for j in 0..<n { weight[i, j] *= d }
    }
    try network.parameters.set("weight_hh_l0", to: weight)
    let model = try SequenceModel(
      network: network, head: Linear(inputSize: n, outputSize: 1, seed: 0), reading: .lastStep)
    let diagnosis = try model.diagnoseGradients(
      .meanSquaredError,
      of: TrainingBatch(
        input: .features(try SequenceBatch(steps: 1, batchSize: 1, features: 1)),
        targets: .values(try Matrix([[1]]))), sequences: 0)
    let error = 1 - diagnosis.layers[0].gates[0].largestSingularValue
    #expect(abs(error) < 1e-5, "\(error)")
  }
}
