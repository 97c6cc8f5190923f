// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A long text as training data, for models that predict the next token and for
/// ``Batching/stateful``. The text is split into `batchSize` sequences of equal length, which are
/// read in parallel, `steps` tokens at a time.
public struct TokenStream<Scalar: RecurScalar>: TrainingData {
  /// The tokens of the whole text.
  public let tokens: [Int]

  /// T: the number of tokens per sequence in a chunk.
  public let steps: Int

  /// B: the number of sequences.
  public let batchSize: Int

  /// Creates training data from a text.
  ///
  /// - Parameters:
  ///   - tokens: at least T·B + 1 tokens.
  ///   - steps: T, at least 1.
  ///   - batchSize: B, at least 1.
  /// - Throws: `RecurError.invalid(argument:reason:)` if the text is shorter than one chunk.
  public init(_ tokens: [Int], steps: Int, batchSize: Int) throws(RecurError) {
    for (name, value) in [("steps", steps), ("batchSize", batchSize)] where value < 1 {
      throw .invalid(argument: name, reason: "is \(value), expected at least 1")
    }
    guard (tokens.count - 1) / batchSize >= steps else {
      throw .invalid(
        argument: "tokens",
        reason:
          "has \(tokens.count) elements, expected at least \(steps) times \(batchSize) plus one")
    }
    self.tokens = tokens
    self.steps = steps
    self.batchSize = batchSize
  }

  private var streamLength: Int { (tokens.count - 1) / batchSize }

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
        read.append(tokens[stream * streamLength + t])
        next.append(tokens[stream * streamLength + t + 1])
      }
    }
    return TrainingBatch(
      input: .tokens(try TokenBatch(steps: steps, batchSize: batchSize, tokens: read)),
      targets: .labels(next))
  }
}
