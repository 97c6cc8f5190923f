// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurReference
import TestSupport
import Testing

@Suite struct ReferenceRNNTests {
  static let problems = ReferenceActivation.allCases.flatMap { activation in
    [(1, 1, 1), (1, 3, 2), (3, 2, 4), (7, 3, 5)].map { T, I, H in
      (activation, T, I, H)
    }
  }

  private func problem(
    _ activation: ReferenceActivation, _ T: Int, _ I: Int, _ H: Int
  ) -> ReferenceProblem {
    let seed = UInt64(1000 * T + 100 * I + H)
    print("reference \(activation) T \(T) I \(I) H \(H) seed \(seed)")
    return ReferenceProblem(activation, T: T, I: I, H: H, seed: seed)
  }

  private func tolerance(_ problem: ReferenceProblem, _ want: [Wide]) -> Double {
    let operations = RNNOperations(
      T: problem.x.count, B: 1, I: problem.x[0].count, H: problem.h0.count)
    return Tolerance(operations: operations.parameters, magnitude: magnitude(want))
      .bound(epsilon: Double(Wide.ulpOfOne))
  }

  @Test(arguments: problems)
  func backwardIsTheDerivative(
    _ activation: ReferenceActivation, T: Int, I: Int, H: Int
  ) {
    let problem = problem(activation, T, I, H)
    let backward = problem.backward
    let bound = ReferenceProblem.differenceBound * magnitude(flat(backward.gradients))
    let checks: [([Wide], [Wide])] = [
      (backward.gradients.weightIH.flatMap { $0 }, problem.differences(\.network.weightIH)),
      (backward.gradients.weightHH.flatMap { $0 }, problem.differences(\.network.weightHH)),
      (backward.gradients.biasIH, problem.differences(\.network.biasIH)),
      (backward.gradients.biasHH, problem.differences(\.network.biasHH)),
      (backward.dx.flatMap { $0 }, problem.differences(\.x)),
      (backward.dh0, problem.differences(\.h0)),
    ]
    for (got, want) in checks { #expect(largestDifference(got, want) <= bound) }
  }

  @Test(arguments: problems)
  func forwardModeSaysTheSame(_ activation: ReferenceActivation, T: Int, I: Int, H: Int) {
    let problem = problem(activation, T, I, H)
    let backward = problem.backward
    let forward = problem.network.realTimeRecurrentLearning(
      x: problem.x, h0: problem.h0, dh: problem.dh, dhT: problem.dhT)
    let want = flat(backward.gradients)
    #expect(largestDifference(flat(forward.gradients), want) <= tolerance(problem, want))
    #expect(largestDifference(forward.dh0, backward.dh0) <= tolerance(problem, want))
  }

  @Test(arguments: problems)
  func doubleSumsSayTheSame(_ activation: ReferenceActivation, T: Int, I: Int, H: Int) {
    var problem = problem(activation, T, I, H)
    problem.dhT = problem.dhT.map { _ in 0 }
    let want = flat(problem.backward.gradients)
    let sums = problem.network.doubleSums(
      x: problem.x, h0: problem.h0, h: problem.network.forward(problem.x, h0: problem.h0),
      dh: problem.dh)
    #expect(largestDifference(flat(sums), want) <= tolerance(problem, want))
  }

  @Test func withoutStepsTheStatePassesThrough() {
    let problem = problem(.tanh, 0, 2, 3)
    #expect(problem.network.forward([], h0: problem.h0).isEmpty)
    #expect(problem.backward.dh0 == problem.dhT)
    #expect(flat(problem.backward.gradients).allSatisfy { $0 == 0 })
  }

  /// A linear network whose W_hh is s times a permutation: ‖∂L/∂h_0‖ / ‖∂L/∂h_T‖ = s^T exactly.
  @Test(arguments: [0.5, 2])
  func normsOfAScaledPermutationAreExact(_ s: Double) {
    let (T, H) = (40, 3)
    let U = (0..<H).map { i in (0..<H).map { j in j == (i + 1) % H ? s : 0 } }
    let network = ReferenceRNN<Double>(
      activation: .relu, weightIH: [[1], [1], [1]], weightHH: U, biasIH: [0, 0, 0],
      biasHH: [0, 0, 0])
    let x = [[Double]](repeating: [1], count: T)
    let h = network.forward(x, h0: [1, 1, 1])
    let zero = [[Double]](repeating: [0, 0, 0], count: T)
    let dh0 = network.backward(x: x, h0: [1, 1, 1], h: h, dh: zero, dhT: [0, 1, 0]).dh0
    let power = (0..<T).reduce(1.0) { product, _ in product * s }
    #expect(dh0.sorted() == [0, 0, power])
  }
}
