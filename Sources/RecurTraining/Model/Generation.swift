// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension SequenceModel {
  /// Generates tokens one after another. Each is drawn from the model's output after all tokens
  /// before it.
  ///
  /// The probability of token k is proportional to exp(yₖ / `temperature`), where y is the head's
  /// output. With temperature 0, the most probable token is chosen. The same seed gives the same
  /// tokens.
  ///
  /// - Parameters:
  ///   - prompt: the tokens to continue, at least one.
  ///   - temperature: the temperature, at least 0.
  ///   - seed: the seed of the random draws.
  ///   - next: called with each token; returns whether to generate another.
  /// - Throws: `RecurError` if the model does not predict a token at every step, the prompt is
  ///   empty, a token is out of range, an output is not finite, or the temperature is below 0; any
  ///   error that `next` throws.
  public func generate(
    after prompt: [Int], temperature: Double = 1, seed: UInt64 = 0, next: (Int) throws -> Bool
  ) throws {
    guard let embedding, reading == .everyStep, outputSize == embedding.vocabularySize else {
      throw RecurError.invalid(argument: "model", reason: "does not predict a token at every step")
    }
    try require("temperature", temperature, temperature.isNotNegative, "at least 0")
    guard !prompt.isEmpty else {
      throw RecurError.invalid(argument: "prompt", reason: "is empty, expected at least one token")
    }
    var generator = SplitMix64(seed: seed)
    try generate(network, embedding, prompt) { outputs in
      guard outputs.allSatisfy(\.isFinite) else {
        throw RecurError.invalid(argument: "model", reason: "has an output that is not finite")
      }
      let token = generator.token(outputs, temperature: temperature)
      return try next(token) ? token : nil
    }
  }

  /// Reads the prompt and then each chosen token.
  ///
  /// - Parameters:
  ///   - network: the model's network.
  ///   - embedding: the model's embedding.
  ///   - prompt: the tokens to continue.
  ///   - choose: returns the next token from the head's output, or nil to end.
  /// - Throws: any error that `choose` throws.
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
