// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The linear output layer for one row: y = W x + b.
public struct ReferenceLinear<R: ReferenceNumber> {
  /// W, O x I.
  public var weight: [[R]]

  /// b, O elements; none if empty.
  public var bias: [R]

  /// A layer with given parameters.
  ///
  /// - Parameters:
  ///   - weight: W, O x I.
  ///   - bias: b, O elements; none if empty.
  public init(weight: [[R]], bias: [R]) {
    self.weight = weight
    self.bias = bias
  }

  public var zeroGradients: ReferenceLinear {
    ReferenceLinear(weight: zeros(like: weight), bias: zeros(bias.count))
  }

  /// The outputs of the layer.
  ///
  /// - Parameter x: the inputs, I elements.
  /// - Returns: y, O elements.
  public func callAsFunction(_ x: [R]) -> [R] {
    bias.isEmpty ? product(weight, x) : sum(product(weight, x), bias)
  }

  /// The gradient of the inputs; the gradients of the parameters are added.
  ///
  /// - Parameters:
  ///   - x: the inputs, I elements.
  ///   - dy: ∂L/∂y, O elements.
  ///   - gradients: receives the gradients of the parameters.
  /// - Returns: ∂L/∂x, I elements.
  public func backward(x: [R], dy: [R], into gradients: inout ReferenceLinear) -> [R] {
    // dW += dy xᵀ, db += dy, dx = Wᵀ dy
    addOuterProduct(dy, x, to: &gradients.weight)
    gradients.bias = sum(gradients.bias, dy)
    return transposedProduct(weight, dy)
  }
}
