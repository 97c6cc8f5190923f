// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import Recur
import RecurReference
import TestSupport

/// A network, a batch of sequences and gradients for all that comes out, with seeded values, and what
/// the reference makes of them in the widest type.
struct RNNProblem<Scalar: RecurScalar & Real> {
  let T, B, I, H: Int
  let activation: Activation
  var network: RNN<Scalar>
  var x: SequenceBatch<Scalar>
  var state: RNN<Scalar>.State
  var dh: SequenceBatch<Scalar>
  var dState: RNN<Scalar>.State

  /// Weights are uniform in ±1/√n, n being what a product sums over, so that values stay near 1.
  init(
    _ activation: Activation, T: Int, B: Int, I: Int, H: Int, seed: UInt64
  ) throws {
    var random = SplitMix64(seed: seed)
    (self.T, self.B, self.I, self.H) = (T, B, I, H)
    self.activation = activation
    network = try RNN(
      weightIH: Matrix(random.matrix(H, I, 1 / Double(I).squareRoot())),
      weightHH: Matrix(random.matrix(H, H, 1 / Double(H).squareRoot())),
      biasIH: random.vector(H), biasHH: random.vector(H), activation: activation)
    x = try SequenceBatch(
      steps: T, batchSize: B, features: I, elements: random.vector(T * B * I))
    state = .init(hidden: try Matrix(rows: B, columns: H, elements: random.vector(B * H)))
    dh = try SequenceBatch(
      steps: T, batchSize: B, features: H, elements: random.vector(T * B * H))
    dState = .init(hidden: try Matrix(rows: B, columns: H, elements: random.vector(B * H)))
  }

  var operations: RNNOperations { RNNOperations(T: T, B: B, I: I, H: H) }

  /// Everything that is compared, in the order of memory.
  struct Values<R> {
    var h: [R] = []
    var dx: [R] = []
    var dh0: [R] = []
    var parameters: [R] = []
    var norms: [R] = []
  }

  func native() throws -> Values<Scalar> {
    let pass = try network.trainingPass(x, initialState: state)
    let h = pass.outputs.matrix.elements
    let gradients = try pass.backward(outputGradients: dh, finalStateGradient: dState)
    return Values(
      h: h, dx: gradients.inputs.input.matrix.elements,
      dh0: gradients.inputs.initialState.hidden.elements,
      parameters: gradients.parameters.elements,
      norms: gradients.inputs.stateNorms.elements)
  }

  var reference: ReferenceRNN<Wide> {
    let parameters = network.parameters
    return ReferenceRNN(
      activation: activation == .tanh ? .tanh : .relu,
      weightIH: convert(parameters["weight_ih"]!.rowArrays),
      weightHH: convert(parameters["weight_hh"]!.rowArrays),
      biasIH: parameters["bias_ih"]!.elements.map { Wide($0) },
      biasHH: parameters["bias_hh"]!.elements.map { Wide($0) })
  }

  func expected() -> Values<Wide> {
    let reference = reference
    let results = (0..<B).map { b in
      let x: [[Wide]] = (0..<T).map { t in (0..<I).map { Wide(self.x[t, b, $0]) } }
      let dh: [[Wide]] = (0..<T).map { t in (0..<H).map { Wide(self.dh[t, b, $0]) } }
      let h0 = (0..<H).map { Wide(state.hidden[b, $0]) }
      let h = reference.forward(x, h0: h0)
      let dhT = (0..<H).map { Wide(dState.hidden[b, $0]) }
      return (h, reference.backward(x: x, h0: h0, h: h, dh: dh, dhT: dhT))
    }
    var values = Values<Wide>()
    for t in 0..<T {
      for (h, backward) in results {
        values.h += h[t]
        values.dx += backward.dx[t]
        let squares = backward.stateGradients[t].reduce(Wide(0)) { $0 + $1 * $1 }
        values.norms.append(squares.squareRoot())
      }
    }
    values.dh0 = results.flatMap { $0.1.dh0 }
    values.parameters = [Wide](repeating: 0, count: network.parameters.count)
    for (_, backward) in results {
      let g = backward.gradients
      let all = [g.weightIH.flatMap { $0 }, g.weightHH.flatMap { $0 }, g.biasIH, g.biasHH].joined()
      for (index, value) in all.enumerated() { values.parameters[index] += value }
    }
    return values
  }
}
