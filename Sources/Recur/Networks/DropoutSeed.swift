// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The seed of the random masks of a training pass. An element of a mask depends on the seed, the layer,
/// the unit, the sequence and, except in recurrent dropout, the step. Masks of recurrent dropout and
/// zoneout also depend on the direction.
public struct DropoutSeed: Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// The seed of all masks.
  public var seed: UInt64

  /// The index of the first step if the batch is a chunk of longer sequences; below 2³².
  public var firstStep: Int

  /// The index of the first sequence if the batch is a part of a larger one; below 2³².
  public var firstSequence: Int

  /// Creates a seed.
  ///
  /// - Parameters:
  ///   - seed: The seed of all masks.
  ///   - firstStep: The index of the batch's first step; at least 0 and below 2³².
  ///   - firstSequence: The index of the batch's first sequence; at least 0 and below 2³².
  public init(_ seed: UInt64, firstStep: Int = 0, firstSequence: Int = 0) {
    self.seed = seed
    self.firstStep = firstStep
    self.firstSequence = firstSequence
  }

  public init(integerLiteral seed: UInt64) {
    self.init(seed)
  }
}

extension DropoutSeed? {
  /// Throws an error unless a seed is given exactly if a network or a model draws masks.
  func require(_ drawsMasks: Bool, of owner: String) throws(RecurError) {
    guard (self != nil) != drawsMasks else { return }
    throw .invalid(
      argument: "dropoutSeed",
      reason: drawsMasks
        ? "is missing, but the \(owner) has dropout or zoneout"
        : "is given, but the \(owner) has neither dropout nor zoneout")
  }
}
