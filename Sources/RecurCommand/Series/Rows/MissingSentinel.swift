// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension SeriesRows {
  /// Numbers that are unusual as values, so that one of them is reported.
  private static let codes: Set<Double> = [
    -99, -999, -9999, -99999, 999, 9999, 99999, 999.9, 9999.9, -99.9, -999.9, -9999.9, -99.99,
    -999.99, 9_999_999, 99_999_999, -999_999, 999_999,
  ]

  /// Numbers that stand for missing values if they are frequent.
  private static let frequentCodes: Set<Double> = [-1, -9, -200, 99, 99.9]

  /// How many ranges of all others a single value may be away from them.
  private static let farthest = 1000.0

  /// Warns of a number that probably stands for missing values, and of a single value far from all others.
  func warnOfOutliers(_ note: (String) -> Void) {
    var (least, most) = (Double.infinity, -Double.infinity)
    for value in values where !value.isNaN { (least, most) = (min(least, value), max(most, value)) }
    // A number far from all others is the first or the last one.
    for extreme in least < most ? [least, most] : [] {
      var (indices, least, most) = ([Int](), Double.infinity, -Double.infinity)
      for (index, value) in values.enumerated() where !value.isNaN {
        if value == extreme {
          indices.append(index)
        } else {
          (least, most) = (min(least, value), max(most, value))
        }
      }
      // Half of each number, because the difference could overflow.
      let (width, distance) = (
        most / 2 - least / 2, extreme < least ? least / 2 - extreme / 2 : extreme / 2 - most / 2
      )
      let isCode =
        Self.codes.contains(extreme) || Self.frequentCodes.contains(extreme) && indices.count >= 3
      let isMistake = indices.count == 1 && distance > Self.farthest * width && width > 0
      guard isCode && 2 * distance > width || isMistake else { continue }
      let text = Self.text(extreme)
      let count = indices.count == 1 ? "the value" : "\(indices.count) values, here and later,"
      note(
        "warning: \(place(indices[0])): \(count) \(indices.count == 1 ? "is" : "are") \(text), far from all "
          + "others (\(Self.text(least)) to \(Self.text(most))); if missing, give --missing \(text)"
      )
    }
  }

  private static func text(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
