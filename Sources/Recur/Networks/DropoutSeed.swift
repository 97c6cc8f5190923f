// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The seed of a training pass's masks. Each element of a mask depends only on the seed, the layer, the
/// unit, the sequence and the step; for recurrent dropout and zoneout also on the direction, and for
/// recurrent dropout not on the step.
public struct DropoutSeed: Sendable, Hashable, ExpressibleByIntegerLiteral {
  public var seed: UInt64

  /// The number of the first step, where the batch is a chunk of longer sequences; below 2³².
  public var firstStep: Int

  /// The number of the first sequence, where the batch is a part of a larger one; below 2³².
  public var firstSequence: Int

  /// A seed.
  ///
  /// - Parameters:
  ///   - seed: the seed of all masks.
  ///   - firstStep: the number of the batch's first step, from 0 to below 2³².
  ///   - firstSequence: the number of the batch's first sequence, from 0 to below 2³².
  public init(_ seed: UInt64, firstStep: Int = 0, firstSequence: Int = 0) {
    self.seed = seed
    self.firstStep = firstStep
    self.firstSequence = firstSequence
  }

  public init(integerLiteral seed: UInt64) {
    self.init(seed)
  }
}
