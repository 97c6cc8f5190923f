// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The softmax output head: y = softmax(W_y h + b_y) over every row alike, with its gradients from
/// those of y, or fused with the cross-entropy of class labels.
public struct SoftmaxHead<Scalar: RecurScalar>: Sendable {
  /// The layer beneath: `weight` (O x H) and, unless it was left out, `bias` (O x 1).
  public var linear: Linear<Scalar>

  /// A head with new parameters.
  ///
  /// - Parameters:
  ///   - inputSize: H, at least 1.
  ///   - outputSize: O, at least 1.
  ///   - bias: whether there is b_y.
  ///   - initialization: how the parameters are drawn; `weight` as weights that are not recurrent.
  ///   - seed: what they are drawn from.
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

  /// A head over a layer that there is.
  public init(linear: Linear<Scalar>) {
    self.linear = linear
  }

  /// A head with given parameters, in PyTorch's shapes.
  public init(weight: Matrix<Scalar>, bias: [Scalar]? = nil) throws(RecurError) {
    linear = try Linear(weight: weight, bias: bias)
  }

  /// The probabilities of the classes.
  ///
  /// - Parameter input: any number of rows x H.
  public func callAsFunction(_ input: Matrix<Scalar>) throws(RecurError) -> Matrix<Scalar> {
    let output = try Matrix<Scalar>(rows: input.rows, columns: linear.outputSize)
    var layer = try linear.view(of: linear.parameters)
    let status = Scalar.withArguments { argument in
      Scalar.kernels.softmax.forward(&layer, argument(input), argument(output))
    }
    try check(status, ["h": "input"])
    return withExtendedLifetime((input, linear)) { output }
  }

  /// Runs forward and keeps what the gradients need.
  public func trainingPass(_ input: Matrix<Scalar>) throws(RecurError) -> TrainingPass {
    TrainingPass(
      head: self, input: input, outputs: try self(input),
      workspace: try Workspace(rows: input.rows, classes: linear.outputSize))
  }

  /// Runs forward against labels of 0 ..< O, one a row, and keeps what the gradients need.
  public func crossEntropy(
    _ input: Matrix<Scalar>, labels: [Int]
  ) throws(RecurError) -> CrossEntropyPass {
    let probabilities = try Matrix<Scalar>(rows: input.rows, columns: linear.outputSize)
    var losses = try Matrix<Scalar>(rows: input.rows, columns: 1)
    let labels = try Labels(labels)
    var layer = try linear.view(of: linear.parameters)
    var loss = Scalar.vector(losses.uniqueBase(), count: input.rows)
    let status = Scalar.withArguments { argument in
      labels.withVector { labels in
        Scalar.kernels.softmax.crossEntropyForward(
          &layer, argument(input), labels, argument(probabilities), &loss)
      }
    }
    try check(status, ["h": "input"])
    return CrossEntropyPass(
      head: self, input: input, labels: labels, probabilities: probabilities,
      losses: losses.elements,
      workspace: try Workspace(rows: input.rows, classes: linear.outputSize))
  }

  /// The gradients have the types of those of the linear layer.
  public typealias Gradients = Linear<Scalar>.Gradients

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

// Training

extension SoftmaxHead {
  /// A forward pass that can be differentiated, once.
  public struct TrainingPass: ~Copyable {
    private let head: SoftmaxHead
    private let input: Matrix<Scalar>
    public let outputs: Matrix<Scalar>
    private let workspace: Workspace

    init(
      head: SoftmaxHead, input: Matrix<Scalar>, outputs: Matrix<Scalar>,
      workspace: consuming Workspace
    ) {
      self.head = head
      self.input = input
      self.outputs = outputs
      self.workspace = workspace
    }

    /// All gradients of a loss, from its gradient with respect to the probabilities.
    public consuming func backward(
      outputGradients: Matrix<Scalar>
    ) throws(RecurError) -> Gradients {
      var parameters = try head.linear.parameters.zeros()
      let input = try backward(outputGradients: outputGradients, addingTo: &parameters)
      return Gradients(parameters: parameters, input: input)
    }

