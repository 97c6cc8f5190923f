// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

// Activations outside of networks, elementwise.

extension Activation {
  /// Applies the activation to every element: φ(z).
  ///
  /// - Parameter inputs: The inputs z, of any shape.
  /// - Returns: The values φ(z), of the same shape.
  /// - Throws: ``RecurError`` if the activation does not allow its constants or memory cannot be
  ///   allocated.
  public func callAsFunction<Rows: FeatureRows>(_ inputs: Rows) throws(RecurError) -> Rows {
    try outputs(of: [inputs]) { phi, argument, output in
      Rows.Scalar.kernels.activation.forward(phi, argument(inputs.matrix), output)
    }
  }

  /// Computes the gradient with respect to the inputs, ∂L/∂h ∘ φ′(z), for any activation.
  ///
  /// - Parameters:
  ///   - inputs: The inputs z of the activation.
  ///   - outputGradient: The gradient ∂L/∂h, of the same shape.
  /// - Returns: The gradient ∂L/∂z, of the same shape.
  /// - Throws: ``RecurError`` if the shapes differ, the activation does not allow its constants, or
  ///   memory cannot be allocated.
  public func backward<Rows: FeatureRows>(
    inputs: Rows, outputGradient: Rows
  ) throws(RecurError) -> Rows {
    try outputGradient.requireShape(of: inputs, named: "outputGradient")
    return try outputs(of: [inputs, outputGradient]) { phi, argument, output in
      Rows.Scalar.kernels.activation.backward(
        phi, argument(inputs.matrix), argument(outputGradient.matrix), output)
    }
  }

  /// Computes the slopes φ′(z) from the values h = φ(z), as networks do in the backward pass. At a corner
  /// the result is the slope on its left.
  ///
  /// - Parameter outputs: The values h, of any shape.
  /// - Returns: The slopes, of the same shape.
  /// - Throws: ``RecurError/unsupported(argument:reason:)`` if the slope does not follow from the value:
  ///   for `silu`, and for `leakyRelu` and `elu` with a negative α.
  public func slopes<Rows: FeatureRows>(outputs: Rows) throws(RecurError) -> Rows {
    try self.outputs(of: [outputs]) { phi, argument, output in
      Rows.Scalar.kernels.activation.slopes(phi, argument(outputs.matrix), output)
    }
  }

  /// The supremum of |φ′(z)|, or NaN if the activation does not allow its constants.
  public var maxSlope: Double {
    var phi = inC
    return recur_activation_max_slope(&phi)
  }

  /// Calls a C function whose output has the shape of its inputs.
  private func outputs<Rows: FeatureRows>(
    of inputs: [Rows],
    _ function: (
      UnsafePointer<recur_activation>, inout Arguments<Rows.Scalar>, Kernels<Rows.Scalar>.Out
    ) -> CInt
  ) throws(RecurError) -> Rows {
    let shape = inputs[0].matrix
    let result = try Matrix<Rows.Scalar>(rows: shape.rows, columns: shape.columns, zeroed: false)
    var phi = inC
    let status = Rows.Scalar.withArguments { argument in
      let output = argument(result)
      return function(&phi, &argument, output)
    }
    try withExtendedLifetime(inputs) { () throws(RecurError) in
      try check(status, ["phi": "activation"])
    }
    return try Rows(result, like: inputs[0])
  }
}
