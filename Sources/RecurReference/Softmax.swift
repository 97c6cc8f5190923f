// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Softmax and cross-entropy of one row of logits z, O elements.
public enum ReferenceSoftmax {
  /// y_j = exp(z_j) / Σ exp(z_k), computed after subtraction of the largest logit.
  ///
  /// - Parameter z: The logits, O elements.
  /// - Returns: The outputs y, O elements.
  public static func softmax<R: ReferenceNumber>(_ z: [R]) -> [R] {
    let largest = z.max() ?? 0
    let e = z.map { R.exp($0 - largest) }
    let total = e.reduce(0, +)
    return e.map { $0 / total }
  }

  /// dz = y ∘ (dy − ⟨y, dy⟩)
  ///
  /// - Parameters:
  ///   - y: The softmax of z, O elements.
  ///   - dy: ∂L/∂y, O elements.
  /// - Returns: ∂L/∂z, O elements.
  public static func softmaxBackward<R: ReferenceNumber>(y: [R], dy: [R]) -> [R] {
    let mean = hadamard(y, dy).reduce(0, +)
    return zip(y, dy).map { $0 * ($1 - mean) }
  }

  /// −log y_label = (z_max − z_label) + log(1 + Σ_{j ≠ max} exp(z_j − z_max)), in nats.
  ///
  /// - Parameters:
  ///   - z: The logits, O elements.
  ///   - label: The class, in 0 ..< O.
  /// - Returns: The loss.
  public static func crossEntropy<R: ReferenceNumber>(logits z: [R], label: Int) -> R {
    guard let top = z.indices.max(by: { z[$0] < z[$1] }) else { return R(.nan) }
    let rest = z.indices.filter { $0 != top }.reduce(R(0)) { $0 + R.exp(z[$1] - z[top]) }
    return (z[top] - z[label]) + R.log(onePlus: rest)
  }

  /// dz = (y − onehot(label)) dloss, where y_label − 1 is minus the sum of the other elements of y.
  ///
  /// - Parameters:
  ///   - y: The softmax of z, O elements.
  ///   - label: The class, in 0 ..< O.
  ///   - dloss: The gradient of the loss.
  /// - Returns: ∂L/∂z, O elements.
  public static func crossEntropyBackward<R: ReferenceNumber>(y: [R], label: Int, dloss: R) -> [R] {
    let others = y.indices.filter { $0 != label }.reduce(R(0)) { $0 + y[$1] }
    return y.indices.map { $0 == label ? -others * dloss : y[$0] * dloss }
  }
}
