// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurReference
import TestSupport
import Testing

@Suite struct ReferenceRNNTests {
  static let options = ReferenceActivation.all.flatMap { f in
    [(0.0, true), (0.5, true), (0, false), (0.5, false)].map { gateClamp, bias in
      ReferenceRNNOptions(f: f, gateClamp: gateClamp, bias: bias)
    }
  }
  static let sizes = [
    ProblemSize(1, 1, 1), ProblemSize(1, 3, 2), ProblemSize(3, 2, 4), ProblemSize(7, 3, 5),
  ]

  @Test(arguments: options)
  func simpleGradientsAreTheDerivatives(_ options: ReferenceRNNOptions) {
    let problem = CellProblem<ReferenceRNN<Wide>>(options, seed: 1)
    problem.checkGradients("\(options), seed 1")
  }

  @Test(arguments: options)
  func residualGradientsAreTheDerivatives(_ options: ReferenceRNNOptions) {
    let problem = CellProblem<ReferenceResidual<Wide>>(options, seed: 2)
    problem.checkGradients("\(options), seed 2")
  }

  @Test(arguments: sizes, [ReferenceActivation.tanh, .relu])
  func anySizeWill(_ size: ProblemSize, _ f: ReferenceActivation) {
    let (T, I, H) = (size.T, size.I, size.H)
    let seed = UInt64(1000 * T + 100 * I + H)
    let problem = CellProblem<ReferenceRNN<Wide>>(
      ReferenceRNNOptions(f: f), T: T, I: I, H: H, seed: seed)
    problem.checkGradients("\(f), seed \(seed)")
  }

  @Test(arguments: sizes, ReferenceActivation.all)
  func doubleSumsSayTheSame(_ size: ProblemSize, _ f: ReferenceActivation) {
    let (T, I, H) = (size.T, size.I, size.H)
    let seed = UInt64(1000 * T + 100 * I + H)
    var problem = CellProblem<ReferenceRNN<Wide>>(
      ReferenceRNNOptions(f: f), T: T, I: I, H: H, seed: seed)
    problem.dFinal = ReferenceState(zero: problem.cell.shape)
    let backward = problem.backward
    let sums = problem.cell.doubleSums(x: problem.x, h0: problem.initial.hidden, dh: problem.dh)
    let operations = NetworkOperations(T: T, B: 1, I: I, H: H, P: H, G: 1)
    let tolerance = Tolerance(
      operations: operations.parameters,
      magnitude: magnitude(backward.gradients.elements, Array(backward.stateGradients.joined())))
    let difference = largestDifference(sums.elements, backward.gradients.elements)
    #expect(
      difference <= tolerance.bound(epsilon: Double(Wide.ulpOfOne)),
      "\(f), T \(T) I \(I) H \(H), seed \(seed)")
  }

  /// The clamped value is all that the kernels store, so its gradient is 0 at the limit, too.
  @Test(arguments: [-0.5, 0.5, -0.25, 0.25])
  func anInputAtTheLimitHasNoGradient(_ x: Double) {
    var problem = CellProblem<ReferenceRNN<Wide>>(
      ReferenceRNNOptions(gateClamp: 0.5, bias: false), T: 1, I: 1, H: 1, seed: 4)
    problem.parameters = [1, 0]
    problem.inputs = [Wide(x)]
    problem.initial = ReferenceState(zero: problem.cell.shape)
    problem.dh = [[1]]
    #expect((problem.backward.gradients.elements[0] == 0) == (abs(x) == 0.5))
  }

  @Test func withoutStepsTheStatePassesThrough() {
    let problem = CellProblem<ReferenceRNN<Wide>>(.init(), T: 0, seed: 3)
    #expect(problem.cell.states([], from: problem.initial).isEmpty)
    #expect(problem.backward.dInitial == problem.dFinal)
    #expect(problem.backward.gradients.elements.allSatisfy { $0 == 0 })
  }

  /// For a linear network whose W_hh is s times a permutation, ‖∂L/∂h_0‖ / ‖∂L/∂h_T‖ is exactly
  /// s^T.
  @Test(arguments: [0.5, 2])
  func normsOfAScaledPermutationAreExact(_ s: Double) {
    let (T, H) = (40, 3)
    let U = (0..<H).map { i in (0..<H).map { j in j == (i + 1) % H ? s : 0 } }
    let network = ReferenceRNN<Double>(
      activation: .relu, weightIH: [[1], [1], [1]], weightHH: U, biasIH: [0, 0, 0],
      biasHH: [0, 0, 0])
    let x = [[Double]](repeating: [1], count: T)
    let zero = [[Double]](repeating: [0, 0, 0], count: T)
    let dh0 = network.backward(x: x, h0: [1, 1, 1], dh: zero, dhT: [0, 1, 0]).dh0
    let power = (0..<T).reduce(1.0) { product, _ in product * s }
    #expect(dh0.sorted() == [0, 0, power])
  }

  @Test func aResidualWithoutWeightsKeepsTheState() {
    var problem = CellProblem<ReferenceResidual<Wide>>(.init(), T: 9, seed: 4)
    problem.parameters = problem.parameters.map { _ in 0 }
    problem.dh = problem.dh.map { $0.map { _ in 0 } }
    #expect(problem.cell.states(problem.x, from: problem.initial).last == problem.initial)
    #expect(problem.backward.dInitial == problem.dFinal)
  }

  /// h_1 = h_0 + (2 · 3 + 5 + 7 · 11 + 13) in the residual cell; the simple cell omits the first
  /// h_0.
  @Test func aStepByHand() {
    let options = ReferenceRNNOptions(f: .identity)
    let parameters: [Double] = [2, 7, 5, 13]
    let simple = ReferenceRNN(options, inputSize: 1, hiddenSize: 1, parameters: parameters)
    let residual = ReferenceResidual(options, inputSize: 1, hiddenSize: 1, parameters: parameters)
    #expect(simple.step([3], ReferenceState(hidden: [11])).hidden == [101])
    #expect(residual.step([3], ReferenceState(hidden: [11])).hidden == [112])
    #expect(residual.gates([3], ReferenceState(hidden: [11])) == [[101]])
  }
}
