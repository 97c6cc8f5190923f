// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The magnitude of complex numbers: y = √(a² + b²), where the real parts a are the first half of the channels
/// and the imaginary parts b the second.
public struct ReferenceMagnitude<R: ReferenceNumber>: ReferenceChannelFunction {
  /// Creates a layer.
  public init() {}

  public func callAsFunction(_ x: [R]) -> [R] {
    let (a, b) = halves(x)
    return sum(hadamard(a, a), hadamard(b, b)).map { R.sqrt($0) }
  }

  public func backward(x: [R], dy: [R], into gradients: inout ReferenceMagnitude) -> [R] {
    let (a, b) = halves(x)
    // da = dy ∘ a / y, db = dy ∘ b / y; 0 where y = 0, because the slope there is not defined
    let ratios = zip(dy, self(x)).map { dy, y in y > 0 ? dy / y : 0 }
    return hadamard(ratios, a) + hadamard(ratios, b)
  }

  private func halves(_ x: [R]) -> (a: [R], b: [R]) {
    (Array(x[..<(x.count / 2)]), Array(x[(x.count / 2)...]))
  }
}
