// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A text of bytes, and the bigram baseline for predicting them.
struct Text {
  /// The bytes as indices in 0 ..< vocabularySize.
  let tokens: [Int]
  let vocabularySize: Int

  init(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    let alphabet = Set(bytes).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: alphabet.enumerated().map { ($1, $0) })
    tokens = bytes.map { numbers[$0]! }
    vocabularySize = alphabet.count
  }

  /// The first eight tenths, the ninth tenth, and the last tenth.
  var training: [Int] { Array(tokens[..<(tokens.count * 8 / 10)]) }
  var validation: [Int] { Array(tokens[(tokens.count * 8 / 10)..<(tokens.count * 9 / 10)]) }
  var test: [Int] { Array(tokens[(tokens.count * 9 / 10)...]) }

  /// The cross-entropy in nats of the test part, without its first token, under the bigram counts
  /// of the other parts plus one: −log (n(a, b) + 1) / (n(a) + V).
  var bigramEntropy: Double {
    var counts = Array(
      repeating: Array(repeating: 1.0, count: vocabularySize), count: vocabularySize)
    let known = training + validation
    for (a, b) in zip(known, known.dropFirst()) { counts[a][b] += 1 }
    let totals = counts.map { $0.reduce(0, +) }
    let entropies = zip(test, test.dropFirst()).map { -log(counts[$0][$1] / totals[$0]) }
    return entropies.reduce(0, +) / Double(entropies.count)
  }
}
