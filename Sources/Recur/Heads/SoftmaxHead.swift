// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The softmax output head, over every row alike: y = softmax(W x + b), with its gradients from those of
/// y, or fused with the cross-entropy of class labels.
///
/// Rows are those of a ``Matrix`` or a ``SequenceBatch``; the result has the same type.
public struct SoftmaxHead<Scalar: RecurScalar>: Sendable {
  /// The layer beneath, whose outputs are the logits W x + b.
  public var linear: Linear<Scalar>

  /// I, the number of features of an input.
  public var inputSize: Int { linear.inputSize }

  /// O, the number of classes.
  public var outputSize: Int { linear.outputSize }

  /// `weight` (O x I) and, unless it was left out, `bias` (O x 1).
  public var parameters: ParameterVector<Scalar> {
    get { linear.parameters }
    _modify { yield &linear.parameters }  // in place, where a setter would be given a copy
  }

  /// A head with new parameters.
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
    linear = try Linear(
      inputSize: inputSize, outputSize: outputSize, bias: bias, initialization: initialization,
      seed: seed)
  }

  /// A head over an existing layer.
  ///
  /// - Parameter linear: its outputs are the logits.
  public init(linear: Linear<Scalar>) {
    self.linear = linear
  }

  /// A head with given parameters, in PyTorch's shapes.
  ///
  /// - Parameters:
  ///   - weight: W, O x I.
  ///   - bias: b, of O elements, or nil for none.
  /// - Throws: ``RecurError`` for an empty weight or a bias of another length, or without memory.
  public init(weight: Matrix<Scalar>, bias: [Scalar]? = nil) throws(RecurError) {
    linear = try Linear(weight: weight, bias: bias)
  }

  /// The probabilities of the classes: y = softmax(W x + b).
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

  /// The probabilities of the classes into an existing matrix, without allocation.
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

  /// The probabilities of the classes into an existing batch, without allocation.
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
  /// - Returns: the pass, with the probabilities.
  /// - Throws: ``RecurError`` for an input or parameters of another shape, or without memory.
  public func trainingPass<Rows: FeatureRows<Scalar>>(
    _ input: Rows
  ) throws(RecurError) -> TrainingPass<Rows> {
    TrainingPass(head: self, input: input, outputs: try self(input))
  }

  /// A forward pass that can be differentiated once.
  public struct TrainingPass<Rows: FeatureRows<Scalar>>: ~Copyable {
    private let head: SoftmaxHead
    private let input: Rows

    /// The probabilities y, as many rows x O.
    public let outputs: Rows

    init(head: SoftmaxHead, input: Rows, outputs: Rows) {
      self.head = head
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
      var parameters = try head.parameters.zeros()
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
    ///   - gradients: has the layout of the head's parameters.
    /// - Returns: the gradient with respect to the inputs, in their shape.
    /// - Throws: ``RecurError`` for a gradient of another shape, or without memory.
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

// Through the C library

/// What the C arguments are called in Swift.
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

  /// The output's memory must be its own.
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
    _ = gradients.uniqueBase()
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
