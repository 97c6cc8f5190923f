// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A model and its state, for sequences that arrive a step or a block of steps at a time. Steps that write to
/// existing memory allocate none.
///
/// ```swift
/// var stream = try model.stream(batchSize: 1, steps: 64)
/// var output = try Matrix<Float>(rows: 64, columns: 1)
/// try stream.step(block, into: &output)
/// ```
public struct ModelStream<Scalar: RecurScalar>: ~Copyable {
  private let weights: PreparedModelWeights<Scalar>
  private let workspace: Workspace<Scalar>
  private let arguments: ModelArguments<Scalar>
  private let plan: ModelPlan
  private let shapes: [(rows: Int, columns: Int)]
  private var current: ModelState<Scalar>

  /// The number of steps of a block.
  public var steps: Int { workspace.steps }

  /// The number of sequences, B.
  public var batchSize: Int { workspace.batchSize }

  init(
    _ model: Model<Scalar>, batchSize: Int, steps: Int, from state: ModelState<Scalar>?
  ) throws(RecurError) {
    let plan = model.plan
    try plan.requireStream(steps: steps)
    try plan.require(state, batchSize: batchSize, named: "state")
    let start = if let state { state } else { try ModelState<Scalar>(plan, batchSize: batchSize) }
    let weights = try model.parameters.prepared(for: plan)
    let arguments = try ModelArguments<Scalar>(plan, steps: steps, batchSize: batchSize)
    let shapes = try plan.outputs.map { node throws(RecurError) in
      let shape = try plan.shape(of: node, steps: steps)
      return (shape.steps * batchSize, shape.columns)
    }
    // A value that cannot be copied must be initialized last: no error may follow.
    workspace = try Workspace(plan, steps: steps, batchSize: batchSize, for: .inference)
    self.plan = plan
    self.weights = weights
    self.arguments = arguments
    self.shapes = shapes
    current = start
  }

  /// The state after the last step.
  public var state: ModelState<Scalar> { current }

  /// Replaces the state, for example to begin new sequences.
  ///
  /// - Parameter state: A state of this model for the same number of sequences.
  /// - Throws: ``RecurError`` if the state belongs to another model or another number of sequences.
  public mutating func setState(_ state: ModelState<Scalar>) throws(RecurError) {
    try plan.require(state, batchSize: batchSize, named: "state")
    current = state
  }

  /// Computes a block of the only input, features, into an existing matrix.
  ///
  /// - Parameters:
  ///   - input: The input, `steps`·B x C.
  ///   - output: The matrix for the only output.
  /// - Throws: ``RecurError`` if the model has several inputs or outputs, or if a shape is wrong.
  public mutating func step(
    _ input: Matrix<Scalar>, into output: inout Matrix<Scalar>
  ) throws(RecurError) {
    try requireOneMatrix()
    _ = try output.uniqueBase()
    arguments.features.set(0, input.header)
    arguments.outputs.set(0, output.header)
    try run()
    withExtendedLifetime((input, output)) {}
  }

  /// Computes a block of the only input, features, into an existing span, such as an audio buffer.
  ///
  /// - Parameters:
  ///   - input: The elements of the input, `steps`·B x C, row by row.
  ///   - output: The elements of the only output, row by row.
  /// - Throws: ``RecurError`` if the model has several inputs or outputs, or if a number of elements is wrong.
  public mutating func step(
    _ input: Span<Scalar>, into output: inout MutableSpan<Scalar>
  ) throws(RecurError) {
    try requireOneMatrix()
    let (rows, columns) = (steps * batchSize, inputColumns)
    let shape = shapes[0]
    try requireCount("input", input.count, rows, columns)
    try requireCount("output", output.count, shape.rows, shape.columns)
    input.withUnsafeBufferPointer { input in
      arguments.features.set(
        0,
        Scalar.matrix(
          UnsafeMutablePointer(mutating: input.baseAddress), rows: rows, columns: columns,
          stride: columns))
    }
    output.withUnsafeMutableBufferPointer { output in
      arguments.outputs.set(
        0,
        Scalar.matrix(
          output.baseAddress, rows: shape.rows, columns: shape.columns, stride: shape.columns))
    }
    try run()
  }

