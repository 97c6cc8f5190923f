// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The softmax output head, applied to every row: y = softmax(W x + b). Its gradients follow from those
/// of y, or directly from the cross-entropy of class labels.
///
/// The rows come from a ``Matrix`` or a ``SequenceBatch``; the result has the same type.
public struct SoftmaxHead<Scalar: RecurScalar>: Sendable {
  /// The linear layer, whose outputs are the logits W x + b.
  public var linear: Linear<Scalar>

  /// The number of features of an input, I.
  public var inputSize: Int { linear.inputSize }

  /// The number of classes, O.
  public var outputSize: Int { linear.outputSize }

  /// The parameters: `weight` (O x I) and, if the layer has one, `bias` (O x 1).
  public var parameters: ParameterVector<Scalar> {
    get { linear.parameters }
    _modify { yield &linear.parameters }  // in place; a setter would receive a copy
  }

  /// Creates a head with new parameters.
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
    linear = try Linear(
      inputSize: inputSize, outputSize: outputSize, bias: bias, initialization: initialization,
      seed: seed)
  }

  /// Creates a head from an existing layer.
  ///
  /// - Parameter linear: The layer that computes the logits.
  public init(linear: Linear<Scalar>) {
    self.linear = linear
  }

  /// Creates a head with the given parameters, in PyTorch's shapes.
  ///
  /// - Parameters:
  ///   - weight: The weight W, O x I.
  ///   - bias: The bias b with O elements, or nil.
  /// - Throws: ``RecurError`` if the weight is empty, the length of the bias is wrong, or memory cannot
  ///   be allocated.
  public init(weight: Matrix<Scalar>, bias: [Scalar]? = nil) throws(RecurError) {
    linear = try Linear(weight: weight, bias: bias)
  }

  /// Computes the probabilities of the classes: y = softmax(W x + b).
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

  /// Computes the probabilities of the classes into an existing matrix, without allocation.
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

  /// Computes the probabilities of the classes into an existing batch, without allocation.
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
  /// - Returns: The pass, with the probabilities.
  /// - Throws: ``RecurError`` if the shape of the input or the parameters is wrong, or memory cannot be
  ///   allocated.
  public func trainingPass<Rows: FeatureRows<Scalar>>(
    _ input: Rows
  ) throws(RecurError) -> TrainingPass<Rows> {
    TrainingPass(head: self, input: input, outputs: try self(input))
  }

  /// A forward pass that can be differentiated once.
  public struct TrainingPass<Rows: FeatureRows<Scalar>>: ~Copyable {
    private let head: SoftmaxHead
    private let input: Rows

    /// The probabilities y, with O columns.
    public let outputs: Rows

    init(head: SoftmaxHead, input: Rows, outputs: Rows) {
      self.head = head
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
      var parameters = try head.parameters.zeros()
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
    ///   - gradients: A vector with the layout of the head's parameters.
    /// - Returns: The gradient with respect to the inputs, of the same shape.
    /// - Throws: ``RecurError`` if the shape of a gradient is wrong or memory cannot be allocated.
    public consuming func backward(
      outputGradient: Rows, addingTo gradients: inout ParameterVector<Scalar>
    ) throws(RecurError) -> Rows {
      try outputGradient.requireShape(of: outputs, named: "outputGradient")
      let dx = try head.backward(
        input.matrix, outputs.matrix, outputGradient.matrix, addingTo: &gradients)
      return try Rows(dx, like: input)
    }
  }
}

// Calls of the C library

/// The Swift names of the C arguments.
let softmaxArgumentNames = [
  "h": "input", "y": "output", "dy": "outputGradient", "dloss": "weights",
]

extension SoftmaxHead {
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
    var layer = try linear.view(of: parameters)
    let status = Scalar.withArguments { argument in
      Scalar.kernels.softmax.forward(&layer, argument(input), argument(output))
    }
    try withExtendedLifetime((self, input, output)) { () throws(RecurError) in
      try check(status, softmaxArgumentNames)
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  fileprivate func backward(
    _ input: Matrix<Scalar>, _ y: Matrix<Scalar>, _ dy: Matrix<Scalar>,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> Matrix<Scalar> {
    let workspace = try Workspace(rows: input.rows, classes: outputSize)
    let dx = try Matrix<Scalar>(rows: input.rows, columns: inputSize, zeroed: false)
    _ = try gradients.uniqueBase()
    var layer = try linear.view(of: parameters)
    var dlayer = try linear.view(of: gradients, named: "gradients")
    let status = Scalar.withArguments { argument in
      Scalar.kernels.softmax.backward(
        &layer, argument(input), argument(y), argument(dy), argument(dx), &dlayer,
        workspace.pointer)
    }
    try check(status, softmaxArgumentNames)
    return withExtendedLifetime((self, input, y, dy)) { dx }
  }

  struct Workspace: ~Copyable {
    let pointer: OpaquePointer

    init(rows: Int, classes: Int) throws(RecurError) {
      guard let pointer = Scalar.kernels.softmax.alloc(rows, classes) else { throw lastError() }
      self.pointer = pointer
    }

    deinit {
      Scalar.kernels.softmax.free(pointer)
    }
  }
}
