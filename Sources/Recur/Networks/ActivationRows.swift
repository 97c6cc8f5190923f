// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

// Activations alone, element by element.

extension Activation {
  /// φ(z) of every element.
  ///
  /// - Parameter inputs: z, of any shape.
  /// - Returns: φ(z), of the same shape.
  /// - Throws: ``RecurError`` for constants that the activation does not allow, or without memory.
  public func callAsFunction<Rows: FeatureRows>(_ inputs: Rows) throws(RecurError) -> Rows {
    try outputs(of: [inputs]) { phi, argument, output in
      Rows.Scalar.kernels.activation.forward(phi, argument(inputs.matrix), output)
    }
  }

  /// The gradient with respect to the inputs: ∂L/∂h ∘ φ′(z), of every activation.
  ///
  /// - Parameters:
  ///   - inputs: z, the argument of the activation.
  ///   - outputGradient: ∂L/∂h, of the same shape.
  /// - Returns: ∂L/∂z, of the same shape.
  /// - Throws: ``RecurError`` for shapes that differ, constants that the activation does not allow, or
  ///   without memory.
  public func backward<Rows: FeatureRows>(
    inputs: Rows, outputGradient: Rows
  ) throws(RecurError) -> Rows {
    try outputGradient.requireShape(of: inputs, named: "outputGradient")
    return try outputs(of: [inputs, outputGradient]) { phi, argument, output in
      Rows.Scalar.kernels.activation.backward(
        phi, argument(inputs.matrix), argument(outputGradient.matrix), output)
    }
  }

  /// φ′(z) where φ(z) = h, as networks compute it from the values that a training pass stores; at a
  /// corner, the slope to its left.
  ///
  /// - Parameter outputs: h, of any shape.
  /// - Returns: the slopes, of the same shape.
  /// - Throws: ``RecurError/unsupported(argument:reason:)`` for activations whose slope does not follow
  ///   from the value: `silu`, and `leakyRelu` and `elu` with a negative α.
  public func slopes<Rows: FeatureRows>(outputs: Rows) throws(RecurError) -> Rows {
    try self.outputs(of: [outputs]) { phi, argument, output in
      Rows.Scalar.kernels.activation.slopes(phi, argument(outputs.matrix), output)
    }
  }

  /// The supremum of |φ′(z)|; NaN for constants that the activation does not allow.
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
