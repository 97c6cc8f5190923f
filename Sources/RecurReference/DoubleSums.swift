// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// The textbook's own derivation, literally: an independent check of back-propagation through time.

extension ReferenceRNN {
  /// The error terms δ_{t,k} = ∂L_t/∂z_k for k = 0 … t (steps counted from 0), where L_t is the
  /// loss at step t alone.
  ///
  /// - Parameters:
  ///   - x: the inputs, T x I.
  ///   - h0: the initial state, H elements.
  ///   - t: the step, from 0.
  ///   - dh: ∂L_t/∂h_t, H elements.
  /// - Returns: t + 1 lists of H elements.
  public func errorTerms(x: [[R]], h0: [R], t: Int, dh: [R]) -> [[R]] {
    let slopes = slopes(x, h0: h0)
    var delta = [[R]](repeating: [], count: t + 1)
    // δ_{t,t} = ∂L_t/∂h_t ∘ φ′(z_t)
    delta[t] = hadamard(dh, slopes[t])
    for k in (0..<t).reversed() {
      // δ_{t,k} = Uᵀ δ_{t,k+1} ∘ φ′(z_k)
      delta[k] = hadamard(transposedProduct(parameters.weightHH, delta[k + 1]), slopes[k])
    }
    return delta
  }

  /// The gradients of Σ_t L_t by the double sums; O(T²).
  ///
  /// - Parameters:
  ///   - x: the inputs, T x I.
  ///   - h0: the initial state, H elements.
  ///   - dh: ∂L_t/∂h_t for every t, T x H.
  /// - Returns: the gradients of the parameters.
  public func doubleSums(x: [[R]], h0: [R], dh: [[R]]) -> ReferenceParameters<R> {
    let previous = [h0] + forward(x, h0: h0)
    var gradients = ReferenceParameters<R>.zero(shape)
    for t in x.indices {
      let delta = errorTerms(x: x, h0: h0, t: t, dh: dh[t])
      for k in 0...t {
        // ∂L/∂U = Σ_t Σ_{k≤t} δ_{t,k} h_{k−1}ᵀ   (6.39)
        addOuterProduct(delta[k], previous[k], to: &gradients.recurrent[0].weight)
        // ∂L/∂W = Σ_t Σ_{k≤t} δ_{t,k} x_kᵀ       (6.40)
        addOuterProduct(delta[k], x[k], to: &gradients.input[0].weight)
        // ∂L/∂b = Σ_t Σ_{k≤t} δ_{t,k}            (6.41)
        gradients.input[0].bias = sum(gradients.input[0].bias, delta[k])
        gradients.recurrent[0].bias = sum(gradients.recurrent[0].bias, delta[k])
      }
    }
    return gradients
  }

  /// φ′(z_t) for every t: T x H.
  private func slopes(_ x: [[R]], h0: [R]) -> [[R]] {
    zip(x, [h0] + forward(x, h0: h0)).map { x, hPrevious in phi.slope(at: z(x, hPrevious)) }
  }
}
