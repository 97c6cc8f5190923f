// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension SeriesRows {
  private static let sentinels: Set<Double> = [
    -1, -9, -99, -999, -9999, -99999, -200, 99, 999, 9999, 99999, 999.9, 99.9, 9999.9, -99.9, -999.9,
  ]

  /// Reports a number that probably stands for missing values.
  func noteSentinel(_ note: (String) -> Void) {
    var counts: [Double: Int] = [:]
    for value in values where Self.sentinels.contains(value) { counts[value, default: 0] += 1 }
    for (sentinel, count) in counts.sorted(by: { $0.key < $1.key }) where count >= 3 {
      let others = values.lazy.filter { !$0.isNaN && $0 != sentinel }
      guard let least = others.min(), let most = others.max() else { continue }
      let width = most - least
      if sentinel < least - width / 2 || sentinel > most + width / 2 {
        let text = "\(sentinel)".hasSuffix(".0") ? "\(Int(sentinel))" : "\(sentinel)"
        note(
          "\(path): \(count) values are \(text), far from all others (\(least) to \(most)); if these are missing, give "
            + "--missing \(text)")
      }
    }
  }
}
