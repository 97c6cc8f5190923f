// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Examples from which batches are formed.
public protocol TrainingData<Scalar>: Sendable {
  associatedtype Scalar: RecurScalar

  /// The number of examples.
  var count: Int { get }

  /// Returns a batch of examples.
  ///
  /// - Parameter examples: the indices of the examples, 0 ..< count, in the order of the batch.
  /// - Returns: the batch.
  /// - Throws: `RecurError` if an index does not exist, or if memory allocation fails.
  func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Scalar>
}

extension TrainingData {
  /// Throws an error if an index does not exist.
  func require(_ examples: ArraySlice<Int>) throws(RecurError) {
    for example in examples where !(0..<count).contains(example) {
      throw .invalid(
        argument: "examples", reason: "has index \(example), expected 0 to below \(count)")
    }
  }

  func requireSome(_ name: String) throws(RecurError) {
    guard count > 0 else { throw .invalid(argument: name, reason: "has no examples") }
  }
}
