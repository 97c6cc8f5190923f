// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The linear output layer, over every row alike: y = W x + b.
///
/// Rows are those of a ``Matrix`` or a ``SequenceBatch``; the result has the same type.
public struct Linear<Scalar: RecurScalar>: Sendable {
  /// I, the number of features of an input.
  public let inputSize: Int

  /// O, the number of features of an output.
  public let outputSize: Int

  /// `weight` (O x I) and, unless it was left out, `bias` (O x 1).
  public var parameters: ParameterVector<Scalar>

  private let slices: [ParameterSlice]

  /// A layer with new parameters.
  ///
  /// - Parameters:
  ///   - inputSize: I, at least 1.
  ///   - outputSize: O, at least 1.
  ///   - bias: whether there is b.
  ///   - initialization: how the parameters are drawn; `weight` as weights that are not recurrent.
  ///   - seed: the seed of the random numbers.
  /// - Throws: ``RecurError`` for a size below 1, an initialization that an output layer does not have,
  ///   or without memory.
  public init(
    inputSize: Int, outputSize: Int, bias: Bool = true,
    initialization: Initialization = .uniform, seed: UInt64
  ) throws(RecurError) {
    try self.init(zeros: inputSize, outputSize, bias: bias)
    try parameters.draw(inputSize: inputSize, initialization, seed: seed)
  }

  /// A layer with all parameters zero, to be set.
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

  /// A layer with given parameters, in PyTorch's shapes.
  ///
  /// - Parameters:
  ///   - weight: W, O x I.
  ///   - bias: b, of O elements, or nil for none.
  /// - Throws: ``RecurError`` for an empty weight or a bias of another length, or without memory.
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

  /// The outputs of a layer: y = W x + b.
  ///
  /// - Parameter input: x, any number of rows x I.
  /// - Returns: y, as many rows x O.
  /// - Throws: ``RecurError`` for an input or parameters of another shape, or without memory.
  @inlinable
  public func callAsFunction<Rows: FeatureRows<Scalar>>(
    _ input: Rows
  ) throws(RecurError) -> Rows {
    try Rows(outputs(of: input.matrix), like: input)
  }

  /// The outputs of a layer into an existing matrix, without allocation.
  ///
  /// - Parameters:
  ///   - input: x, any number of rows x I.
  ///   - output: receives y, as many rows x O.
  /// - Throws: ``RecurError`` for an input, an output or parameters of another shape.
  @inlinable
  public func callAsFunction(
    _ input: Matrix<Scalar>, into output: inout Matrix<Scalar>
  ) throws(RecurError) {
    output.makeUnique()
    try forward(input, into: output)
  }

  /// The outputs of a layer into an existing batch, without allocation.
  ///
  /// - Parameters:
  ///   - input: x, T·B x I.
  ///   - output: receives y, T·B x O.
  /// - Throws: ``RecurError`` for an input, an output or parameters of another shape.
  @inlinable
  public func callAsFunction(
    _ input: SequenceBatch<Scalar>, into output: inout SequenceBatch<Scalar>
  ) throws(RecurError) {
    try output.require(steps: input.steps, batchSize: input.batchSize, named: "output")
    try self(input.rows, into: &output.rows)
  }

  /// Runs forward and stores the values that the gradients need.
  ///
  /// - Parameter input: x, any number of rows x I.
  /// - Returns: the pass, with the outputs.
  /// - Throws: ``RecurError`` for an input or parameters of another shape, or without memory.
  public func trainingPass<Rows: FeatureRows<Scalar>>(
    _ input: Rows
  ) throws(RecurError) -> TrainingPass<Rows> {
    TrainingPass(layer: self, input: input, outputs: try self(input))
  }

  /// A forward pass that can be differentiated once.
  public struct TrainingPass<Rows: FeatureRows<Scalar>>: ~Copyable {
    private let layer: Linear
    private let input: Rows

    /// y, as many rows x O.
    public let outputs: Rows

    init(layer: Linear, input: Rows, outputs: Rows) {
      self.layer = layer
      self.input = input
      self.outputs = outputs
    }

    /// All gradients of a loss.
    ///
    /// - Parameter outputGradient: the loss's gradient with respect to ``outputs``, in their shape.
    /// - Returns: the gradients with respect to the parameters and the inputs.
    /// - Throws: ``RecurError`` for a gradient of another shape, or without memory.
    public consuming func backward(
      outputGradient: Rows
    ) throws(RecurError) -> HeadGradients<Rows> {
      var parameters = try layer.parameters.zeros()
      let inputs = try backward(outputGradient: outputGradient, addingTo: &parameters)
      return HeadGradients(parameters: parameters, inputs: inputs)
    }

    /// All gradients of a loss whose gradient with respect to the outputs is a function of them.
    ///
    /// ```swift
    /// let gradients = try pass.backward { y in try 2 * (y - target) }  // of the sum of squares
    /// ```
    ///
    /// - Parameter outputGradient: gives the loss's gradient with respect to ``outputs`` from these.
    /// - Returns: the gradients with respect to the parameters and the inputs.
    /// - Throws: what `outputGradient` throws; ``RecurError`` for a gradient of another shape, or
    ///   without memory.
    public consuming func backward(
      outputGradient: (Rows) throws -> Rows
    ) throws -> HeadGradients<Rows> {
      let dy = try outputGradient(outputs)
      return try backward(outputGradient: dy)
    }

    /// All gradients of a loss; those with respect to the parameters are added to a vector.
    ///
    /// - Parameters:
    ///   - outputGradient: the loss's gradient with respect to ``outputs``, in their shape.
    ///   - gradients: has the layout of the layer's parameters.
    /// - Returns: the gradient with respect to the inputs, in their shape.
    /// - Throws: ``RecurError`` for a gradient of another shape, or without memory.
    public consuming func backward(
      outputGradient: Rows, addingTo gradients: inout ParameterVector<Scalar>
    ) throws(RecurError) -> Rows {
      try outputGradient.requireShape(of: outputs, named: "outputGradient")
      let dx = try layer.backward(input.matrix, outputGradient.matrix, addingTo: &gradients)
      return try Rows(dx, like: input)
    }
  }
}

// Through the C library

/// What the C arguments are called in Swift.
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

  /// The output's memory must be its own.
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
    _ = gradients.uniqueBase()
    var layer = try view(of: parameters)
    var dlayer = try view(of: gradients, named: "gradients")
    let status = Scalar.withArguments { argument in
      Scalar.kernels.linear.backward(&layer, argument(input), argument(dy), argument(dx), &dlayer)
    }
    try check(status, linearArgumentNames)
    return withExtendedLifetime((self, input, dy)) { dx }
  }

  /// The C library's view of a vector of parameters or gradients, which has to outlive it.
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
