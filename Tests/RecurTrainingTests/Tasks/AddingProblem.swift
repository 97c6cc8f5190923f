// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining

/// The sum of two marked values (Hochreiter and Schmidhuber 1997, in the form of Le, Jaitly and
/// Hinton 2015).
///
/// Each of T steps has a value, uniform in 0 ... 1, and a mark, which is 1 at one step of each half
/// and otherwise 0. The target is the sum of the two marked values. Its variance, 2/12, is the mean
/// squared error of an output that is always 1.
struct AddingProblem: TrainingData {
  static let baseline = 2.0 / 12

  let T: Int
  let count: Int
  let seed: UInt64

  func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Float> {
    let B = examples.count
    var inputs = Array(repeating: Float(0), count: T * B * 2)
    var sums = Array(repeating: Float(0), count: B)
    for (b, example) in examples.enumerated() {
      var generator = SplitMix64(seed: seed, example: example)
      for t in 0..<T { inputs[2 * (t * B + b)] = Float(generator.nextUnit()) }
      let half = T / 2
      for t in [generator.integer(below: half), half + generator.integer(below: T - half)] {
        inputs[2 * (t * B + b) + 1] = 1
        sums[b] += inputs[2 * (t * B + b)]
      }
    }
    let x = try Matrix(rows: T * B, columns: 2, elements: inputs)
    return TrainingBatch(
      input: .features(try SequenceBatch(steps: T, batchSize: B, matrix: x)),
      targets: .values(try Matrix(rows: B, columns: 1, elements: sums)))
  }
}

extension SplitMix64 {
  /// A generator for one example of a seed, so that examples can be drawn individually.
  init(seed: UInt64, example: Int) {
    var ofSeed = SplitMix64(seed: seed)
    var ofExample = SplitMix64(seed: ofSeed.next() &+ UInt64(example))
    self.init(seed: ofExample.next())
  }

  mutating func integer(below bound: Int) -> Int {
    Int(next() % UInt64(bound))
  }
}
