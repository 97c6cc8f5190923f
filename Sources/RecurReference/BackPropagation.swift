// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// All gradients of a loss over one sequence.
public struct ReferenceBackward<R: ReferenceNumber> {
  /// The gradient of the inputs, T x I.
  public var dx: [[R]]

  /// The gradient of the initial state.
  public var dInitial: ReferenceState<R>

  /// The gradients of the parameters.
  public var gradients: ReferenceParameters<R>

  /// The whole ∂L/∂hₜ for every t: T x P.
  public var stateGradients: [[R]]

  /// The gradient ∂L/∂h₀, P elements.
  public var dh0: [R] { dInitial.hidden }
}

extension ReferenceCell {
  /// Computes the state after every step.
  ///
  /// - Parameters:
  ///   - x: The inputs, T x I.
  ///   - initial: The state before the first step.
  ///   - zoneout: The weight of each previous state, T elements; if empty, zero.
  /// - Returns: T states.
  public func states(
    _ x: [[R]], from initial: ReferenceState<R>, zoneout: [ReferenceState<R>] = []
  ) -> [ReferenceState<R>] {
    var state = initial
    return x.indices.map { t in
      let computed = step(x[t], state)
      state = zoneout.isEmpty ? computed : computed.zonedOut(to: state, by: zoneout[t])
      return state
    }
  }

  /// Runs backpropagation through time.
  ///
  /// - Parameters:
  ///   - x: The inputs, T x I.
  ///   - initial: The state before the first step.
  ///   - dh: The gradient of the loss for every hₜ, T x P, without the part from later steps.
  ///   - dFinal: The gradient of the final state.
  ///   - zoneout: The weight of each previous state, T elements; if empty, zero.
  /// - Returns: All gradients.
  public func backward(
    x: [[R]], initial: ReferenceState<R>, dh: [[R]], dFinal: ReferenceState<R>,
    zoneout: [ReferenceState<R>] = []
  ) -> ReferenceBackward<R> {
    let previous = [initial] + states(x, from: initial, zoneout: zoneout)
    let nothing = ReferenceState<R>(hidden: [])
    var result = ReferenceBackward(
      dx: zeros(like: x), dInitial: dFinal, gradients: .zero(shape), stateGradients: zeros(like: dh)
    )
    for t in x.indices.reversed() {
      // ∂L/∂hₜ = dhₜ + the gradient from step t + 1
      result.dInitial.hidden = sum(dh[t], result.dInitial.hidden)
      result.stateGradients[t] = result.dInitial.hidden
      let d = zoneout.isEmpty ? nothing : zoneout[t]
      let (dx, dPrevious) = stepBackward(
        x: x[t], previous: previous[t], dNext: result.dInitial.changed(by: d),
        into: &result.gradients)
      result.dx[t] = dx
      result.dInitial = sum(dPrevious, result.dInitial.kept(by: d))
    }
    return result
  }
}
