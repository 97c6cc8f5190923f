// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

/// T, Q and C of a value.
struct ValueShape {
  let T: Int
  let Q: Int
  let C: Int

  init(_ T: Int, _ Q: Int, _ C: Int) { (self.T, self.Q, self.C) = (T, Q, C) }

  var count: Int { T * Q * C }

  func value<R>(_ list: [R]) -> ReferenceValue<R> {
    (0..<T).map { t in
      (0..<Q).map { q in Array(list[((t * Q + q) * C)..<((t * Q + q + 1) * C)]) }
    }
  }
}

/// A model with one input, as a function of all its variables: the parameters, the input and the state, in one
/// list. The loss is linear in the output and in the final state.
struct NodeProblem<R: ReferenceNumber> {
  let name: String
  let model: ReferenceModel<R>
  let input: ValueShape

  /// The last node is the output.
  init(_ name: String, _ nodes: [ReferenceNode<R>], input: ValueShape) {
    (self.name, model, self.input) = (name, ReferenceModel(nodes), input)
  }

  /// A model of one node, which reads the input `sources` times.
  init(_ name: String, _ layer: any ReferenceLayer<R>, sources: Int = 1, input: ValueShape) {
    let sources = [String](repeating: "x", count: sources)
    self.init(name, [ReferenceNode("y", layer, of: sources)], input: input)
  }

  var variableCount: Int { model.parameters.count + input.count + model.zeroState.count }

  func output(_ variables: [R]) -> (y: [R], finalState: [R]) {
    let (model, x, state) = parts(variables)
    let output = model.forward(["x": x], from: state)
    return (flat(output.values[model.nodes.last!.name]!), output.finalState)
  }

  /// L = ⟨dy, y⟩ + ⟨dFinal, the final state⟩
  func loss(_ variables: [R], dy: [R], dFinal: [R]) -> R {
    let (y, finalState) = output(variables)
    return zip(dy + dFinal, y + finalState).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// ∂L/∂v for all variables v.
  func gradients(_ variables: [R], dy: [R], dFinal: [R]) -> [R] {
    let (model, x, state) = parts(variables)
    let last = model.nodes.last!.name
    let y = model.forward(["x": x], from: state).values[last]!
    var rest = dy[...]
    let given = y.map { step in
      step.map { channels in
        defer { rest = rest.dropFirst(channels.count) }
        return Array(rest.prefix(channels.count))
      }
    }
    let result = model.backward(["x": x], from: state, dOutputs: [last: given], dFinal: dFinal)
    return result.gradients + flat(result.values["x"]!) + result.dInitial
  }

  private func parts(
    _ variables: [R]
  ) -> (model: ReferenceModel<R>, x: ReferenceValue<R>, state: [R]) {
    var model = model
    let (parameters, inputs) = (model.parameters.count, input.count)
    model.parameters = Array(variables[..<parameters])
    return (
      model, input.value(Array(variables[parameters..<parameters + inputs])),
      Array(variables[(parameters + inputs)...])
    )
  }
}

func flat<R>(_ value: ReferenceValue<R>) -> [R] { value.flatMap { $0.flatMap { $0 } } }

extension NodeProblem<Wide> {
  /// Compares backpropagation with central differences, and with the same problem in dual numbers.
  func check(_ inDuals: NodeProblem<Dual<Wide>>, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let variables: [Wide] = random.vector(variableCount)
    let (y, finalState) = output(variables)
    let (dy, dFinal): ([Wide], [Wide]) = (random.vector(y.count), random.vector(finalState.count))
    let got = gradients(variables, dy: dy, dFinal: dFinal)
    let scale = magnitude(got, y, finalState)
    let label = "\(name), seed \(seed)"

    let differences = Differences.of(variables) { loss($0, dy: dy, dFinal: dFinal) }
    #expect(largestDifference(got, differences) <= Differences.bound * scale, "\(label)")

    let duals = variables.indices.map {
      Dual(value: variables[$0], variable: $0, of: variables.count)
    }
    let lossInDuals = inDuals.loss(
      duals, dy: dy.map { Dual(value: $0) }, dFinal: dFinal.map { Dual(value: $0) })
    // A gradient sums over at most all outputs, and an output over at most all variables. A layer and its
    // functions have at most 32 other operations.
    let tolerance = Tolerance(
      operations: dy.count + dFinal.count + variables.count + 32 * model.nodes.count,
      magnitude: scale)
    #expect(
      largestDifference(got, lossInDuals.tangent)
        <= tolerance.bound(epsilon: Double(Wide.ulpOfOne)),
      "\(label), dual numbers")
  }
}
