// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

/// The package g2p-en: letters to phonemes by a GRU that reads the letters and one that writes the phonemes. Its weights
/// are a published model; Tests/golden/g2p.json has the phonemes that the package predicts.
@Suite(.enabled(if: PublishedModels.exist, PublishedModels.absence))
struct G2PTests {
  private let file: SafeTensors
  private let encoder: Model<Float>
  private let decoder: Model<Float>

  private static func names(_ prefix: String) -> TensorNames {
    [
      "\(prefix)_emb": "embedding.weight",
      "\(prefix)_w_ih": "gru.weight_ih_l0", "\(prefix)_w_hh": "gru.weight_hh_l0",
      "\(prefix)_b_ih": "gru.bias_ih_l0", "\(prefix)_b_hh": "gru.bias_hh_l0",
      "fc_w": "fc.weight", "fc_b": "fc.bias",
    ]
  }

  init() throws {
    file = try SafeTensors(
      contentsOfNPZ: PublishedModels.folder.appending(path: "g2p-en/checkpoint20.npz"))
    func gru(_ vocabularySize: Int) -> ModelValue {
      ModelValue.tokens(vocabularySize: vocabularySize).embedding(size: 256).gru(hiddenSize: 256)
    }
    var encoder = try Model<Float>(ModelGraph(outputs: gru(29)))
    var decoder = try Model<Float>(ModelGraph(outputs: gru(74).dense(size: 74).named("fc")))
    try encoder.parameters.load(file, names: Self.names("enc"), allowing: .leftOver)
    try decoder.parameters.load(file, names: Self.names("dec"), allowing: .leftOver)
    (self.encoder, self.decoder) = (encoder, decoder)
  }

  private func tokens(_ word: String) -> [Int] {
    word.utf8.map { Int($0) - Int(UInt8(ascii: "a")) + 3 } + [2]
  }

  /// Greedy decoding: the state of the encoder, then the most probable phoneme from `<s>` (2) to `</s>` (3).
  private func phonemes(_ word: String) throws -> [Int] {
    let letters = tokens(word)
    let batch = try TokenBatch(steps: letters.count, batchSize: 1, tokens: letters)
    let encoded = try #require(try encoder(batch).finalState)
    var state = try decoder.zeroState(batchSize: 1)
    try state.set("gru.h", to: #require(encoded["gru.h"]))
    var (found, last) = ([Int](), 2)
    while found.count < 20 {
      let step = try TokenBatch(steps: 1, batchSize: 1, tokens: [last])
      let result = try decoder(step, initialState: state)
      state = try #require(result.finalState)
      let logits = try result.output.elements
      last = logits.indices.max { logits[$0] < logits[$1] }!
      guard last != 3 else { break }
      found.append(last)
    }
    return found
  }

  @Test func phonemesAreThoseOfThePackage() throws {
    let golden = try JSONDecoder().decode(
      [String: [Int]].self, from: Data(contentsOf: goldenFile("g2p.json")))
    #expect(golden.count == 8)
    for (word, expected) in golden { #expect(try phonemes(word) == expected, "\(word)") }
  }

  /// The package's equations: r, z = σ(W x + b + U h + c), n = tanh(W x + b + r ∘ (U h + c)), h = (1 − z) n + z h.
  @Test func encoderComputesThePackagesEquations() throws {
    func numbers(_ name: String) throws -> [Double] { try #require(file[name]).elements() }
    let (embedding, W, U) = try (numbers("enc_emb"), numbers("enc_w_ih"), numbers("enc_w_hh"))
    let (b, c) = try (numbers("enc_b_ih"), numbers("enc_b_hh"))
    let H = 256
    var h = [Double](repeating: 0, count: H)
    let letters = tokens("equation")
    for letter in letters {
      let x = embedding[letter * H..<(letter + 1) * H]
      var (input, recurrent) = (b, c)
      for row in 0..<3 * H {
        for k in 0..<H {
          input[row] += W[row * H + k] * x[letter * H + k]
          recurrent[row] += U[row * H + k] * h[k]
        }
      }
      for k in 0..<H {
        let r = 1 / (1 + exp(-input[k] - recurrent[k]))
        let z = 1 / (1 + exp(-input[H + k] - recurrent[H + k]))
        let n = tanh(input[2 * H + k] + r * recurrent[2 * H + k])
        h[k] = (1 - z) * n + z * h[k]
      }
    }
    let batch = try TokenBatch(steps: letters.count, batchSize: 1, tokens: letters)
    let output = try encoder(batch).output.elements.suffix(H)
    let largest = zip(output, h).map { abs(Double($0) - $1) }.max() ?? .infinity
    #expect(largest <= 1e-5, "\(largest)")
  }

  @Test func changedArchivesAreRefusedOrComputeOtherPhonemes() throws {
    var other = try Model<Float>(encoder.graph)
    var incomplete = file
    incomplete.tensors.removeAll { $0.name == "enc_b_hh" }
    #expect(
      message {
        try other.parameters.load(incomplete, names: Self.names("enc"), allowing: .leftOver)
      }.hasSuffix("has no tensor enc_b_hh"))
    #expect(
      message { try other.parameters.load(file, names: Self.names("enc")) }
        .contains("has the unexpected tensor dec_"))
    let swapped = Self.names("enc").pairs.merging(
      ["enc_b_ih": "gru.bias_hh_l0", "enc_b_hh": "gru.bias_ih_l0"]) { $1 }
    try other.parameters.load(file, names: TensorNames(swapped), allowing: .leftOver)
    let batch = try TokenBatch(steps: 3, batchSize: 1, tokens: [3, 4, 2])
    #expect(try other(batch).output != encoder(batch).output)
  }
}
