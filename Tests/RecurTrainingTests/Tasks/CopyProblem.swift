// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The repetition of ten symbols after a long delay (Hochreiter and Schmidhuber 1997, in the form
/// of Arjovsky, Shah and Bengio 2016).
///
/// A sequence has T + 20 tokens: ten of the symbols 0 ..< 8; T − 1 blanks; a start signal; ten
/// blanks. The targets are T + 10 blanks and the ten symbols. The best outputs without memory are
/// blanks, and then each symbol with probability 1/8. Their cross-entropy is 10 log 8 / (T + 20)
/// nats.
struct CopyProblem: TrainingData {
  static let vocabularySize = 10
  private static let (symbols, blank, sign) = (8, 8, 9)

  var baseline: Double { 10 * log(8) / Double(T + 20) }

  let T: Int
  let count: Int
  let seed: UInt64

  func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Float> {
    let (steps, B) = (T + 20, examples.count)
    var tokens = Array(repeating: Self.blank, count: steps * B)
    var targets = tokens
    for (b, example) in examples.enumerated() {
      var generator = SplitMix64(seed: seed, example: example)
      for k in 0..<10 {
        let symbol = generator.integer(below: Self.symbols)
        tokens[k * B + b] = symbol
        targets[(T + 10 + k) * B + b] = symbol
      }
      tokens[(T + 9) * B + b] = Self.sign
    }
    return TrainingBatch(
      input: .tokens(try TokenBatch(steps: steps, batchSize: B, tokens: tokens)),
      targets: .labels(targets))
  }
}
