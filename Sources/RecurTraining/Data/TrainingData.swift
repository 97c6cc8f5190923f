// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Examples that batches are made of.
public protocol TrainingData<Scalar>: Sendable {
  associatedtype Scalar: RecurScalar

  /// How many examples there are.
  var count: Int { get }

  /// A batch of the examples with these numbers, in this order.
  func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Scalar>
}

extension TrainingData {
  /// Whether there are examples with these numbers.
  func require(_ examples: ArraySlice<Int>) throws(RecurError) {
    for example in examples where !(0..<count).contains(example) {
      throw .invalid(
        argument: "examples", reason: "have \(example), expected 0 to below \(count)")
    }
  }

  func requireSome(_ name: String) throws(RecurError) {
    guard count > 0 else { throw .invalid(argument: name, reason: "has no examples") }
  }
}
