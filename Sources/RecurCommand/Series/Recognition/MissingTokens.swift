// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The texts that stand for a missing value.
struct MissingTokens {
  /// More numbers that stand for missing values, such as -999.
  private(set) var numbers: [Double] = []
  private var texts: Set<[UInt8]> = Set(Self.usual.map { Array($0.utf8) })
  private let longest: Int

  /// In lower case; capitals do not matter.
  static let usual = [
    "na", "n/a", "nan", "null", "none", "nil", ".", "..", "-", "--", "#n/a", "?", "nd",
  ]

  /// - Parameter more: Texts and numbers in addition to the usual ones.
  init(_ more: [String] = []) {
    for token in more {
      let trimmed = Array(token.lowercased().utf8)
      texts.insert(trimmed)
      if let number = Double(token) { numbers.append(number) }
    }
    longest = texts.map(\.count).max() ?? 0
  }

  func contains(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return true }
    // Nearly all numbers begin or end with a digit.
    let (first, last) = (bytes[range.lowerBound], bytes[range.upperBound - 1])
    if first &- 0x30 < 10 || last &- 0x30 < 10, numbers.isEmpty, texts.count == Self.usual.count {
      return false
    }
    guard range.count <= longest else { return false }
    return texts.contains(bytes[range].map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 })
  }

  func contains(_ number: Double) -> Bool { !numbers.isEmpty && numbers.contains(number) }
}
