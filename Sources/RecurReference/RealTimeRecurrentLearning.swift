// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// What forward mode gives.
public struct ReferenceForwardMode<R: Real> {
  public var gradients: ReferenceRNN<R>

  /// H.
  public var dh0: [R]
}

extension ReferenceRNN {
  /// The same gradients by real-time recurrent learning (6.42–6.46): ∂h_t/∂θ is carried forward with
  /// h_t, for every parameter θ and for h_0, and nothing goes back in time.
  ///
  /// - Parameters:
  ///   - dh: ∂L/∂h_t that is given directly, for every t (T x H).
  ///   - dhT: given for the final state (H).
  public func realTimeRecurrentLearning(
    x: [[R]], h0: [R], dh: [[R]], dhT: [R]
  ) -> ReferenceForwardMode<R> {
    let (H, I) = (h0.count, weightIH.first?.count ?? 0)
    let count = H * I + H * H + H + H
    // J is ∂h_t/∂(W_ih, W_hh, b, h_0); at t = 0 only ∂h_0/∂h_0 = 1 is not zero.
    var J = h0.map { _ in [R](repeating: 0, count: count) }
    for i in 0..<H { J[i][H * I + H * H + H + i] = 1 }
    var gradient = [R](repeating: 0, count: count)
    var h = h0
    for t in x.indices {
      let next = step(x[t], h)
      J = (0..<H).map { i in
        // ∂z_t/∂θ = W_hh ∂h_{t−1}/∂θ + the direct part: x_t, h_{t−1} or 1 in the row of θ
        var dz = transposedProduct(J, weightHH[i])
        for j in 0..<I { dz[i * I + j] += x[t][j] }
        for j in 0..<H { dz[H * I + i * H + j] += h[j] }
        dz[H * I + H * H + i] += 1
        // ∂h_t/∂θ = φ′(z_t) ∂z_t/∂θ
        let slope = activation.derivative(at: next[i])
        return dz.map { slope * $0 }
      }
      h = next
      // ∂L/∂θ += (∂h_t/∂θ)ᵀ dh_t
      gradient = sum(gradient, transposedProduct(J, dh[t]))
    }
    gradient = sum(gradient, transposedProduct(J, dhT))
    return unpack(gradient, H: H, I: I)
  }

  private func unpack(_ gradient: [R], H: Int, I: Int) -> ReferenceForwardMode<R> {
    var gradients = zeroGradients
    for i in 0..<H {
      gradients.weightIH[i] = Array(gradient[i * I..<(i + 1) * I])
      gradients.weightHH[i] = Array(gradient[H * I + i * H..<H * I + (i + 1) * H])
    }
    let biases = H * I + H * H
    gradients.biasIH = Array(gradient[biases..<biases + H])
    gradients.biasHH = gradients.biasIH
    return ReferenceForwardMode(gradients: gradients, dh0: Array(gradient[(biases + H)...]))
  }
}
