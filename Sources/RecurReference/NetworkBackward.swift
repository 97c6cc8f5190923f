// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// All gradients of a loss over one sequence.
public struct ReferenceNetworkBackward<R: ReferenceNumber> {
  /// The gradient of the inputs, T x I.
  public var dx: [[R]]

  /// The gradients of the initial states, L·D.
  public var dInitial: [ReferenceState<R>]

  /// The gradients of every cell's parameters, L·D.
  public var cellGradients: [ReferenceParameters<R>]

  /// The whole ∂L/∂hₜ of every layer and direction at every step: L·D x T x P.
  public var stateGradients: [[[R]]]

  /// The gradients of all parameters, in the network's order.
  public var gradients: [R] { cellGradients.flatMap(\.elements) }
}

extension ReferenceNetwork {
  /// Runs backpropagation through time.
  ///
  /// - Parameters:
  ///   - x: The inputs, T x I.
  ///   - initial: As in `forward`; zero by default.
  ///   - masks: As in `forward`.
  ///   - dy: The gradient of the outputs, T x D·P.
  ///   - dFinal: The gradients of the final states, L·D; zero by default.
  /// - Returns: All gradients.
  public func backward(
    x: [[R]], from initial: [ReferenceState<R>]? = nil, masks: ReferenceMasks<R> = .init(),
    dy: [[R]],
    dFinal: [ReferenceState<R>]? = nil
  ) -> ReferenceNetworkBackward<R> {
    let (initial, dFinal) = (initial ?? zeroStates, dFinal ?? zeroStates)
    let outputs = forward(x, from: initial, masks: masks).layers
    var result = ReferenceNetworkBackward<R>(
      dx: dy, dInitial: [], cellGradients: [], stateGradients: [])
    for l in (0..<layers).reversed() {
      let input = input(ofLayer: l, x, outputs, masks)
      let backs = (0..<directions).map { d in
        let cell = cell(l * directions + d, masks)
        let P = cell.shape.stateSize
        return cell.backward(
          x: inDirection(d, input), initial: initial[l * directions + d],
          dh: inDirection(d, result.dx.map { Array($0[d * P..<(d + 1) * P]) }),
          dFinal: dFinal[l * directions + d], zoneout: zoneout(l * directions + d, masks))
      }
      // The layers are in reverse order, but the directions of a layer are not.
      result.dInitial = backs.map(\.dInitial) + result.dInitial
      result.cellGradients = backs.map(\.gradients) + result.cellGradients
      result.stateGradients =
        backs.indices.map { inDirection($0, backs[$0].stateGradients) } + result.stateGradients
      // Both directions read the same input.
      let dInput = backs.indices.reduce(zeros(like: input)) { dInput, d in
        zip(dInput, inDirection(d, backs[d].dx)).map { sum($0, $1) }
      }
      result.dx = l == 0 ? dInput : masked(dInput, layer: l - 1, masks)
    }
    return result
  }
}
