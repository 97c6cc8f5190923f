// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A set of Unicode scalar values in the order of their code points.
///
/// It has a bit for each code point up to the largest word with an element, so it takes at most 204 KiB. A hash table of
/// the characters of a text takes 20 times as long.
struct ScalarSet: Sendable, Equatable {
  private var words: [UInt64] = []

  /// For each word, the number of elements in the words before it.
  private let before: [UInt32]

  /// The number of elements.
  let count: Int

  /// Creates the set of the characters of a text.
  init(of text: String) {
    for character in text.unicodeScalars {
      let word = Int(character.value >> 6)
      if word >= words.count {
        words += repeatElement(0, count: word + 1 - words.count)
      }
      words[word] |= 1 << UInt64(character.value & 63)
    }
    var (before, count): ([UInt32], Int) = ([], 0)
    before.reserveCapacity(words.count)
    for word in words {
      before.append(UInt32(count))
      count += word.nonzeroBitCount
    }
    (self.before, self.count) = (before, count)
  }

  /// Returns the number of smaller elements, or nil if the set does not contain a character.
  func rank(of character: Unicode.Scalar) -> Int? {
    let (index, bit) = (Int(character.value >> 6), UInt64(1) << UInt64(character.value & 63))
    guard index < words.count, words[index] & bit != 0 else { return nil }
    return Int(before[index]) + (words[index] & (bit - 1)).nonzeroBitCount
  }

  /// The elements in ascending order.
  var elements: [Unicode.Scalar] {
    var elements: [Unicode.Scalar] = []
    elements.reserveCapacity(count)
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        elements.append(Unicode.Scalar(UInt32(index << 6 + rest.trailingZeroBitCount))!)
        rest &= rest - 1
      }
    }
    return elements
  }
}
