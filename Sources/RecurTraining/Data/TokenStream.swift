// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A long text as training data, for models that predict the next token and for
/// ``Batching/stateful``. The text is split into `batchSize` sequences of equal length, which are
/// read in parallel, `steps` tokens at a time.
public struct TokenStream<Scalar: RecurScalar>: TrainingData {
  /// The tokens of the whole text.
  public var tokens: [Int] { stored.map { Int($0) } }

  /// The number of tokens of the whole text.
  public var tokenCount: Int { stored.count }

  /// A text has millions of tokens.
  private let stored: [UInt32]

  /// T: the number of tokens per sequence in a chunk.
  public let steps: Int

  /// B: the number of sequences.
  public let batchSize: Int

  /// Creates training data from a text.
  ///
  /// - Parameters:
  ///   - tokens: at least T·B + 1 tokens, each at least 0.
  ///   - steps: T, at least 1.
  ///   - batchSize: B, at least 1.
  /// - Throws: `RecurError.invalid(argument:reason:)` if the text is shorter than one chunk, or if a
  ///   token is negative.
  public init(_ tokens: [Int], steps: Int, batchSize: Int) throws(RecurError) {
    var stored: [UInt32] = []
    stored.reserveCapacity(tokens.count)
    for (index, token) in tokens.enumerated() {
      guard let token = UInt32(exactly: token) else {
        throw .invalid(
          argument: "tokens", reason: "has \(token) at index \(index), expected 0 to \(UInt32.max)")
      }
      stored.append(token)
    }
    try self.init(compact: stored, steps: steps, batchSize: batchSize)
  }

  package init(compact tokens: [UInt32], steps: Int, batchSize: Int) throws(RecurError) {
    for (name, value) in [("steps", steps), ("batchSize", batchSize)] where value < 1 {
      throw .invalid(argument: name, reason: "is \(value), expected at least 1")
    }
    guard (tokens.count - 1) / batchSize >= steps else {
      throw .invalid(
        argument: "tokens",
        reason:
          "has \(tokens.count) elements, expected at least \(steps) times \(batchSize) plus one")
    }
    self.stored = tokens
    self.steps = steps
    self.batchSize = batchSize
  }

  private var streamLength: Int { (stored.count - 1) / batchSize }

  /// The number of chunks. Tokens left over at the end of a sequence are not read.
  public var count: Int { streamLength / steps }

  public func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Scalar> {
    guard examples.count == 1, let chunk = examples.first else {
      throw .invalid(
        argument: "batching",
        reason: "takes \(examples.count) chunks at once, expected one (.stateful)")
    }
    try require(examples)
    var (read, next): ([Int], [Int]) = ([], [])
    for t in chunk * steps..<(chunk + 1) * steps {
      for stream in 0..<batchSize {
        read.append(Int(stored[stream * streamLength + t]))
        next.append(Int(stored[stream * streamLength + t + 1]))
      }
    }
    return TrainingBatch(
      input: .tokens(try TokenBatch(steps: steps, batchSize: batchSize, tokens: read)),
      targets: .labels(next))
  }
}
