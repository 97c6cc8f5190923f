// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

@Suite struct ReferenceLSTMTests {
  typealias Problem = CellProblem<ReferenceLSTM<Wide>>

  /// All combinations of options; with layer normalization, only some.
  static let options = (Array(0..<64) + stride(from: 64, to: 128, by: 2).filter { $0 & 16 == 0 })
    .map { bits in
      ReferenceLSTMOptions(
        gateClamp: bits & 1 == 0 ? 0 : 0.5, peepholes: bits & 2 != 0, coupledGates: bits & 4 != 0,
        projectionSize: bits & 8 == 0 ? nil : 2, cellClamp: bits & 16 == 0 ? 0 : 0.375,
        bias: bits & 32 == 0, layerNormalization: bits & 64 != 0)
    }

  /// Every function for every gate, of a small cell.
  static let activations = ReferenceActivation.all.flatMap { phi in
    [false, true].flatMap { coupled in
      [
        ReferenceLSTMOptions(f: phi, peepholes: true, coupledGates: coupled),
        ReferenceLSTMOptions(g: phi, gateClamp: 0.5, peepholes: true, coupledGates: coupled),
        ReferenceLSTMOptions(h: phi, peepholes: true, coupledGates: coupled, cellClamp: 0.375),
      ]
    }
  }

  @Test(arguments: options)
  func gradientsAreTheDerivatives(_ options: ReferenceLSTMOptions) {
    Problem(options, T: 3, seed: 8).checkGradients("\(options), seed 8")
  }

  @Test(arguments: activations)
  func gradientsOfFunctionsAreTheDerivatives(_ options: ReferenceLSTMOptions) {
    Problem(options, T: 3, I: 1, H: 2, seed: 8).checkGradients("\(options), seed 8")
  }

  /// Values of mean 0 and variance 1 change only by the ε of the variance; other values are
  /// normalized.
  @Test func normalizationByHand() {
    let options = ReferenceLSTMOptions(
      f: .identity, g: .identity, h: .identity, bias: false, layerNormalization: true)
    func gates(_ W: [Double], _ gain: [Double]) -> [Double] {
      let cell = ReferenceLSTM(
        options, inputSize: 1, hiddenSize: 1, parameters: W + [0, 0, 0, 0] + gain + [1, 1, 1, 1])
      return cell.gates([1], ReferenceState(hidden: [0], cell: [0])).flatMap { $0 }
    }
    let root = (1 + 1e-5).squareRoot()
    #expect(gates([1, -1, -1, 1], [1, 2, 3, 4]) == [1 / root, -2 / root, -3 / root, 4 / root])
    let wide = 7 / (49 + 1e-5).squareRoot()
    #expect(gates([12, -2, -2, 12], [1, 1, 1, 1]) == [wide, -wide, -wide, wide])
    #expect(gates([3, 3, 3, 3], [1, 1, 1, 1]) == [0, 0, 0, 0])
  }

  /// With c = 2, x = 1, h = 0: i = 3 + 10 · 2, f = 5 + 20 · 2, g = 7, c' = f c + i g,
  /// o = 11 + 30 c'.
  @Test func gatesByHand() {
    let options = ReferenceLSTMOptions(
      f: .identity, g: .identity, h: .identity, peepholes: true, bias: false)
    let cell = ReferenceLSTM<Double>(
      options, inputSize: 1, hiddenSize: 1, parameters: [3, 5, 7, 11, 0, 0, 0, 0, 10, 20, 30])
    let previous = ReferenceState<Double>(hidden: [0], cell: [2])
    let (c, o) = (45.0 * 2 + 23 * 7, 11.0 + 30 * 251)
    #expect(cell.gates([1], previous) == [[23], [45], [7], [o]])
    #expect(cell.step([1], previous) == ReferenceState(hidden: [o * c], cell: [c]))
  }

