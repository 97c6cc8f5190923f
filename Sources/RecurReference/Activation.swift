// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// An activation function φ and its slope.
///
/// If the function has a corner at z = 0, the slope there is the one on its left. The slopes of the hard
/// sigmoid and the hard tanh are 0 at both corners. The slope of the thresholded ReLU is 0 at its jump.
public enum ReferenceActivation: Hashable, Sendable {
  case tanh
  case sigmoid
  case relu
  case identity
  case affine(alpha: Double = 1, beta: Double = 0)
  case leakyRelu(alpha: Double = 0.01)
  case thresholdedRelu(alpha: Double = 1)
  case scaledTanh(alpha: Double = 1, beta: Double = 1)
  case hardSigmoid(alpha: Double = 0.2, beta: Double = 0.5)
  case elu(alpha: Double = 1)
  case softsign
  case softplus
  case hardTanh(min: Double = -1, max: Double = 1)
  case silu

  /// Returns the value of the activation.
  ///
  /// - Parameter z: The input.
  /// - Returns: φ(z).
  public func callAsFunction<R: ReferenceNumber>(_ z: R) -> R {
    switch self {
    case .tanh: return R.tanh(z)
    case .sigmoid: return logistic(z)
    case .relu: return z <= 0 ? 0 : z
    case .identity: return z
    case .affine(let alpha, let beta): return R(alpha) * z + R(beta)
    case .leakyRelu(let alpha): return z <= 0 ? R(alpha) * z : z
    case .thresholdedRelu(let alpha): return z <= R(alpha) ? 0 : z
    case .scaledTanh(let alpha, let beta): return R(alpha) * R.tanh(R(beta) * z)
    case .hardSigmoid(let alpha, let beta):
      let line = R(alpha) * z + R(beta)
      return line <= 0 ? 0 : line >= 1 ? 1 : line
    case .elu(let alpha): return z <= 0 ? R(alpha) * R.expMinusOne(z) : z
    case .softsign: return z / (1 + absolute(z))
    // log(1 + exp z) = z + log(1 + exp(−z)), so that exp does not overflow
    case .softplus: return z < 0 ? R.log(onePlus: R.exp(z)) : z + R.log(onePlus: R.exp(-z))
    case .hardTanh(let min, let max): return z <= R(min) ? R(min) : z >= R(max) ? R(max) : z
    case .silu: return z * logistic(z)
    }
  }

  /// Returns the slope, computed from z and not from φ(z).
  ///
  /// - Parameter z: The input.
  /// - Returns: φ′(z).
  public func slope<R: ReferenceNumber>(at z: R) -> R {
    switch self {
    case .tanh: return squaredSecant(z)
    case .sigmoid:
      // exp(−|z|) / (1 + exp(−|z|))²
      let e = R.exp(-absolute(z))
      return e / ((1 + e) * (1 + e))
    case .relu: return z <= 0 ? 0 : 1
    case .identity: return 1
    case .affine(let alpha, _): return R(alpha)
    case .leakyRelu(let alpha): return z <= 0 ? R(alpha) : 1
    case .thresholdedRelu(let alpha): return z <= R(alpha) ? 0 : 1
    case .scaledTanh(let alpha, let beta): return R(alpha) * R(beta) * squaredSecant(R(beta) * z)
    case .hardSigmoid(let alpha, let beta):
      let line = R(alpha) * z + R(beta)
      return line <= 0 || line >= 1 ? 0 : R(alpha)
    case .elu(let alpha): return z <= 0 ? R(alpha) * R.exp(z) : 1
    case .softsign:
      let scale = 1 + absolute(z)
      return 1 / (scale * scale)
    case .softplus: return logistic(z)
    case .hardTanh(let min, let max): return z <= R(min) || z >= R(max) ? 0 : 1
    case .silu:
      let s = logistic(z)
      return s * (1 + z * (1 - s))
    }
  }
}

/// The activation of a gate: φ of its input, which is clamped to ±limit. A limit of 0 means no clamp.
struct ReferenceGate {
  var activation: ReferenceActivation
  var limit: Double

  /// φ(clamp(a))
  func callAsFunction<R: ReferenceNumber>(_ a: [R]) -> [R] {
    a.map { activation(clamp($0, to: limit)) }
  }

  /// Returns the slopes at a, which are 0 where a is at the limit or beyond.
  func slope<R: ReferenceNumber>(at a: [R]) -> [R] {
    a.map { isClamped($0, to: limit) ? 0 : activation.slope(at: $0) }
  }
}

/// Clamps z to ±limit. A limit of 0 means no clamp.
func clamp<R: ReferenceNumber>(_ z: R, to limit: Double) -> R {
  guard isClamped(z, to: limit) else { return z }
  return z < 0 ? -R(limit) : R(limit)
}

/// Whether z is at the limit or beyond it. The kernels store only the clamped value, which is the same in
/// both cases.
func isClamped<R: ReferenceNumber>(_ z: R, to limit: Double) -> Bool {
  limit > 0 && (z <= -R(limit) || z >= R(limit))
}

/// 1 / (1 + exp(−z)) = exp(z) / (1 + exp(z)), arranged so that exp does not overflow.
private func logistic<R: ReferenceNumber>(_ z: R) -> R {
  if z < 0 {
    let e = R.exp(z)
    return e / (1 + e)
  }
  return 1 / (1 + R.exp(-z))
}

/// tanh′(z) = 4 exp(−2|z|) / (1 + exp(−2|z|))²
private func squaredSecant<R: ReferenceNumber>(_ z: R) -> R {
  let e = R.exp(-2 * absolute(z))
  return 4 * e / ((1 + e) * (1 + e))
}

private func absolute<R: ReferenceNumber>(_ z: R) -> R {
  z < 0 ? -z : z
}
