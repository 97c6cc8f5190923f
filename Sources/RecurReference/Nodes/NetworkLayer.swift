// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A recurrent network that reads all columns of each step. Its state is one list: h of all layers and directions,
/// then c of all.
public struct ReferenceNetworkLayer<Cell: ReferenceCell>: ReferenceLayer {
  public typealias R = Cell.R

  /// The network.
  public var network: ReferenceNetwork<Cell>

  /// Creates a layer.
  ///
  /// - Parameter network: The network.
  public init(_ network: ReferenceNetwork<Cell>) { self.network = network }

  public var parameters: [R] {
    get { network.parameters }
    set { network.parameters = newValue }
  }

  public var stateSize: Int { list(network.zeroStates).count }

  public func forward(_ x: [ReferenceValue<R>], from state: [R]) -> ReferenceLayerOutput<R> {
    let output = network.forward(columns(x[0]), from: states(state))
    return ReferenceLayerOutput(
      value: output.outputs.map { [$0] }, finalState: list(output.finalStates))
  }

  public func backward(
    x: [ReferenceValue<R>], from state: [R], dy: ReferenceValue<R>, dFinal: [R]
  ) -> ReferenceLayerBackward<R> {
    let result = network.backward(
      x: columns(x[0]), from: states(state), dy: columns(dy), dFinal: states(dFinal))
    let dx = zip(x[0], result.dx).map { x, dx in matrix(dx, rows: x.count) }
    return ReferenceLayerBackward(
      dx: [dx], dInitial: list(result.dInitial), gradients: result.gradients)
  }

  /// The columns of each step.
  private func columns(_ x: ReferenceValue<R>) -> [[R]] { x.map { step in step.flatMap { $0 } } }

  private func list(_ states: [ReferenceState<R>]) -> [R] {
    states.flatMap(\.hidden) + states.flatMap(\.cell)
  }

  private func states(_ list: [R]) -> [ReferenceState<R>] {
    var states = network.zeroStates
    var rest = list[...]
    func take(_ values: inout [R]) {
      let count = values.count
      values = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    for index in states.indices { take(&states[index].hidden) }
    for index in states.indices { take(&states[index].cell) }
    return states
  }
}
