// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A batch of sequences of tokens: `steps` (T) times `batchSize` (B), time first, as in
/// `SequenceBatch`.
public struct TokenBatch: Sendable, Equatable {
  /// T.
  public let steps: Int

  /// B.
  public let batchSize: Int

  /// T·B tokens: step t of sequence b is at t·B + b.
  public let tokens: [Int]

  /// A batch of tokens.
  ///
  /// - Parameters:
  ///   - steps: T, at least 0.
  ///   - batchSize: B, at least 0.
  ///   - tokens: T·B tokens: step t of sequence b is at t·B + b.
  /// - Throws: `RecurError.invalid(argument:reason:)` for another number of tokens.
  public init(steps: Int, batchSize: Int, tokens: [Int]) throws(RecurError) {
    guard steps >= 0, batchSize >= 0,
      case (let count, false) = steps.multipliedReportingOverflow(by: batchSize),
      count == tokens.count
    else {
      throw .invalid(
        argument: "tokens", reason: "are \(tokens.count), expected \(steps) times \(batchSize)")
    }
    self.steps = steps
    self.batchSize = batchSize
    self.tokens = tokens
  }

  func require(_ vocabularySize: Int) throws(RecurError) {
    for (row, token) in tokens.enumerated() where !(0..<vocabularySize).contains(token) {
      throw .invalid(
        argument: "tokens",
        reason: "has \(token) in row \(row), expected 0 to \(vocabularySize - 1)")
    }
  }
}
