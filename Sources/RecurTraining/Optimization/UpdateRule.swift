// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// An update rule: its options, the vectors that it keeps, and its formula. Each rule has its own
/// file and a case in ``Optimizer``.
protocol UpdateRule {
  /// The names of the vectors that the rule keeps from step to step. Each has the shape of the
  /// parameters and is zero before the first step.
  var memoryNames: [String] { get }

  /// - Throws: `RecurError.invalid(argument:reason:)` if an option is out of range.
  func validate() throws(RecurError)

  /// Updates all parameters, with the operations in PyTorch's order.
  func update<Scalar: RecurScalar>(_ step: UpdateStep<Scalar>)
}

/// The arguments of one update.
struct UpdateStep<Scalar: RecurScalar> {
  /// The number of this step, from 1.
  let number: Int

  /// The learning rate η.
  let learningRate: Double

  /// The number of parameters, which is the length of all vectors here.
  let count: Int

  let parameters: UpdatedVector<Scalar>
  let gradients: UnsafePointer<Scalar>

  /// The vectors that the rule keeps, in the order of ``UpdateRule/memoryNames``.
  let memory: [UpdatedVector<Scalar>]
}

/// A vector before and after an update, in memory that does not overlap.
struct UpdatedVector<Scalar: RecurScalar> {
  let old: UnsafePointer<Scalar>
  let new: UnsafeMutablePointer<Scalar>
}
