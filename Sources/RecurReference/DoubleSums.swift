// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

// The textbook's own derivation, literally: an independent check of back-propagation through time.

extension ReferenceRNN {
  /// The error terms δ_{t,k} = ∂L_t/∂z_k for k = 0 … t (steps counted from 0), where L_t is the loss
  /// at step t alone.
  ///
  /// - Parameter dh: ∂L_t/∂h_t (H).
  public func errorTerms(h: [[R]], t: Int, dh: [R]) -> [[R]] {
    var delta = [[R]](repeating: [], count: t + 1)
    // δ_{t,t} = ∂L_t/∂h_t ∘ φ′(z_t)
    delta[t] = errorTerm(h: h[t], dh: dh)
    for k in (0..<t).reversed() {
      // δ_{t,k} = Uᵀ δ_{t,k+1} ∘ φ′(z_k)
      delta[k] = errorTerm(h: h[k], dh: transposedProduct(weightHH, delta[k + 1]))
    }
    return delta
  }

  /// The gradients of Σ_t L_t by the double sums; O(T²).
  ///
  /// - Parameter dh: ∂L_t/∂h_t for every t (T x H).
  public func doubleSums(x: [[R]], h0: [R], h: [[R]], dh: [[R]]) -> ReferenceRNN {
    var gradients = zeroGradients
    for t in x.indices {
      let delta = errorTerms(h: h, t: t, dh: dh[t])
      for k in 0...t {
        // ∂L/∂U = Σ_t Σ_{k≤t} δ_{t,k} h_{k−1}ᵀ   (6.39)
        addOuterProduct(delta[k], k == 0 ? h0 : h[k - 1], to: &gradients.weightHH)
        // ∂L/∂W = Σ_t Σ_{k≤t} δ_{t,k} x_kᵀ       (6.40)
        addOuterProduct(delta[k], x[k], to: &gradients.weightIH)
        // ∂L/∂b = Σ_t Σ_{k≤t} δ_{t,k}            (6.41)
        gradients.biasIH = sum(gradients.biasIH, delta[k])
        gradients.biasHH = sum(gradients.biasHH, delta[k])
      }
    }
    return gradients
  }
}
