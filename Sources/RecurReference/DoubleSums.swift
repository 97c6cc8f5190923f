// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// The textbook's derivation, term by term: an independent check of backpropagation through time.

extension ReferenceRNN {
  /// Computes the error terms δₜₖ = ∂Lₜ/∂zₖ for k = 0 … t, with steps counted from 0, where Lₜ is the
  /// loss at step t alone.
  ///
  /// - Parameters:
  ///   - x: The inputs, T x I.
  ///   - h0: The initial state, H elements.
  ///   - t: The step, counted from 0.
  ///   - dh: ∂Lₜ/∂hₜ, H elements.
  /// - Returns: t + 1 lists of H elements.
  public func errorTerms(x: [[R]], h0: [R], t: Int, dh: [R]) -> [[R]] {
    let slopes = slopes(x, h0: h0)
    var delta = [[R]](repeating: [], count: t + 1)
    // δₜₜ = ∂Lₜ/∂hₜ ∘ φ′(zₜ)
    delta[t] = hadamard(dh, slopes[t])
    for k in (0..<t).reversed() {
      // δₜₖ = Uᵀ δₜ,ₖ₊₁ ∘ φ′(zₖ)
      delta[k] = hadamard(transposedProduct(parameters.weightHH, delta[k + 1]), slopes[k])
    }
    return delta
  }

  /// Computes the gradients of Σₜ Lₜ by the double sums, in O(T²).
  ///
  /// - Parameters:
  ///   - x: The inputs, T x I.
  ///   - h0: The initial state, H elements.
  ///   - dh: ∂Lₜ/∂hₜ for every t, T x H.
  /// - Returns: The gradients of the parameters.
  public func doubleSums(x: [[R]], h0: [R], dh: [[R]]) -> ReferenceParameters<R> {
    let previous = [h0] + forward(x, h0: h0)
    var gradients = ReferenceParameters<R>.zero(shape)
    for t in x.indices {
      let delta = errorTerms(x: x, h0: h0, t: t, dh: dh[t])
      for k in 0...t {
        // ∂L/∂U = Σₜ Σ_{k≤t} δₜₖ hₖ₋₁ᵀ  (6.39)
        addOuterProduct(delta[k], previous[k], to: &gradients.recurrent[0].weight)
        // ∂L/∂W = Σₜ Σ_{k≤t} δₜₖ xₖᵀ  (6.40)
        addOuterProduct(delta[k], x[k], to: &gradients.input[0].weight)
        // ∂L/∂b = Σₜ Σ_{k≤t} δₜₖ  (6.41)
        gradients.input[0].bias = sum(gradients.input[0].bias, delta[k])
        gradients.recurrent[0].bias = sum(gradients.recurrent[0].bias, delta[k])
      }
    }
    return gradients
  }

  /// φ′(zₜ) for every t: T x H.
  private func slopes(_ x: [[R]], h0: [R]) -> [[R]] {
    zip(x, [h0] + forward(x, h0: h0)).map { x, hPrevious in phi.slope(at: z(x, hPrevious)) }
  }
}
