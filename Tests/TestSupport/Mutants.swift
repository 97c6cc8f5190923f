// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Returns a file with one to three random changes of its bytes, pieces or decimal numbers.
public func mutant(of file: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
  var bytes = file
  for _ in 0...generator.below(3) where !bytes.isEmpty {
    let place = generator.below(bytes.count)
    let end = min(bytes.count, place + 1 + generator.below(40))
    switch generator.below(8) {
    case 0: bytes[place] = UInt8(generator.below(256))
    case 1: bytes[place] ^= 1 << UInt8(generator.below(8))
    case 2: bytes.remove(at: place)
    case 3: bytes.insert(UInt8(generator.below(256)), at: place)
    case 4: bytes.removeSubrange(place..<end)
    case 5:
      bytes.insert(contentsOf: Array(bytes[place..<end]), at: generator.below(bytes.count + 1))
    default: replaceNumber(in: &bytes, from: place, &generator)
    }
  }
  return bytes
}

private let numbers = [
  "-1", "0", "1", "2", "3", "7", "4096", "1048576", "4294967296", "9223372036854775807",
  "18446744073709551616", "-0.5", "1e-320", "1e308", "1e999", "null", "[]", "\"x\"",
]

/// Replaces the decimal number at or after a place.
private func replaceNumber(
  in bytes: inout [UInt8], from place: Int, _ generator: inout SplitMix64
) {
  func isPart(_ byte: UInt8) -> Bool { "0123456789.-".utf8.contains(byte) }
  guard let begin = bytes[place...].firstIndex(where: isPart) else { return }
  let end = bytes[begin...].firstIndex { !isPart($0) } ?? bytes.count
  bytes.replaceSubrange(begin..<end, with: numbers[generator.below(numbers.count)].utf8)
}

extension SplitMix64 {
  fileprivate mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
