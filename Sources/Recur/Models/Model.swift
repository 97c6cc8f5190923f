// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A model: a graph of layers over time, with its parameters.
///
/// ```swift
/// let x = ModelValue.features(size: 1)
/// let y = x.lstm(hiddenSize: 40).dense(size: 1).named("head") + x
/// let model = try Model<Float>(outputs: y, seed: 1)
///
/// let result = try model(batch)
/// let output = try result.output
/// ```
///
/// A model is a value that stores only its parameters, and threads can share it. It can compute sequences
/// whole, in chunks or step by step (``stream(batchSize:steps:from:)``), with bit-identical results.
public struct Model<Scalar: RecurScalar>: Sendable {
  /// All parameters in one vector. Their names are those of the nodes and their parts, such as
  /// `lstm.weight_ih_l0` and `head.bias`.
  public var parameters: ParameterVector<Scalar>

  let plan: ModelPlan

  /// Creates a model with zero parameters.
  ///
  /// - Parameter graph: The nodes, each after those that it reads.
  /// - Throws: ``RecurError`` if a node is invalid, if its value is neither read nor an output, or if memory
  ///   cannot be allocated.
  public init(_ graph: ModelGraph) throws(RecurError) {
    plan = try ModelPlan(graph)
    parameters = try ParameterVector(slices: plan.slices)
  }

  init(_ plan: ModelPlan, _ parameters: ParameterVector<Scalar>) {
    self.plan = plan
    self.parameters = parameters
  }

  /// Creates a model with new parameters.
  ///
  /// The weights of dense layers and convolutions use the scheme of weights that are not recurrent; for
  /// `uniform`, n is the number of columns of the weight. Embeddings are standard normal, the slopes of PReLU
  /// 0.25, and the weights of normalizations and scales 1.
  ///
  /// - Parameters:
  ///   - graph: The nodes, each after those that it reads.
  ///   - initialization: The initialization of the parameters.
  ///   - seed: The seed of the random numbers.
  /// - Throws: ``RecurError`` if a node is invalid, if its value is neither read nor an output, if the layers do
  ///   not support the initialization, or if memory cannot be allocated.
  public init(
    _ graph: ModelGraph, initialization: Initialization = .uniform, seed: UInt64
  ) throws(RecurError) {
    try self.init(graph)
    try parameters.draw(for: plan, initialization, seed: seed)
  }

  /// Creates a model of some values and of all values that they depend on, with new parameters.
  ///
  /// - Parameters:
  ///   - outputs: The outputs of the model.
  ///   - initialization: The initialization of the parameters.
  ///   - seed: The seed of the random numbers.
  /// - Throws: The errors of ``init(_:initialization:seed:)``.
  public init(
    outputs: ModelValue..., initialization: Initialization = .uniform, seed: UInt64
  ) throws(RecurError) {
    try self.init(ModelGraph(outputs: outputs), initialization: initialization, seed: seed)
  }

  /// The nodes. An input size of a network that was left out has its value.
  public var graph: ModelGraph { plan.graph }

  /// The inputs, in the order of the nodes.
  public var inputs: [ModelNode] { plan.inputs.map { graph.nodes[$0] } }

  /// The outputs, in the order of the nodes.
  public var outputs: [ModelNode] { plan.outputs.map { graph.nodes[$0] } }

  /// The length of the shortest chunk, in steps; all chunks but the last have a multiple of it. This is the
  /// product of the strides over steps, or for several branches the least common multiple of their products. Nil
  /// if the model needs whole sequences, because a layer reads future steps or all steps.
  public var chunkSteps: Int? { plan.chunk }
}

extension Model {
  /// Returns the sizes of the outputs for sequences of some steps, in the order of the nodes.
  ///
  /// - Parameter steps: The number of steps T of the inputs.
  /// - Returns: The number of steps, 1 for one row a sequence, and the number of columns Q·C.
  /// - Throws: ``RecurError`` if a size is out of range.
  package func outputShapes(
    steps: Int
  ) throws(RecurError) -> [(steps: Int, columns: Int)] {
    try plan.outputs.map { node throws(RecurError) in try plan.shape(of: node, steps: steps) }
  }
}

// Inference

/// The results of a pass of a model.
public struct ModelOutputs<Scalar: RecurScalar>: Sendable {
  /// The names of the outputs, in the order of the nodes.
  public let names: [String]

  /// The outputs, T·B x Q·C each; 0 past the end of a sequence. An output with one row for each sequence has
  /// one step.
  public let values: [SequenceBatch<Scalar>]

  /// The state after the last step of each sequence, for the next chunk of the same sequences. Nil if the
  /// model needs whole sequences, or if the length of a sequence is no multiple of ``Model/chunkSteps``.
  public let finalState: ModelState<Scalar>?

  /// The output with a name; nil if there is none.
  ///
  /// - Parameter name: The name of the node.
  public subscript(name: String) -> SequenceBatch<Scalar>? {
    names.firstIndex(of: name).map { values[$0] }
  }

