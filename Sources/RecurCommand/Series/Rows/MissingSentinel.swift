// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension SeriesRows {
  private static let sentinels: Set<Double> = [
    -1, -9, -99, -999, -9999, -99999, -200, 99, 999, 9999, 99999, 999.9, 99.9, 9999.9, -99.9,
    -999.9,
  ]

  /// Reports a number that probably stands for missing values.
  func noteSentinel(_ note: (String) -> Void) {
    var (least, most) = (Double.infinity, -Double.infinity)
    for value in values where !value.isNaN { (least, most) = (min(least, value), max(most, value)) }
    // A number far from all others is the first or the last one.
    for sentinel in [least, most] where Self.sentinels.contains(sentinel) {
      var (count, least, most) = (0, Double.infinity, -Double.infinity)
      for value in values where !value.isNaN {
        if value == sentinel {
          count += 1
        } else {
          (least, most) = (min(least, value), max(most, value))
        }
      }
      guard count >= 3, least <= most else { continue }
      let width = (most - least) / 2
      guard sentinel < least - width || sentinel > most + width else { continue }
      let text = "\(sentinel)".hasSuffix(".0") ? "\(Int(sentinel))" : "\(sentinel)"
      note(
        "\(path): \(count) values are \(text), far from all others (\(least) to \(most)); if these are "
          + "missing, give "
          + "--missing \(text)")
    }
  }
}
