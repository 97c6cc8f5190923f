// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension Targets {
  func rows(_ places: [Int]) throws(RecurError) -> Targets {
    switch self {
    case .values(let matrix): .values(try matrix.rows(places))
    case .labels(let labels): .labels(places.map { labels[$0] })
    }
  }
}

extension Matrix {
  /// Returns the rows at some places.
  func rows(_ places: [Int]) throws(RecurError) -> Matrix {
    var result = try Matrix(rows: places.count, columns: columns)
    let to = try result.uniqueBase()
    for (row, place) in places.enumerated() {
      (to + row * columns).update(from: base + place * columns, count: columns)
    }
    return withExtendedLifetime(self) { result }
  }
}
