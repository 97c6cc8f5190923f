// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The linear output layer for one row: y = W x + b.
public struct ReferenceLinear<R: ReferenceNumber> {
  /// O x I.
  public var weight: [[R]]

  /// O, or empty: none.
  public var bias: [R]

  public init(weight: [[R]], bias: [R]) {
    self.weight = weight
    self.bias = bias
  }

  public var zeroGradients: ReferenceLinear {
    ReferenceLinear(weight: zeros(like: weight), bias: zeros(bias.count))
  }

  /// y (O) of x (I).
  public func callAsFunction(_ x: [R]) -> [R] {
    bias.isEmpty ? product(weight, x) : sum(product(weight, x), bias)
  }

  /// ∂L/∂x (I) from ∂L/∂y (O); the gradients of the parameters are added to what is there.
  public func backward(x: [R], dy: [R], into gradients: inout ReferenceLinear) -> [R] {
    // dW += dy xᵀ, db += dy, dx = Wᵀ dy
    addOuterProduct(dy, x, to: &gradients.weight)
    gradients.bias = sum(gradients.bias, dy)
    return transposedProduct(weight, dy)
  }
}
