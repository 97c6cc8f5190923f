// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// All gradients of a loss over one sequence.
public struct ReferenceBackward<R: Real> {
  /// T x I.
  public var dx: [[R]]

  /// H.
  public var dh0: [R]

  /// Of the parameters.
  public var gradients: ReferenceRNN<R>

  /// The whole ∂L/∂h_t for every t: T x H.
  public var stateGradients: [[R]]
}

extension ReferenceRNN {
  /// One step back: from ∂L/∂h_t (H) to ∂L/∂x_t (I) and ∂L/∂h_{t−1} (H); the gradients of the
  /// parameters are added to what is there.
  public func stepBackward(
    x: [R], hPrev: [R], h: [R], dh: [R], into gradients: inout ReferenceRNN
  ) -> (dx: [R], dhPrev: [R]) {
    // dz = dh ∘ φ′(z)
    let dz = errorTerm(h: h, dh: dh)
    // dW_ih += dz xᵀ, dW_hh += dz h_prevᵀ, db_ih += dz, db_hh += dz
    addOuterProduct(dz, x, to: &gradients.weightIH)
    addOuterProduct(dz, hPrev, to: &gradients.weightHH)
    gradients.biasIH = sum(gradients.biasIH, dz)
    gradients.biasHH = sum(gradients.biasHH, dz)
    // dx = W_ihᵀ dz, dh_prev = W_hhᵀ dz
    return (transposedProduct(weightIH, dz), transposedProduct(weightHH, dz))
  }

  /// Back-propagation through time, from the gradients given for every h_t (T x H) and for the final
  /// state (H).
  public func backward(
    x: [[R]], h0: [R], h: [[R]], dh: [[R]], dhT: [R]
  ) -> ReferenceBackward<R> {
    var result = ReferenceBackward(
      dx: zeros(like: x), dh0: dhT, gradients: zeroGradients, stateGradients: zeros(like: h))
    for t in x.indices.reversed() {
      // ∂L/∂h_t = dh_t + what comes from step t + 1
      let total = sum(dh[t], result.dh0)
      result.stateGradients[t] = total
      (result.dx[t], result.dh0) = stepBackward(
        x: x[t], hPrev: t == 0 ? h0 : h[t - 1], h: h[t], dh: total, into: &result.gradients)
    }
    return result
  }

  /// dz = dh ∘ φ′(z)
  func errorTerm(h: [R], dh: [R]) -> [R] {
    hadamard(dh, h.map { activation.derivative(at: $0) })
  }
}
