// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The linear output layer, applied to every row: y = W x + b.
///
/// The rows come from a ``Matrix`` or a ``SequenceBatch``; the result has the same type.
public struct Linear<Scalar: RecurScalar>: Sendable {
  /// The number of features of an input, I.
  public let inputSize: Int

  /// The number of features of an output, O.
  public let outputSize: Int

  /// The parameters: `weight` (O x I) and, if the layer has one, `bias` (O x 1).
  public var parameters: ParameterVector<Scalar>

  private let slices: [ParameterSlice]

  /// Creates a layer with new parameters.
  ///
  /// - Parameters:
  ///   - inputSize: The number of input features I, at least 1.
  ///   - outputSize: The number of outputs O, at least 1.
  ///   - bias: Whether the layer has a bias b.
  ///   - initialization: The initialization. `weight` uses the scheme of weights that are not recurrent.
  ///   - seed: The seed of the random numbers.
  /// - Throws: ``RecurError`` if a size is below 1, the output layer does not support the initialization,
  ///   or memory cannot be allocated.
  public init(
    inputSize: Int, outputSize: Int, bias: Bool = true,
    initialization: Initialization = .uniform, seed: UInt64
  ) throws(RecurError) {
    try self.init(zeros: inputSize, outputSize, bias: bias)
    try parameters.draw(inputSize: inputSize, initialization, seed: seed)
  }

  /// Creates a layer with zero parameters.
  package init(zeros inputSize: Int, _ outputSize: Int, bias: Bool) throws(RecurError) {
    try requireSize("inputSize", inputSize, atLeast: 1)
    try requireSize("outputSize", outputSize, atLeast: 1)
    var count = 0
    try check(
      Scalar.kernels.linear.count(inputSize, outputSize, &count),
      ["input_size": "inputSize", "output_size": "outputSize"])
    self.inputSize = inputSize
    self.outputSize = outputSize
    self.parameters = try ParameterVector(
      inputSize: inputSize, outputSize: outputSize, bias: bias)
    self.slices = parameters.slices
  }

  /// Creates a layer with the given parameters, in PyTorch's shapes.
  ///
  /// - Parameters:
  ///   - weight: The weight W, O x I.
  ///   - bias: The bias b with O elements, or nil.
  /// - Throws: ``RecurError`` if the weight is empty, the length of the bias is wrong, or memory cannot
  ///   be allocated.
  public init(weight: Matrix<Scalar>, bias: [Scalar]? = nil) throws(RecurError) {
    guard weight.rows > 0, weight.columns > 0 else {
      throw .invalid(
        argument: "weight", reason: "is \(weight.rows) x \(weight.columns), expected at least 1 x 1"
      )
    }
    try self.init(zeros: weight.columns, weight.rows, bias: bias != nil)
    try parameters.set("weight", to: weight)
    if let bias {
      try parameters.set("bias", to: Matrix(rows: bias.count, columns: 1, elements: bias))
    }
  }

  /// Computes the outputs of the layer: y = W x + b.
  ///
  /// - Parameter input: The inputs x, with I columns and any number of rows.
  /// - Returns: The outputs y, with O columns and the same number of rows.
  /// - Throws: ``RecurError`` if the shape of the input or the parameters is wrong, or memory cannot be
  ///   allocated.
  @inlinable
  public func callAsFunction<Rows: FeatureRows<Scalar>>(
    _ input: Rows
  ) throws(RecurError) -> Rows {
    try Rows(outputs(of: input.matrix), like: input)
  }

  /// Computes the outputs of the layer into an existing matrix, without allocation.
  ///
  /// - Parameters:
  ///   - input: The inputs x, with I columns and any number of rows.
  ///   - output: The matrix for y, with O columns and the same number of rows.
  /// - Throws: ``RecurError`` if the shape of the input, the output or the parameters is wrong.
  @inlinable
  public func callAsFunction(
    _ input: Matrix<Scalar>, into output: inout Matrix<Scalar>
  ) throws(RecurError) {
    try output.makeUnique()
    try forward(input, into: output)
  }

  /// Computes the outputs of the layer into an existing batch, without allocation.
  ///
  /// - Parameters:
  ///   - input: The inputs x, T·B x I.
  ///   - output: The batch for y, T·B x O.
  /// - Throws: ``RecurError`` if the shape of the input, the output or the parameters is wrong.
  @inlinable
  public func callAsFunction(
    _ input: SequenceBatch<Scalar>, into output: inout SequenceBatch<Scalar>
  ) throws(RecurError) {
    try output.require(steps: input.steps, batchSize: input.batchSize, named: "output")
    try self(input.rows, into: &output.rows)
  }

  /// Runs a forward pass and stores the values that the backward pass needs.
  ///
  /// - Parameter input: The inputs x, with I columns and any number of rows.
  /// - Returns: The pass, with the outputs.
  /// - Throws: ``RecurError`` if the shape of the input or the parameters is wrong, or memory cannot be
  ///   allocated.
  public func trainingPass<Rows: FeatureRows<Scalar>>(
    _ input: Rows
  ) throws(RecurError) -> TrainingPass<Rows> {
    TrainingPass(layer: self, input: input, outputs: try self(input))
  }

