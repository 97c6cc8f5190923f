// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// A forward pass of a model over whole sequences, in inference or in training: its arguments, its results, and
/// its workspace.
final class ModelPass<Scalar: RecurScalar> {
  let plan: ModelPlan
  let inputs: [ModelInput<Scalar>]
  let arguments: ModelArguments<Scalar>
  let workspace: Workspace<Scalar>
  let results: ModelOutputs<Scalar>
  private let batch: BatchOptions
  let initialState: ModelState<Scalar>?

  init(
    _ plan: ModelPlan, _ inputs: [ModelInput<Scalar>], _ batch: BatchOptions,
    _ initialState: ModelState<Scalar>?, for mode: NetworkMode, _ threads: Threads?
  ) throws(RecurError) {
    guard let first = inputs.first else {
      throw .invalid(argument: "inputs", reason: "is empty, expected an input")
    }
    let (steps, batchSize) = (first.steps, first.batchSize)
    arguments = try ModelArguments(plan, steps: steps, batchSize: batchSize)
    try arguments.set(inputs)
    try plan.require(initialState, batchSize: batchSize, named: "initialState")
    workspace = try Workspace(
      plan, steps: steps, batchSize: batchSize, for: mode, threads: threads)
    results = try ModelOutputs(
      plan, steps: steps, batchSize: batchSize, lengths: batch.lengths)
    for (k, output) in results.values.enumerated() { arguments.outputs.set(k, output.header) }
    self.plan = plan
    self.inputs = inputs
    self.batch = batch
    self.initialState = initialState
  }

  /// Calls a function of the C library.
  func run(
    _ function: (ModelPassArguments<Scalar>, OpaquePointer) -> CInt
  ) throws(RecurError) {
    let pointer = workspace.pointer
    let status = try withArguments { function($0, pointer) }
    try check(status, modelArgumentNames)
  }

  func withArguments<Result>(
    _ body: (ModelPassArguments<Scalar>) -> Result
  ) throws(RecurError) -> Result {
    let arguments = arguments
    return try batch.withC(batchSize: workspace.batchSize) { batch in
      withVector(initialState) { initial in
        withVector(results.finalState) { final in
          body(arguments.pass(batch, initial, final))
        }
      }
    }
  }
}

/// Calls `body` with the C library's view of a state. The state must outlive the call, and its memory must not
/// be shared if the call writes to it.
func withVector<Scalar: RecurScalar, Result>(
  _ state: ModelState<Scalar>?, _ body: (UnsafeMutablePointer<Scalar.GSLVector>?) -> Result
) -> Result {
  guard let values = state?.values else { return body(nil) }
  var vector = Scalar.vector(values.base, count: values.count)
  return withExtendedLifetime(values) {
    withUnsafeMutablePointer(to: &vector) { body($0) }
  }
}

extension ModelOutputs {
  /// Creates results that the C library will overwrite.
  init(
    _ plan: ModelPlan, steps: Int, batchSize: Int, lengths: [Int]?
  ) throws(RecurError) {
    names = plan.outputs.map { plan.graph.nodes[$0].name }
    values = try plan.outputs.map { node throws(RecurError) in
      let shape = try plan.shape(of: node, steps: steps)
      return try SequenceBatch(
        steps: shape.steps, batchSize: batchSize, features: shape.columns, zeroed: false)
    }
    let all = lengths ?? [steps]
    if let chunk = plan.chunk, all.allSatisfy({ $0.isMultiple(of: chunk) }) {
      finalState = try ModelState(plan, batchSize: batchSize)
    } else {
      finalState = nil
    }
  }
}
