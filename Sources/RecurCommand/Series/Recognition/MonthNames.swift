// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The names of months in English, German, French and Spanish.
///
/// A word of at least three letters that begins names of one month only stands for it: `Jan`, `sept`, `Mrz`,
/// `janv`, `ene`. `jui` begins the names of two months.
enum MonthNames {
  /// In UTF-8, in lower case, with the month from 1.
  static let all: [(name: [UInt8], month: Int)] = [
    ["january", "januar", "jänner", "janvier", "enero"],
    ["february", "februar", "février", "fevrier", "febrero"],
    ["march", "märz", "maerz", "mrz", "mars", "marzo"],
    ["april", "avril", "abril"], ["may", "mai", "mayo"],
    ["june", "juni", "juin", "junio"], ["july", "juli", "juillet", "julio"],
    ["august", "août", "aout", "agosto"], ["september", "septembre", "septiembre", "setiembre"],
    ["october", "oktober", "octobre", "octubre"], ["november", "novembre", "noviembre"],
    ["december", "dezember", "décembre", "decembre", "diciembre"],
  ].enumerated().flatMap { index, names in names.map { (Array($0.utf8), index + 1) } }

  /// Returns the month of a word; nil if it begins no name, or names of several months.
  ///
  /// - Parameter word: The bytes of the word, in lower case.
  static func month(_ word: some Collection<UInt8>) -> Int? {
    // An accented letter has two bytes.
    guard word.count >= 3 + word.count(where: { $0 & 0xC0 == 0x80 }) else { return nil }
    var found: Int?
    for (name, month) in all where name.starts(with: word) {
      guard found == nil || found == month else { return nil }
      found = month
    }
    return found
  }

  static func month(_ name: String) -> Int? { month(Array(name.lowercased().utf8)) }
}
