// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

extension SoftmaxHead {
  /// Runs a forward pass with class labels and stores the values that the backward pass needs.
  ///
  /// - Parameters:
  ///   - input: The inputs x, N x I.
  ///   - labels: N classes in 0 ..< O, one for each row. The rows of a batch of sequences start with step
  ///     0 of all sequences.
  /// - Returns: The pass, with the probabilities and the losses.
  /// - Throws: ``RecurError`` if the shape of the input or the parameters is wrong, a label is out of
  ///   range, the number of labels is not N, or memory cannot be allocated.
  public func crossEntropy<Rows: FeatureRows<Scalar>>(
    _ input: Rows, labels: [Int]
  ) throws(RecurError) -> CrossEntropyPass<Rows> {
    let labels = try Labels(labels, classes: outputSize)
    let (probabilities, losses) = try crossEntropy(input.matrix, labels)
    return CrossEntropyPass(
      head: self, input: input, labels: labels, probabilities: try Rows(probabilities, like: input),
      losses: losses.elements)
  }

  /// A forward pass with labels, which can be differentiated once.
  public struct CrossEntropyPass<Rows: FeatureRows<Scalar>>: ~Copyable {
    private let head: SoftmaxHead
    private let input: Rows
    private let labels: Labels

    /// The probabilities y, with O columns.
    public let probabilities: Rows

    /// The negative log-probability of the label of every row, in nats.
    public let losses: [Scalar]

    fileprivate init(
      head: SoftmaxHead, input: Rows, labels: Labels, probabilities: Rows, losses: [Scalar]
    ) {
      self.head = head
      self.input = input
      self.labels = labels
      self.probabilities = probabilities
      self.losses = losses
    }

    /// The mean of the losses; NaN if there are none.
    public var meanLoss: Scalar { losses.reduce(0, +) / Scalar(losses.count) }

    /// Computes all gradients of the mean loss, or of a weighted sum of the losses.
    ///
    /// - Parameter weights: The weights in Σ weights[n] · losses[n], one for each row. If omitted, each
    ///   is 1/N.
    /// - Returns: The gradients with respect to the parameters and the inputs.
    /// - Throws: ``RecurError`` if the number of weights is wrong or memory cannot be allocated.
    public consuming func backward(
      weights: [Scalar]? = nil
    ) throws(RecurError) -> HeadGradients<Rows> {
      var parameters = try head.parameters.zeros()
      let inputs = try backward(weights: weights, addingTo: &parameters)
      return HeadGradients(parameters: parameters, inputs: inputs)
    }

    /// Computes all gradients of the mean loss, or of a weighted sum of the losses, and adds the
    /// parameter gradients to a vector.
    ///
    /// - Parameters:
    ///   - weights: The weights in Σ weights[n] · losses[n], one for each row. If omitted, each is 1/N.
    ///   - gradients: A vector with the layout of the head's parameters.
    /// - Returns: The gradient with respect to the inputs, of the same shape.
    /// - Throws: ``RecurError`` if the number of weights or the shape of the gradients is wrong, or
    ///   memory cannot be allocated.
    public consuming func backward(
      weights: [Scalar]? = nil, addingTo gradients: inout ParameterVector<Scalar>
    ) throws(RecurError) -> Rows {
      let weights = weights ?? Array(repeating: 1 / Scalar(losses.count), count: losses.count)
      let dx = try head.crossEntropyBackward(
        input.matrix, labels, probabilities.matrix,
        weights: Matrix(rows: weights.count, columns: 1, elements: weights), addingTo: &gradients)
      return try Rows(dx, like: input)
    }
  }
}

// Calls of the C library

extension SoftmaxHead {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func crossEntropy(
    _ input: Matrix<Scalar>, _ labels: Labels
  ) throws(RecurError) -> (probabilities: Matrix<Scalar>, losses: Matrix<Scalar>) {
    let probabilities = try Matrix<Scalar>(rows: input.rows, columns: outputSize, zeroed: false)
    let losses = try Matrix<Scalar>(rows: input.rows, columns: 1, zeroed: false)
    var layer = try linear.view(of: parameters)
    var loss = Scalar.vector(losses.base, count: losses.rows)
    let status = Scalar.withArguments { argument in
      labels.withVector { labels in
        Scalar.kernels.softmax.crossEntropyForward(
          &layer, argument(input), labels, argument(probabilities), &loss)
      }
    }
    try check(status, softmaxArgumentNames)
    return withExtendedLifetime((self, input)) { (probabilities, losses) }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  fileprivate func crossEntropyBackward(
    _ input: Matrix<Scalar>, _ labels: Labels, _ y: Matrix<Scalar>, weights: Matrix<Scalar>,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> Matrix<Scalar> {
    let workspace = try Workspace(rows: input.rows, classes: outputSize)
    let dx = try Matrix<Scalar>(rows: input.rows, columns: inputSize, zeroed: false)
    _ = try gradients.uniqueBase()
    var layer = try linear.view(of: parameters)
    var dlayer = try linear.view(of: gradients, named: "gradients")
    var dloss = Scalar.vector(weights.base, count: weights.rows)
    let status = Scalar.withArguments { argument in
      labels.withVector { labels in
        Scalar.kernels.softmax.crossEntropyBackward(
          &layer, argument(input), labels, argument(y), &dloss, argument(dx), &dlayer,
          workspace.pointer)
      }
    }
    try check(status, softmaxArgumentNames)
    return withExtendedLifetime((self, input, y, weights)) { dx }
  }
}

/// Class labels in the C library's type.
private struct Labels {
  private let values: [CInt]

  init(_ labels: [Int], classes: Int) throws(RecurError) {
    var values: [CInt] = []
    values.reserveCapacity(labels.count)
    for (row, label) in labels.enumerated() {
      guard let value = CInt(exactly: label) else {
        throw .invalid(
          argument: "labels", reason: "has \(label) in row \(row), expected 0 to \(classes - 1)")
      }
      values.append(value)
    }
    self.values = values
  }

  func withVector<Result>(_ body: (UnsafePointer<gsl_vector_int>) -> Result) -> Result {
    values.withUnsafeBufferPointer { buffer in
      let data = UnsafeMutablePointer(mutating: buffer.baseAddress)
      let vector = gsl_vector_int(size: buffer.count, stride: 1, data: data, block: nil, owner: 0)
      return withUnsafePointer(to: vector, body)
    }
  }
}
