// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension SequenceModel {
  /// Draws tokens one after another, each from what the model says after all before it, and reads it.
  ///
  /// Token k is drawn with a probability proportional to exp(y_k / `temperature`), where y is the head's
  /// output; with temperature 0 the likeliest is taken. The same seed gives the same tokens.
  ///
  /// - `prompt`: what is read first, one token or more.
  /// - `next`: is told of each token, and whether there is to be another is what it returns.
  /// - Throws: `RecurError` for a model that does not say tokens after every token, an empty prompt, a
  ///   token that it has not, numbers that are not finite, or a temperature below 0; and what `next` throws.
  public func generate(
    after prompt: [Int], temperature: Double = 1, seed: UInt64 = 0, next: (Int) throws -> Bool
  ) throws {
    guard let embedding, reading == .everyStep, outputSize == embedding.vocabularySize else {
      throw RecurError.invalid(argument: "model", reason: "does not say a token after each token")
    }
    try require("temperature", temperature, temperature.isNotNegative, "at least 0")
    guard !prompt.isEmpty else {
      throw RecurError.invalid(argument: "prompt", reason: "is empty, expected at least one token")
    }
    var generator = SplitMix64(seed: seed)
    try generate(network, embedding, prompt) { outputs in
      guard outputs.allSatisfy(\.isFinite) else {
        throw RecurError.invalid(argument: "model", reason: "says a number that is not finite")
      }
      let token = generator.token(outputs, temperature: temperature)
      return try next(token) ? token : nil
    }
  }

  /// `choose`: the next token from what the head says, or nil for the end.
  private func generate<Network: RecurrentNetwork<Scalar>>(
    _ network: Network, _ embedding: Embedding<Scalar>, _ prompt: [Int],
    choose: ([Double]) throws -> Int?
  ) throws {
    let head = head
    var stream = try network.stream(batchSize: 1)
    var features = try Matrix<Scalar>(rows: 1, columns: network.outputSize)
    func vector(_ token: Int) throws(RecurError) -> Matrix<Scalar> {
      try embedding(TokenBatch(steps: 1, batchSize: 1, tokens: [token])).matrix
    }
    for token in prompt { try stream.step(vector(token), into: &features) }
    while let token = try choose(head(features).elements.map { Double($0) }) {
      try stream.step(vector(token), into: &features)
    }
  }
}

extension SplitMix64 {
  fileprivate mutating func token(_ outputs: [Double], temperature: Double) -> Int {
    let most = outputs.max()!
    guard temperature > 0 else { return outputs.firstIndex(of: most)! }
    let weights = outputs.map { exp(($0 - most) / temperature) }
    var left = nextUnit() * weights.reduce(0, +)
    for (token, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return token }
    }
    return outputs.firstIndex(of: most)!
  }
}
