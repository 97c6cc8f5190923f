// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The linear output layer, over every row alike: y = W x + b.
public struct Linear<Scalar: RecurScalar>: Sendable {
  public let inputSize: Int
  public let outputSize: Int

  /// `weight` (O x I) and, unless it was left out, `bias` (O x 1).
  public var parameters: ParameterVector<Scalar>

  private let slices: [ParameterVector<Scalar>.Slice]

  /// A layer with new parameters.
  ///
  /// - Parameters:
  ///   - inputSize: I, at least 1.
  ///   - outputSize: O, at least 1.
  ///   - bias: whether there is b.
  ///   - initialization: how the parameters are drawn; `weight` as weights that are not recurrent.
  ///   - seed: what they are drawn from.
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
  public init(weight: Matrix<Scalar>, bias: [Scalar]? = nil) throws(RecurError) {
    try self.init(zeros: weight.columns, weight.rows, bias: bias != nil)
    try parameters.set("weight", to: weight)
    if let bias {
      try parameters.set("bias", to: Matrix(rows: bias.count, columns: 1, elements: bias))
    }
  }

  /// - Parameter input: any number of rows x I.
  public func callAsFunction(_ input: Matrix<Scalar>) throws(RecurError) -> Matrix<Scalar> {
    let output = try Matrix<Scalar>(rows: input.rows, columns: outputSize)
    var layer = try view(of: parameters)
    let status = Scalar.withArguments { argument in
      Scalar.kernels.linear.forward(&layer, argument(input), argument(output))
    }
    try check(status, ["x": "input"])
    return withExtendedLifetime((input, parameters)) { output }
  }

  /// Runs forward and keeps what the gradients need.
  public func trainingPass(_ input: Matrix<Scalar>) throws(RecurError) -> TrainingPass {
    TrainingPass(layer: self, input: input, outputs: try self(input))
  }

  /// The C library's view of a vector of parameters or gradients, which has to outlive it.
  func view(
    of vector: ParameterVector<Scalar>, named name: String = "parameters"
  ) throws(RecurError) -> LinearParameters<Scalar> {
    try vector.require(slices, named: name)
    let weight = Scalar.matrix(
      vector.base, rows: outputSize, columns: inputSize, stride: inputSize)
    let bias = slices.dropFirst().first.map { vector.base + $0.offset }
    return LinearParameters(weight: weight, bias: Scalar.vector(bias, count: outputSize))
  }

  /// The gradients of a loss.
  public struct Gradients: Sendable {
    public let parameters: ParameterVector<Scalar>

    /// With respect to the input: as many rows x I.
    public let input: Matrix<Scalar>
  }

  /// A forward pass that can be differentiated, once.
  public struct TrainingPass: ~Copyable {
    private let layer: Linear
    private let input: Matrix<Scalar>
    public let outputs: Matrix<Scalar>

    init(layer: Linear, input: Matrix<Scalar>, outputs: Matrix<Scalar>) {
      self.layer = layer
      self.input = input
      self.outputs = outputs
    }

    /// All gradients of a loss, from its gradient with respect to the outputs.
    public consuming func backward(
      outputGradients: Matrix<Scalar>
    ) throws(RecurError) -> Gradients {
      var parameters = try layer.parameters.zeros()
      let input = try backward(outputGradients: outputGradients, addingTo: &parameters)
      return Gradients(parameters: parameters, input: input)
    }

    /// The same, where the gradients of the parameters are added to what is there: the gradient of
    /// the input.
    public consuming func backward(
      outputGradients: Matrix<Scalar>, addingTo gradients: inout ParameterVector<Scalar>
    ) throws(RecurError) -> Matrix<Scalar> {
      let dx = try Matrix<Scalar>(rows: input.rows, columns: input.columns)
      _ = gradients.uniqueBase()
      var parameters = try layer.view(of: layer.parameters)
      var gradientParameters = try layer.view(of: gradients, named: "gradients")
      let status = Scalar.withArguments { argument in
        Scalar.kernels.linear.backward(
          &parameters, argument(input), argument(outputGradients), argument(dx),
          &gradientParameters)
      }
      try check(status, ["dy": "outputGradients"])
      return withExtendedLifetime((layer, input, outputGradients)) { dx }
    }
  }
}