    /// The same, where the gradients of the parameters are added to what is there: the gradient of
    /// the input.
    public consuming func backward(
      outputGradients: Matrix<Scalar>, addingTo gradients: inout ParameterVector<Scalar>
    ) throws(RecurError) -> Matrix<Scalar> {
      let dh = try Matrix<Scalar>(rows: input.rows, columns: input.columns)
      _ = gradients.uniqueBase()
      var layer = try head.linear.view(of: head.linear.parameters)
      var gradientLayer = try head.linear.view(of: gradients, named: "gradients")
      let status = Scalar.withArguments { argument in
        Scalar.kernels.softmax.backward(
          &layer, argument(input), argument(outputs), argument(outputGradients), argument(dh),
          &gradientLayer, workspace.pointer)
      }
      try check(status, ["dy": "outputGradients"])
      return withExtendedLifetime((head, input, outputs, outputGradients)) { dh }
    }
  }

  /// A forward pass against labels that can be differentiated, once.
  public struct CrossEntropyPass: ~Copyable {
    private let head: SoftmaxHead
    private let input: Matrix<Scalar>
    private let labels: Labels
    public let probabilities: Matrix<Scalar>

    /// −log of the label's probability for every row, in nats.
    public let losses: [Scalar]

    private let workspace: Workspace

    init(
      head: SoftmaxHead, input: Matrix<Scalar>, labels: Labels, probabilities: Matrix<Scalar>,
      losses: [Scalar], workspace: consuming Workspace
    ) {
      self.head = head
      self.input = input
      self.labels = labels
      self.probabilities = probabilities
      self.losses = losses
      self.workspace = workspace
    }

    /// The mean of the losses; NaN if there are none.
    public var meanLoss: Scalar { losses.reduce(0, +) / Scalar(losses.count) }

    /// All gradients of the mean loss, or, with weights, of the sum of weights[n] · losses[n].
    public consuming func backward(weights: [Scalar]? = nil) throws(RecurError) -> Gradients {
      var parameters = try head.linear.parameters.zeros()
      let input = try backward(weights: weights, addingTo: &parameters)
      return Gradients(parameters: parameters, input: input)
    }

    /// The same, where the gradients of the parameters are added to what is there: the gradient of
    /// the input.
    public consuming func backward(
      weights: [Scalar]? = nil, addingTo gradients: inout ParameterVector<Scalar>
    ) throws(RecurError) -> Matrix<Scalar> {
      let dh = try Matrix<Scalar>(rows: input.rows, columns: input.columns)
      _ = gradients.uniqueBase()
      let weights = weights ?? Array(repeating: 1 / Scalar(input.rows), count: input.rows)
      let dloss = try Matrix(rows: weights.count, columns: 1, elements: weights)
      var layer = try head.linear.view(of: head.linear.parameters)
      var gradientLayer = try head.linear.view(of: gradients, named: "gradients")
      var weightVector = Scalar.vector(dloss.base, count: dloss.rows)
      let status = Scalar.withArguments { argument in
        labels.withVector { labels in
          Scalar.kernels.softmax.crossEntropyBackward(
            &layer, argument(input), labels, argument(probabilities), &weightVector, argument(dh),
            &gradientLayer, workspace.pointer)
        }
      }
      try check(status, ["dloss": "weights"])
      return withExtendedLifetime((head, input, probabilities, dloss)) { dh }
    }
  }

  /// Class labels as the C library takes them.
  struct Labels: Sendable {
    private let values: [CInt]

    init(_ labels: [Int]) throws(RecurError) {
      var values: [CInt] = []
      values.reserveCapacity(labels.count)
      for (row, label) in labels.enumerated() {
        guard let value = CInt(exactly: label) else {
          throw .invalid(argument: "labels", reason: "has \(label) in row \(row)")
        }
        values.append(value)
      }
      self.values = values
    }

    func withVector<Result>(_ body: (UnsafePointer<gsl_vector_int>) -> Result) -> Result {
      values.withUnsafeBufferPointer { buffer in
        let data = UnsafeMutablePointer(mutating: buffer.baseAddress)
        let vector = gsl_vector_int(
          size: buffer.count, stride: 1, data: data, block: nil, owner: 0)
        return withUnsafePointer(to: vector, body)
      }
    }
  }
}
