// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension ParameterVector {
  /// Returns the product of the Hessian of a loss with a vector, from the gradients on both sides
  /// of these parameters:
  ///
  ///     H v ≈ (g(θ + s v) − g(θ − s v)) / 2s
  ///     s = ∛ε max(1, ‖θ‖ / √n) / ‖v‖
  ///
  /// ε is the distance from 1 to the next number (Nocedal and Wright, *Numerical Optimization*,
  /// section 8.1), and n the number of parameters. In double precision, eight to ten digits of the
  /// largest elements are right, in single precision about four; fewer where the gradient changes
  /// fast, as it does if gradients explode. At parameters where the gradient has jumps, as with
  /// ReLU, the result is a difference across the jump.
  ///
  /// - Parameters:
  ///   - vector: v, with the same slices.
  ///   - gradient: Computes g, the gradient of the loss with respect to all parameters, at given
  ///     parameters. It must use the same data and masks in both calls.
  /// - Returns: H v; zero if v is zero.
  /// - Throws: ``RecurError`` if the vector or a gradient has different slices, or memory cannot be
  ///   allocated; errors of `gradient`.
  public func hessianProduct(
    with vector: ParameterVector,
    gradient: (_ parameters: ParameterVector) throws -> ParameterVector
  ) throws -> ParameterVector {
    try vector.require(slices, named: "vector")
    let size = vector.norm
    guard size != 0 else { return try zeros() }
    // ∛ε, rounded to a power of two
    let root = Scalar(sign: .plus, exponent: Scalar.ulpOfOne.exponent / 3, significand: 1)
    let step = root * Scalar.maximum(1, norm / Scalar(count).squareRoot()) / size
    var (above, below) = (self, self)
    try above.add(vector, times: step)
    try below.add(vector, times: -step)
    var product = try gradient(above)
    try product.require(slices, named: "gradient")
    try product.add(gradient(below), times: -1)
    product.scale(by: 1 / (2 * step))
    return product
  }
}