  /// With f = 1 − i, the result is that of a cell whose forget gate has the negative weights of i,
  /// since σ(−a) = 1 − σ(a).
  @Test func coupledGatesAreASpecialCase() {
    var problem = Problem(ReferenceLSTMOptions(peepholes: true), seed: 9)
    var p = problem.cell.parameters
    p.input[1] = negated(p.input[0])
    p.recurrent[1] = negated(p.recurrent[0])
    p.weightPeephole[1] = p.weightPeephole[0].map { -$0 }
    problem.cell.parameters = p
    p.input.remove(at: 1)
    p.recurrent.remove(at: 1)
    p.weightPeephole.remove(at: 1)
    let coupled = ReferenceLSTM(
      ReferenceLSTMOptions(peepholes: true, coupledGates: true), inputSize: 2, hiddenSize: 3,
      parameters: p.elements)
    let want = problem.cell.states(problem.x, from: problem.initial)
    let got = coupled.states(problem.x, from: problem.initial)
    let operations = NetworkOperations(T: 4, B: 1, I: 2, H: 3, P: 3, G: 4).forward
    let difference = largestDifference(got.flatMap(\.hidden), want.flatMap(\.hidden))
    let tolerance = Tolerance(operations: operations, magnitude: 1)
    #expect(difference <= tolerance.bound(epsilon: Double(Wide.ulpOfOne)), "seed 9")
  }

  private func negated(_ layer: ReferenceLinear<Wide>) -> ReferenceLinear<Wide> {
    ReferenceLinear(weight: layer.weight.map { $0.map { -$0 } }, bias: layer.bias.map { -$0 })
  }

  @Test func theIdentityAsProjectionIsNone() {
    let plain = Problem(ReferenceLSTMOptions(), seed: 10)
    let identity: [Wide] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    let projected = ReferenceLSTM(
      ReferenceLSTMOptions(projectionSize: 3), inputSize: 2, hiddenSize: 3,
      parameters: plain.parameters + identity)
    let want = plain.backward
    let got = projected.backward(
      x: plain.x, initial: plain.initial, dh: plain.dh, dFinal: plain.dFinal)
    #expect(
      projected.states(plain.x, from: plain.initial)
        == plain.cell.states(plain.x, from: plain.initial))
    #expect(got.dx == want.dx)
    #expect(got.dInitial == want.dInitial)
  }

  /// A W_hr that selects two of three units.
  @Test func theProjectionIsOfM() {
    let problem = Problem(ReferenceLSTMOptions(projectionSize: 2), T: 1, seed: 11)
    var cell = problem.cell
    cell.parameters.weightHR = [[0, 0, 1], [1, 0, 0]]
    let gates = cell.gates(problem.x[0], problem.initial)
    let next = cell.step(problem.x[0], problem.initial)
    let m = zip(gates[3], next.cell).map { $0 * Wide.tanh($1) }
    #expect(next.hidden == [m[2], m[0]])
  }

  @Test func withoutPeepholesIsWithPeepholesOfZero() {
    let plain = Problem(ReferenceLSTMOptions(), seed: 12)
    let zero = ReferenceLSTM(
      ReferenceLSTMOptions(peepholes: true), inputSize: 2, hiddenSize: 3,
      parameters: plain.parameters + [Wide](repeating: 0, count: 9))
    #expect(
      zero.states(plain.x, from: plain.initial) == plain.cell.states(plain.x, from: plain.initial))
  }

  @Test func onlyAClipThatIsReachedMatters() {
    func states(_ gateClamp: Double, _ cellClamp: Double) -> [ReferenceState<Wide>] {
      let problem = Problem(
        ReferenceLSTMOptions(gateClamp: gateClamp, cellClamp: cellClamp), seed: 8)
      return problem.cell.states(problem.x, from: problem.initial)
    }
    #expect(states(1e6, 1e6) == states(0, 0))
    #expect(states(0.5, 0) != states(0, 0))
    #expect(states(0, 0.375) != states(0, 0))
    #expect(states(0, 0.375).allSatisfy { $0.cell.allSatisfy { abs($0) <= 0.375 } })
  }

  @Test func withoutStepsTheStatePassesThrough() {
    let problem = Problem(ReferenceLSTMOptions(projectionSize: 2), T: 0, seed: 13)
    #expect(problem.backward.dInitial == problem.dFinal)
  }
}
