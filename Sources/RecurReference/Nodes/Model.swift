// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A layer of a model, its name, and the names of the values that it reads.
public struct ReferenceNode<R: ReferenceNumber> {
  /// The name of the value.
  public var name: String

  /// The layer.
  public var layer: any ReferenceLayer<R>

  /// The names of inputs and earlier nodes.
  public var sources: [String]

  /// Creates a node.
  ///
  /// - Parameters:
  ///   - name: The name of the value.
  ///   - layer: The layer.
  ///   - sources: The names of inputs and earlier nodes.
  public init(_ name: String, _ layer: any ReferenceLayer<R>, of sources: [String]) {
    (self.name, self.layer, self.sources) = (name, layer, sources)
  }
}

/// A graph of layers for one sequence, written for readability. A batch corresponds to several such sequences,
/// each with its own length.
///
/// Node k computes v_k = f_k(the values that it reads). The inputs are values, too.
public struct ReferenceModel<R: ReferenceNumber> {
  /// The nodes, each after those that it reads.
  public var nodes: [ReferenceNode<R>]

  /// Creates a model.
  ///
  /// - Parameter nodes: The nodes, each after those that it reads.
  public init(_ nodes: [ReferenceNode<R>]) { self.nodes = nodes }

  /// All parameters, node by node.
  public var parameters: [R] {
    get { nodes.flatMap { $0.layer.parameters } }
    set {
      let parts = parts(newValue, sizes: nodes.map { $0.layer.parameters.count })
      for k in nodes.indices { nodes[k].layer.parameters = parts[k] }
    }
  }

  /// A state of zeros: the states of all nodes, one after another.
  public var zeroState: [R] { zeros(nodes.reduce(0) { $0 + $1.layer.stateSize }) }

  /// The state of each node within the state of the model.
  private func states(_ state: [R]) -> [[R]] {
    parts(state, sizes: nodes.map { $0.layer.stateSize })
  }

  /// Cuts a list into parts.
  private func parts(_ list: [R], sizes: [Int]) -> [[R]] {
    var rest = list[...]
    let parts = sizes.map { size in
      defer { rest = rest.dropFirst(size) }
      return Array(rest.prefix(size))
    }
    precondition(rest.isEmpty, "\(rest.count) elements too many")
    return parts
  }
}

/// The result of running a model over one sequence.
public struct ReferenceModelOutput<R: ReferenceNumber> {
  /// The inputs and the values of all nodes, by name.
  public var values: [String: ReferenceValue<R>]

  /// The state after the last step.
  public var finalState: [R]
}

/// All gradients of a loss that depends on some values of a model.
public struct ReferenceModelBackward<R: ReferenceNumber> {
  /// The gradients ∂L/∂v of all inputs and nodes, by name.
  public var values: [String: ReferenceValue<R>]

  /// The gradient of the state before the first step.
  public var dInitial: [R]

  /// The gradients of all parameters, node by node.
  public var gradients: [R]
}

extension ReferenceModel {
  /// Computes the values of all nodes.
  ///
  /// - Parameters:
  ///   - inputs: The inputs, by name.
  ///   - state: The state before the first step; zero by default.
  /// - Returns: The values and the final state.
  public func forward(
    _ inputs: [String: ReferenceValue<R>], from state: [R]? = nil
  ) -> ReferenceModelOutput<R> {
    var result = ReferenceModelOutput(values: inputs, finalState: [])
    for (node, state) in zip(nodes, states(state ?? zeroState)) {
      // v_k = f_k(v_i, v_j, …)
      let output = node.layer.forward(node.sources.map { result.values[$0]! }, from: state)
      result.values[node.name] = output.value
      result.finalState += output.finalState
    }
    return result
  }

  /// Runs backpropagation through the graph, and in each layer through time.
  ///
  /// - Parameters:
  ///   - inputs: The inputs, by name.
  ///   - state: As in `forward`; zero by default.
  ///   - dOutputs: The gradients of some values, by name, without the parts from later nodes; the others are 0.
  ///   - dFinal: The gradient of the final state; zero by default.
  /// - Returns: All gradients.
  public func backward(
    _ inputs: [String: ReferenceValue<R>], from state: [R]? = nil,
    dOutputs: [String: ReferenceValue<R>], dFinal: [R]? = nil
  ) -> ReferenceModelBackward<R> {
    let (initial, dFinal) = (states(state ?? zeroState), states(dFinal ?? zeroState))
    let values = forward(inputs, from: state).values
    var result = ReferenceModelBackward(
      values: values.mapValues { zeros(like: $0) }.merging(dOutputs) { $1 }, dInitial: [],
      gradients: [])
    for (k, node) in nodes.enumerated().reversed() {
      // All nodes that read v_k come later, so ∂L/∂v_k is complete.
      let part = node.layer.backward(
        x: node.sources.map { values[$0]! }, from: initial[k], dy: result.values[node.name]!,
        dFinal: dFinal[k])
      // ∂L/∂v_i = the given gradient + Σₖ (∂v_k/∂v_i)ᵀ ∂L/∂v_k, over the nodes k that read v_i
      for (source, dx) in zip(node.sources, part.dx) {
        result.values[source] = combine(result.values[source]!, dx, sum)
      }
      result.dInitial = part.dInitial + result.dInitial
      result.gradients = part.gradients + result.gradients
    }
    return result
  }
}
