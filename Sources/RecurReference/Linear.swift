// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The linear output layer for one row: y = W x + b.
public struct ReferenceLinear<R: ReferenceNumber> {
  /// The weight W, O x I.
  public var weight: [[R]]

  /// The bias b, O elements; if empty, none.
  public var bias: [R]

  /// Creates a layer with the given parameters.
  ///
  /// - Parameters:
  ///   - weight: The weight W, O x I.
  ///   - bias: The bias b, O elements; if empty, none.
  public init(weight: [[R]], bias: [R]) {
    self.weight = weight
    self.bias = bias
  }

  public var zeroGradients: ReferenceLinear {
    ReferenceLinear(weight: zeros(like: weight), bias: zeros(bias.count))
  }

  /// Computes the outputs of the layer.
  ///
  /// - Parameter x: The inputs, I elements.
  /// - Returns: The outputs y, O elements.
  public func callAsFunction(_ x: [R]) -> [R] {
    bias.isEmpty ? product(weight, x) : sum(product(weight, x), bias)
  }

  /// Returns the gradient of the inputs, and adds the gradients of the parameters.
  ///
  /// - Parameters:
  ///   - x: The inputs, I elements.
  ///   - dy: ∂L/∂y, O elements.
  ///   - gradients: The gradients of the parameters, which are added to.
  /// - Returns: ∂L/∂x, I elements.
  public func backward(x: [R], dy: [R], into gradients: inout ReferenceLinear) -> [R] {
    // dW += dy xᵀ, db += dy, dx = Wᵀ dy
    addOuterProduct(dy, x, to: &gradients.weight)
    gradients.bias = sum(gradients.bias, dy)
    return transposedProduct(weight, dy)
  }
}
