// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

@Suite struct GenerationTests {
  @Test func aTextIsItsTokensAgain() throws {
    let text = "e\u{301}é\r\nb\u{0}a"
    let vocabulary = Vocabulary(of: text)
    #expect(vocabulary.contents.unicodeScalars.map(\.value) == [0, 10, 13, 97, 98, 101, 233, 769])
    let tokens = try vocabulary.tokens(of: text)
    #expect(tokens == [5, 7, 6, 2, 1, 4, 0, 3])
    #expect(Array(vocabulary.text(of: tokens).unicodeScalars) == Array(text.unicodeScalars))
    #expect(try Vocabulary(contents: vocabulary.contents) == vocabulary)
    #expect(throws: RecurError.self) { try vocabulary.tokens(of: "ax") }
    #expect(throws: RecurError.self) { try Vocabulary(contents: "ba") }
    #expect(throws: RecurError.self) { try Vocabulary(contents: "aa") }
  }

  private func model(_ network: any RecurrentNetwork<Double>) throws -> SequenceModel<Double> {
    try SequenceModel(
      embedding: Embedding(vocabularySize: 5, size: 3, seed: 1), network: network,
      head: Linear(inputSize: 4, outputSize: 5, initialization: .uniform, seed: 2),
      reading: .everyStep)
  }

  private func generate(
    _ model: SequenceModel<Double>, _ count: Int, temperature: Double, seed: UInt64 = 1
  ) throws -> [Int] {
    var tokens: [Int] = []
    try model.generate(after: [2, 0, 1], temperature: temperature, seed: seed) {
      tokens.append($0)
      return tokens.count < count
    }
    return tokens
  }

  /// Passes over the whole sequence so far give the most probable next token.
  @Test func theLikeliestIsWhatWholePassesSay() throws {
    let networks: [any RecurrentNetwork<Double>] = [
      try LSTM(inputSize: 3, hiddenSize: 4, layers: 2, initialization: .uniform, seed: 3),
      try GRU(inputSize: 3, hiddenSize: 4, initialization: .uniform, seed: 3),
    ]
    for network in networks {
      let model = try model(network)
      var tokens = [2, 0, 1]
      for _ in 0..<20 {
        let read = try TokenBatch(steps: tokens.count, batchSize: 1, tokens: tokens)
        let outputs = try model(.tokens(read)).output.elements.suffix(5)
        tokens.append(outputs.enumerated().max { $0.element < $1.element }!.offset)
      }
      #expect(try generate(model, 20, temperature: 0) == Array(tokens.dropFirst(3)))
    }
  }

  /// Compares the frequency of each first token with its probability, within four standard
  /// deviations.
  @Test func tokensAreDrawnByTheirProbabilities() throws {
    let model = try model(LSTM(inputSize: 3, hiddenSize: 4, initialization: .uniform, seed: 3))
    let read = try TokenBatch(steps: 3, batchSize: 1, tokens: [2, 0, 1])
    let outputs = try model(.tokens(read)).output.elements.suffix(5)
    for temperature in [0.5, 2] {
      let weights = outputs.map { exp($0 / temperature) }
      let sum = weights.reduce(0, +)
      var counts = Array(repeating: 0, count: 5)
      let draws = 4000
      for seed in 0..<draws {
        counts[try generate(model, 1, temperature: temperature, seed: UInt64(seed))[0]] += 1
      }
      for (count, weight) in zip(counts, weights) {
        let p = weight / sum
        let deviation = (Double(draws) * p * (1 - p)).squareRoot()
        #expect(abs(Double(count) - Double(draws) * p) < 4 * deviation, "\(temperature): \(counts)")
      }
    }
  }

  @Test func whatCannotBeGeneratedIsRefused() throws {
    let lstm = try LSTM<Double>(inputSize: 3, hiddenSize: 4, seed: 0)
    let good = try model(lstm)
    let numbers = try SequenceModel(
      network: lstm, head: Linear(inputSize: 4, outputSize: 5, seed: 0), reading: .everyStep)
    let calls: [(SequenceModel<Double>, [Int], Double)] = [
      (good, [], 1), (good, [5], 1), (good, [0], -1), (good, [0], .nan), (numbers, [0], 1),
    ]
    for (model, prompt, temperature) in calls {
      #expect(throws: RecurError.self) {
        try model.generate(after: prompt, temperature: temperature) { _ in false }
      }
    }
  }
}
