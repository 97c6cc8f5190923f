// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// An optimizer: its options, the vectors that it keeps, and its formula. Each has its own file,
/// and is listed in ``Optimizer``.
protocol UpdateRule {
  /// The names of the vectors that it keeps from step to step. Each has the shape of the parameters and
  /// is zero before the first step.
  var memoryNames: [String] { get }

  /// - Throws: `RecurError.invalid(argument:reason:)` for an option out of range.
  func validate() throws(RecurError)

  /// Updates all parameters, with the operations in PyTorch's order.
  func update<Scalar: RecurScalar>(_ step: UpdateStep<Scalar>)
}

/// The arguments of one update.
struct UpdateStep<Scalar: RecurScalar> {
  /// The number of this step; 1 is the first.
  let number: Int

  /// η.
  let learningRate: Double

  /// The number of parameters, and the length of all vectors here.
  let count: Int

  let parameters: UnsafeMutablePointer<Scalar>
  let gradients: UnsafePointer<Scalar>

  /// In the order of ``UpdateRule/memoryNames``.
  let memory: [UnsafeMutablePointer<Scalar>]
}