  /// Computes a block of any inputs into existing matrices.
  ///
  /// - Parameters:
  ///   - inputs: The inputs, in the order of ``Model/inputs``, each with `steps` steps of B sequences.
  ///   - outputs: The matrices for the outputs, in the order of ``Model/outputs``.
  /// - Throws: ``RecurError`` if a number or a shape is wrong, or if a token is out of range.
  public mutating func step(
    _ inputs: [ModelInput<Scalar>], into outputs: inout [Matrix<Scalar>]
  ) throws(RecurError) {
    guard outputs.count == arguments.outputs.count else {
      throw .invalid(
        argument: "outputs",
        reason: "has \(outputs.count) elements, expected \(arguments.outputs.count)")
    }
    try arguments.set(inputs)
    for k in outputs.indices {
      _ = try outputs[k].uniqueBase()
      arguments.outputs.set(k, outputs[k].header)
    }
    try run()
    withExtendedLifetime((inputs, outputs)) {}
  }

  /// Computes a block of any inputs into new matrices.
  ///
  /// - Parameter inputs: The inputs, in the order of ``Model/inputs``, each with `steps` steps of B sequences.
  /// - Returns: The outputs, in the order of ``Model/outputs``.
  /// - Throws: ``RecurError`` if a number or a shape is wrong, if a token is out of range, or if memory cannot
  ///   be allocated.
  public mutating func step(
    _ inputs: [ModelInput<Scalar>]
  ) throws(RecurError) -> [Matrix<Scalar>] {
    var outputs = try shapes.map { shape throws(RecurError) in
      try Matrix<Scalar>(rows: shape.rows, columns: shape.columns)
    }
    try step(inputs, into: &outputs)
    return outputs
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private mutating func run() throws(RecurError) {
    let base = try current.values.uniqueBase()
    var vector = Scalar.vector(base, count: current.values.count)
    let status = withUnsafeMutablePointer(to: &vector) { state in
      Scalar.kernels.model.infer(
        weights.pointer, arguments.pass(nil, state, state), workspace.pointer)
    }
    try withExtendedLifetime(current) { () throws(RecurError) in
      try check(status, modelArgumentNames)
    }
  }

  private var inputColumns: Int {
    if case .features(let size) = plan.graph.nodes[plan.inputs[0]].layer { size } else { 0 }
  }

  private func requireOneMatrix() throws(RecurError) {
    guard arguments.features.count == 1, arguments.tokens.count == 0,
      arguments.outputs.count == 1
    else {
      throw .invalid(
        argument: "step",
        reason: "has one input and one output, but the model does not; expected lists")
    }
  }

  private func requireCount(
    _ name: String, _ count: Int, _ rows: Int, _ columns: Int
  ) throws(RecurError) {
    guard count == rows * columns else {
      throw .invalid(
        argument: name, reason: "has \(count) elements, expected \(rows) x \(columns)")
    }
  }
}

extension Model {
  /// Creates a stream of sequences.
  ///
  /// - Parameters:
  ///   - batchSize: The batch size B.
  ///   - steps: The number of steps of a block, a multiple of ``chunkSteps``.
  ///   - state: The initial state. If omitted, it is zero.
  /// - Returns: A stream with the current parameters.
  /// - Throws: ``RecurError`` with the name of a node that needs whole sequences: a reverse direction, a
  ///   convolution over steps that is not causal, a first step, a mean or a maximum; if a size is out of range;
  ///   or if memory cannot be allocated.
  public func stream(
    batchSize: Int, steps: Int = 1, from state: ModelState<Scalar>? = nil
  ) throws(RecurError) -> ModelStream<Scalar> {
    try ModelStream(self, batchSize: batchSize, steps: steps, from: state)
  }
}

// Memory

extension Model {
  /// Frees the workspaces that passes of this model and of its copies left for the next pass of the same shape:
  /// at most one of inference and one of training. The next pass allocates a new one.
  public func releaseWorkspaces() { plan.spares.release() }

  /// Returns the number of bytes that the C library allocates for a pass, without inputs, outputs and parameters.
  ///
  /// - Parameters:
  ///   - steps: The number of steps T.
  ///   - batchSize: The batch size B.
  ///   - mode: The purpose of the pass.
  /// - Returns: The number of bytes.
  /// - Throws: ``RecurError`` if a size is out of range, or for segments with two directions.
  public func workspaceBytes(
    steps: Int, batchSize: Int, for mode: NetworkMode
  ) throws(RecurError) -> Int {
    try plan.workspaceFunctions(of: Scalar.self)
      .bytes(WorkspaceShape(steps: steps, batchSize: batchSize, mode: mode))
  }
}
