// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The state that a model passes from one chunk of steps to the next: one vector with the states of all its
/// nodes.
///
/// A network `lstm` has the parts `lstm.h` (L·D·B x P) and `lstm.c` (L·D·B x H); a causal convolution `conv` has
/// `conv.inputs`, its last dilation·(K − 1) inputs by step.
public struct ModelState<Scalar: RecurScalar>: Sendable, Equatable {
  /// The number of sequences, B.
  public let batchSize: Int

  var values: ParameterVector<Scalar>

  init(_ plan: ModelPlan, batchSize: Int) throws(RecurError) {
    self.batchSize = batchSize
    values = try ParameterVector(slices: plan.inC.stateSlices(batchSize: batchSize))
  }

  /// The named matrices of the state, in order.
  public var slices: [ParameterSlice] { values.slices }

  /// A copy of one part; nil if no part has this name, or if memory cannot be allocated.
  ///
  /// - Parameter name: The name, such as `lstm.h`.
  public subscript(name: String) -> Matrix<Scalar>? { values[name] }

  /// Replaces one part.
  ///
  /// - Parameters:
  ///   - name: The name of the part, such as `lstm.h`.
  ///   - matrix: A matrix with the shape of the part.
  /// - Throws: ``RecurError`` if the name is unknown, the shape is wrong, or memory cannot be allocated.
  public mutating func set(_ name: String, to matrix: Matrix<Scalar>) throws(RecurError) {
    try values.set(name, to: matrix)
  }
}

extension Model {
  /// Returns the names and shapes of the parts of a state, without a state.
  ///
  /// - Parameter batchSize: The batch size B.
  /// - Returns: The parts in order.
  /// - Throws: ``RecurError`` if the size is negative or too large.
  package func stateSlices(batchSize: Int) throws(RecurError) -> [ParameterSlice] {
    try plan.inC.stateSlices(batchSize: batchSize)
  }

  /// Creates a state of zeros.
  ///
  /// - Parameter batchSize: The batch size B.
  /// - Returns: The state.
  /// - Throws: ``RecurError`` if the size is negative or too large, or memory cannot be allocated.
  public func zeroState(batchSize: Int) throws(RecurError) -> ModelState<Scalar> {
    try ModelState(plan, batchSize: batchSize)
  }
}

extension ModelPlan {
  /// Throws an error unless a state belongs to this model and to a batch of this size.
  func require<Scalar>(
    _ state: ModelState<Scalar>?, batchSize: Int, named name: String
  ) throws(RecurError) {
    guard let state else { return }
    try state.values.require(inC.stateSlices(batchSize: batchSize), named: name)
  }
}
