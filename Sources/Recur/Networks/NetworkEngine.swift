// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The matrices of a state of any type: h, L·D·B x P, and for an LSTM c, L·D·B x H.
@usableFromInline
struct StateMatrices<Scalar: RecurScalar>: Sendable {
  @usableFromInline var hidden: Matrix<Scalar>
  @usableFromInline var cell: Matrix<Scalar>?

  @inlinable
  init(hidden: Matrix<Scalar>, cell: Matrix<Scalar>?) {
    self.hidden = hidden
    self.cell = cell
  }
}

/// The computations of a network of any cell. The type is generic only over the precision, so that it can
/// be specialized for both. The networks add their types of states, in functions that are inlinable where
/// speed matters.
@usableFromInline
struct NetworkEngine<Scalar: RecurScalar> {
  @usableFromInline let plan: NetworkPlan
  @usableFromInline let parameters: ParameterVector<Scalar>

  @inlinable
  init(plan: NetworkPlan, parameters: ParameterVector<Scalar>) {
    self.plan = plan
    self.parameters = parameters
  }

  @usableFromInline
  typealias Output = (outputs: SequenceBatch<Scalar>, finalState: StateMatrices<Scalar>)

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @usableFromInline
  func infer(
    _ input: SequenceBatch<Scalar>, lengths: [Int]?, initialState: StateMatrices<Scalar>?,
    threads: Threads?
  ) throws(RecurError) -> Output {
    try withExtendedLifetime(input) { () throws(RecurError) in
      try infer(
        input.header, steps: input.steps, batchSize: input.batchSize, lengths: lengths,
        initialState: initialState, threads: threads)
    }
  }

  /// The input must outlive the call.
  func infer(
    _ input: Scalar.GSLMatrix, steps: Int, batchSize: Int, lengths: [Int]?,
    initialState: StateMatrices<Scalar>?, threads: Threads?
  ) throws(RecurError) -> Output {
    let weights = try parameters.prepared(for: plan)
    let workspace = try Workspace<Scalar>(
      plan, steps: steps, batchSize: batchSize, for: .inference, threads: threads)
    return try withExtendedLifetime(weights) { () throws(RecurError) in
      try run(input, .init(lengths: lengths), initialState, workspace) { pass, w in
        Scalar.kernels.network.infer(weights.pointer, pass, w)
      }
    }
  }

  /// Runs a forward pass of training and stores the values that the backward pass needs.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @usableFromInline
  func record(
    _ input: SequenceBatch<Scalar>, lengths: [Int]?, initialState: StateMatrices<Scalar>?,
    dropoutSeed: DropoutSeed?, segmentLength: Int?, threads: Threads?
  ) throws(RecurError) -> RecordedPass<Scalar> {
    try dropoutSeed.require(plan.configuration.drawsMasks, of: "network")
    let workspace = try Workspace<Scalar>(
      plan, steps: input.steps, batchSize: input.batchSize,
      for: .training(segmentLength: segmentLength), threads: threads)
    var theta = try plan.header(of: parameters, named: "parameters")
    let output = try withExtendedLifetime((input, parameters)) { () throws(RecurError) in
      try run(
        input.header, .init(lengths: lengths, dropoutSeed: dropoutSeed), initialState, workspace
      ) { pass, w in
        Scalar.kernels.network.forward(&theta, pass, w)
      }
    }
    return RecordedPass(engine: self, input: input, output: output, workspace: workspace)
  }

  /// Allocates the results and calls a function of the C library.
  private func run(
    _ input: Scalar.GSLMatrix, _ batch: BatchOptions, _ initialState: StateMatrices<Scalar>?,
    _ workspace: borrowing Workspace<Scalar>,
    _ function: (PassArguments<Scalar>, OpaquePointer) -> CInt
  ) throws(RecurError) -> Output {
    let batchSize = workspace.batchSize
    let outputs = try SequenceBatch<Scalar>(
      steps: workspace.steps, batchSize: batchSize, features: plan.configuration.outputSize,
      zeroed: false)
    let final: StateMatrices<Scalar> = try plan.state(batchSize: batchSize, zeroed: false)
    let pointer = workspace.pointer
    let status = try batch.withC(batchSize: batchSize) { batch in
      Scalar.withArguments { argument in
        function(
          PassArguments(
            x: argument(input), batch: batch, h0: argument(initialState?.hidden),
            c0: argument(initialState?.cell), y: argument(outputs.matrix),
            hT: argument(final.hidden),
            cT: argument(final.cell)),
          pointer)
      }
    }
    try check(status, networkArgumentNames)
    return withExtendedLifetime(initialState) { (outputs, final) }
  }
}

extension NetworkPlan {
  /// Returns a state of zeros, or an uninitialized one.
  func state<Scalar: RecurScalar>(
    batchSize: Int, zeroed: Bool
  ) throws(RecurError) -> StateMatrices<Scalar> {
    try requireSize("batchSize", batchSize, atLeast: 0)
    let rows = try elementCount(
      configuration.layers * configuration.directions, batchSize, of: Scalar.self)
    return try state(
      hidden: Matrix(rows: rows, columns: configuration.stateSize, zeroed: zeroed), zeroed: zeroed)
  }

  /// Returns a state with this h. If it has a c, this is zero or uninitialized.
  func state<Scalar: RecurScalar>(
    hidden: Matrix<Scalar>, zeroed: Bool
  ) throws(RecurError) -> StateMatrices<Scalar> {
    StateMatrices(
      hidden: hidden,
      cell: configuration.hasCellState
        ? try Matrix(rows: hidden.rows, columns: configuration.hiddenSize, zeroed: zeroed) : nil)
  }

  /// Returns the C library's view of a vector of parameters or gradients, which must outlive the view.
  func header<Scalar: RecurScalar>(
    of vector: ParameterVector<Scalar>, named name: String
  ) throws(RecurError) -> Scalar.GSLVector {
    try vector.require(slices, named: name)
    return Scalar.vector(vector.base, count: vector.count)
  }
}
