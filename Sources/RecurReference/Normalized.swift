// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A normalized vector:
///
/// v̂ = (v − mean v) / √(var v + ε), where var v = mean (v − mean v)².
struct ReferenceNormalized<R: ReferenceNumber> {
  /// v̂
  let values: [R]

  /// √(var v + ε)
  let deviation: R

  init(_ v: [R], epsilon: Double) {
    let center = mean(v)
    let centered = v.map { $0 - center }
    let deviation = R.sqrt(mean(hadamard(centered, centered)) + R(epsilon))
    values = centered.map { $0 / deviation }
    self.deviation = deviation
  }

  /// Returns dv for d = ∂L/∂v̂.
  func backward(_ d: [R]) -> [R] {
    // dv = (d − mean d − v̂ mean (d ∘ v̂)) / √(var v + ε)
    let (center, along) = (mean(d), mean(hadamard(d, values)))
    return d.indices.map { (d[$0] - center - values[$0] * along) / deviation }
  }
}
