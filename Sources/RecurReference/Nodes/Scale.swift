// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A factor and a shift for each channel: y = w ∘ x + b.
public struct ReferenceScale<R: ReferenceNumber>: ReferenceChannelFunction {
  /// The factors w, C elements.
  public var weight: [R]

  /// The shifts b, C elements.
  public var bias: [R]

  /// Creates a layer with the given parameters.
  ///
  /// - Parameters:
  ///   - weight: The factors w, C elements.
  ///   - bias: The shifts b, C elements.
  public init(weight: [R], bias: [R]) {
    self.weight = weight
    self.bias = bias
  }

  public var parameters: [R] {
    get { weight + bias }
    set {
      weight = Array(newValue[..<weight.count])
      bias = Array(newValue[weight.count...])
    }
  }

  public func callAsFunction(_ x: [R]) -> [R] { sum(hadamard(weight, x), bias) }

  public func backward(x: [R], dy: [R], into gradients: inout ReferenceScale) -> [R] {
    // dw += dy ∘ x, db += dy, dx = w ∘ dy
    gradients.weight = sum(gradients.weight, hadamard(dy, x))
    gradients.bias = sum(gradients.bias, dy)
    return hadamard(weight, dy)
  }
}
