// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A batch of token sequences: `steps` (T) times `batchSize` (B), time first, as in
/// ``SequenceBatch``.
public struct TokenBatch: Sendable, Equatable {
  /// T, the number of steps.
  public let steps: Int

  /// B, the number of sequences.
  public let batchSize: Int

  /// T·B tokens; step t of sequence b is at index t·B + b.
  public let tokens: [Int]

  /// Creates a batch of tokens.
  ///
  /// - Parameters:
  ///   - steps: T, at least 0.
  ///   - batchSize: B, at least 0.
  ///   - tokens: T·B tokens; step t of sequence b is at index t·B + b.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` if the number of tokens is not T·B.
  public init(steps: Int, batchSize: Int, tokens: [Int]) throws(RecurError) {
    guard steps >= 0, batchSize >= 0,
      case (let count, false) = steps.multipliedReportingOverflow(by: batchSize),
      count == tokens.count
    else {
      throw .invalid(
        argument: "tokens",
        reason: "has \(tokens.count) elements, expected \(steps) times \(batchSize)")
    }
    self.steps = steps
    self.batchSize = batchSize
    self.tokens = tokens
  }

  package func require(_ vocabularySize: Int) throws(RecurError) {
    for (row, token) in tokens.enumerated() where !(0..<vocabularySize).contains(token) {
      throw .invalid(
        argument: "tokens",
        reason: "has \(token) in row \(row), expected 0 to \(vocabularySize - 1)")
    }
  }
}