  /// The only output.
  ///
  /// - Throws: ``RecurError/invalid(argument:reason:)`` if there are several.
  public var output: SequenceBatch<Scalar> {
    get throws(RecurError) {
      guard values.count == 1 else {
        throw .invalid(
          argument: "output", reason: "is one of \(names.joined(separator: ", ")), expected a name")
      }
      return values[0]
    }
  }
}

extension Model {
  /// Runs the model over whole sequences of features.
  ///
  /// - Parameters:
  ///   - input: The only input, T·B x C.
  ///   - lengths: The number of steps of each sequence, 0 to T; if omitted, all T.
  ///   - initialState: The state before the first step. If omitted, it is zero.
  ///   - threads: Threads that share the work. If omitted, the calling thread computes alone.
  /// - Returns: The outputs and the final state.
  /// - Throws: ``RecurError`` if an argument does not fit the model, or if memory cannot be allocated.
  public func callAsFunction(
    _ input: SequenceBatch<Scalar>, lengths: [Int]? = nil,
    initialState: ModelState<Scalar>? = nil, threads: Threads? = nil
  ) throws(RecurError) -> ModelOutputs<Scalar> {
    try infer([.features(input)], lengths, initialState, threads)
  }

  /// Runs the model over whole sequences of tokens.
  ///
  /// - Parameters:
  ///   - input: The only input, T·B tokens.
  ///   - lengths: The number of steps of each sequence, 0 to T; if omitted, all T.
  ///   - initialState: The state before the first step. If omitted, it is zero.
  ///   - threads: Threads that share the work. If omitted, the calling thread computes alone.
  /// - Returns: The outputs and the final state.
  /// - Throws: ``RecurError`` if an argument does not fit the model, or if memory cannot be allocated.
  public func callAsFunction(
    _ input: TokenBatch, lengths: [Int]? = nil,
    initialState: ModelState<Scalar>? = nil, threads: Threads? = nil
  ) throws(RecurError) -> ModelOutputs<Scalar> {
    try infer([.tokens(input)], lengths, initialState, threads)
  }

  /// Runs the model over whole sequences of features or of tokens.
  ///
  /// - Parameters:
  ///   - input: The only input.
  ///   - lengths: The number of steps of each sequence, 0 to T; if omitted, all T.
  ///   - initialState: The state before the first step. If omitted, it is zero.
  ///   - threads: Threads that share the work. If omitted, the calling thread computes alone.
  /// - Returns: The outputs and the final state.
  /// - Throws: ``RecurError`` if an argument does not fit the model, or if memory cannot be allocated.
  public func callAsFunction(
    _ input: ModelInput<Scalar>, lengths: [Int]? = nil,
    initialState: ModelState<Scalar>? = nil, threads: Threads? = nil
  ) throws(RecurError) -> ModelOutputs<Scalar> {
    try infer([input], lengths, initialState, threads)
  }

  /// Runs the model over whole sequences.
  ///
  /// - Parameters:
  ///   - inputs: The inputs by name, all with the same numbers of steps and sequences.
  ///   - lengths: The number of steps of each sequence, 0 to T; if omitted, all T.
  ///   - initialState: The state before the first step. If omitted, it is zero.
  ///   - threads: Threads that share the work. If omitted, the calling thread computes alone.
  /// - Returns: The outputs and the final state.
  /// - Throws: ``RecurError`` if an argument does not fit the model, or if memory cannot be allocated.
  public func callAsFunction(
    _ inputs: [String: ModelInput<Scalar>], lengths: [Int]? = nil,
    initialState: ModelState<Scalar>? = nil, threads: Threads? = nil
  ) throws(RecurError) -> ModelOutputs<Scalar> {
    try infer(plan.inOrder(inputs), lengths, initialState, threads)
  }

  private func infer(
    _ inputs: [ModelInput<Scalar>], _ lengths: [Int]?, _ initialState: ModelState<Scalar>?,
    _ threads: Threads?
  ) throws(RecurError) -> ModelOutputs<Scalar> {
    let weights = try parameters.prepared(for: plan)
    let pass = try ModelPass(
      plan, inputs, BatchOptions(lengths: lengths), initialState, for: .inference, threads)
    try pass.run { Scalar.kernels.model.infer(weights.pointer, $0, $1) }
    return withExtendedLifetime(weights) { pass.results }
  }
}

extension ModelPlan {
  /// Returns the inputs in the order of the nodes.
  func inOrder<Value>(_ inputs: [String: Value]) throws(RecurError) -> [Value] {
    let names = self.inputs.map { graph.nodes[$0].name }
    if let unknown = inputs.keys.filter({ !names.contains($0) }).min() {
      throw .invalid(
        argument: unknown,
        reason: "is not an input, expected \(names.joined(separator: ", "))")
    }
    return try names.map { name throws(RecurError) in
      guard let value = inputs[name] else {
        throw .invalid(argument: name, reason: "is missing, expected an input with this name")
      }
      return value
    }
  }
}
