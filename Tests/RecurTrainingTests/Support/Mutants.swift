// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// Files that differ from a valid one in a few places.
struct Mutants: Sequence, IteratorProtocol {
  private let file: Data
  private var left: Int
  private var generator: SplitMix64

  init(of file: Data, count: Int, seed: UInt64) {
    (self.file, left, generator) = (Data(file), count, SplitMix64(seed: seed))
  }

  /// Returns the file with one to four changes: a byte replaced, a few bytes removed, repeated or overwritten by ones.
  mutating func next() -> Data? {
    guard left > 0 else { return nil }
    left -= 1
    var mutant = file
    for _ in 0...random(4) where !mutant.isEmpty {
      let first = random(mutant.count)
      let range = first..<Swift.min(first + 1 + random(8), mutant.count)
      switch random(4) {
      case 0: mutant[first] = UInt8(random(256))
      case 1: mutant.replaceSubrange(range, with: Data())
      case 2: mutant.insert(contentsOf: Data(mutant[range]), at: first)
      default: mutant.replaceSubrange(range, with: Data(repeating: 0xff, count: range.count))
      }
    }
    return mutant
  }

  private mutating func random(_ count: Int) -> Int {
    Int(generator.next() % UInt64(count))
  }
}