  /// A forward pass that can be differentiated once.
  public struct TrainingPass<Rows: FeatureRows<Scalar>>: ~Copyable {
    private let layer: Linear
    private let input: Rows

    /// The probabilities y, with O columns.
    public let outputs: Rows

    init(layer: Linear, input: Rows, outputs: Rows) {
      self.layer = layer
      self.input = input
      self.outputs = outputs
    }

    /// Computes all gradients of a loss.
    ///
    /// - Parameter outputGradient: The gradient of the loss with respect to ``outputs``, of the same shape.
    /// - Returns: The gradients with respect to the parameters and the inputs.
    /// - Throws: ``RecurError`` if the shape of a gradient is wrong or memory cannot be allocated.
    public consuming func backward(
      outputGradient: Rows
    ) throws(RecurError) -> HeadGradients<Rows> {
      var parameters = try layer.parameters.zeros()
      let inputs = try backward(outputGradient: outputGradient, addingTo: &parameters)
      return HeadGradients(parameters: parameters, inputs: inputs)
    }

    /// Computes all gradients of a loss whose gradient with respect to the outputs is a function of the
    /// outputs.
    ///
    /// ```swift
    /// // The loss is the sum of squares.
    /// let gradients = try pass.backward { y in try 2 * (y - target) }
    /// ```
    ///
    /// - Parameter outputGradient: A function that returns the gradient of the loss with respect to
    ///   ``outputs``.
    /// - Returns: The gradients with respect to the parameters and the inputs.
    /// - Throws: Any error from `outputGradient`, and ``RecurError`` if the shape of a gradient is wrong
    ///   or memory cannot be allocated.
    public consuming func backward(
      outputGradient: (Rows) throws -> Rows
    ) throws -> HeadGradients<Rows> {
      let dy = try outputGradient(outputs)
      return try backward(outputGradient: dy)
    }

    /// Computes all gradients of a loss and adds the parameter gradients to a vector.
    ///
    /// - Parameters:
    ///   - outputGradient: The gradient of the loss with respect to ``outputs``, of the same shape.
    ///   - gradients: A vector with the layout of the layer's parameters.
    /// - Returns: The gradient with respect to the inputs, of the same shape.
    /// - Throws: ``RecurError`` if the shape of a gradient is wrong or memory cannot be allocated.
    public consuming func backward(
      outputGradient: Rows, addingTo gradients: inout ParameterVector<Scalar>
    ) throws(RecurError) -> Rows {
      try outputGradient.requireShape(of: outputs, named: "outputGradient")
      let dx = try layer.backward(input.matrix, outputGradient.matrix, addingTo: &gradients)
      return try Rows(dx, like: input)
    }
  }
}

// Calls of the C library

/// The Swift names of the C arguments.
private let linearArgumentNames = [
  "x": "input", "y": "output", "dy": "outputGradient",
]

extension Linear {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @usableFromInline
  func outputs(of input: Matrix<Scalar>) throws(RecurError) -> Matrix<Scalar> {
    let output = try Matrix<Scalar>(rows: input.rows, columns: outputSize, zeroed: false)
    try forward(input, into: output)
    return output
  }

  /// The memory of the output must not be shared.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @usableFromInline
  func forward(_ input: Matrix<Scalar>, into output: Matrix<Scalar>) throws(RecurError) {
    var layer = try view(of: parameters)
    let status = Scalar.withArguments { argument in
      Scalar.kernels.linear.forward(&layer, argument(input), argument(output))
    }
    try withExtendedLifetime((input, output, parameters)) { () throws(RecurError) in
      try check(status, linearArgumentNames)
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  fileprivate func backward(
    _ input: Matrix<Scalar>, _ dy: Matrix<Scalar>, addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> Matrix<Scalar> {
    let dx = try Matrix<Scalar>(rows: input.rows, columns: input.columns, zeroed: false)
    _ = try gradients.uniqueBase()
    var layer = try view(of: parameters)
    var dlayer = try view(of: gradients, named: "gradients")
    let status = Scalar.withArguments { argument in
      Scalar.kernels.linear.backward(&layer, argument(input), argument(dy), argument(dx), &dlayer)
    }
    try check(status, linearArgumentNames)
    return withExtendedLifetime((self, input, dy)) { dx }
  }

  /// Returns the C library's view of a vector of parameters or gradients, which must outlive the view.
  func view(
    of vector: ParameterVector<Scalar>, named name: String = "parameters"
  ) throws(RecurError) -> LinearParameters<Scalar> {
    try vector.require(slices, named: name)
    let weight = Scalar.matrix(
      vector.base, rows: outputSize, columns: inputSize, stride: inputSize)
    let bias = slices.count > 1 ? vector.base + slices[1].offset : nil
    return LinearParameters(weight: weight, bias: Scalar.vector(bias, count: outputSize))
  }
}
