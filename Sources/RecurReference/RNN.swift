// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// The function φ of a cell.
public enum ReferenceActivation: Sendable, CaseIterable {
  case tanh
  case relu

  func callAsFunction<R: Real>(_ z: R) -> R {
    switch self {
    case .tanh: R.tanh(z)
    case .relu: z <= 0 ? 0 : z
    }
  }

  /// φ′(z), from h = φ(z).
  func derivative<R: Real>(at h: R) -> R {
    switch self {
    case .tanh: (1 - h) * (1 + h)
    case .relu: h <= 0 ? 0 : 1
    }
  }
}

/// The simple recurrent network for one sequence, said plainly.
///
/// z_t = W_ih x_t + b_ih + W_hh h_{t−1} + b_hh, h_t = φ(z_t). Qiu, *Neural Networks and Deep
/// Learning*, chapter 6, writes U for W_hh and W for W_ih, and one bias.
public struct ReferenceRNN<R: Real> {
  public var activation: ReferenceActivation

  /// H x I.
  public var weightIH: [[R]]

  /// H x H.
  public var weightHH: [[R]]

  /// H.
  public var biasIH: [R]

  /// H.
  public var biasHH: [R]

  public init(
    activation: ReferenceActivation, weightIH: [[R]], weightHH: [[R]], biasIH: [R], biasHH: [R]
  ) {
    self.activation = activation
    self.weightIH = weightIH
    self.weightHH = weightHH
    self.biasIH = biasIH
    self.biasHH = biasHH
  }

  /// Gradients have the type of the parameters; these are zero.
  public var zeroGradients: ReferenceRNN {
    ReferenceRNN(
      activation: activation, weightIH: zeros(like: weightIH), weightHH: zeros(like: weightHH),
      biasIH: zeros(biasIH.count), biasHH: zeros(biasHH.count))
  }

  /// One step: h_t from x_t (I) and h_{t−1} (H).
  public func step(_ x: [R], _ hPrev: [R]) -> [R] {
    // z = W_ih x + W_hh h_prev + (b_ih + b_hh)
    let z = sum(sum(product(weightIH, x), product(weightHH, hPrev)), sum(biasIH, biasHH))
    // h = φ(z)
    return z.map { activation($0) }
  }

  /// The whole sequence: every h_t (T x H) from x (T x I) and h_0 (H).
  public func forward(_ x: [[R]], h0: [R]) -> [[R]] {
    var h = h0
    return x.map { x_t in
      h = step(x_t, h)
      return h
    }
  }
}
