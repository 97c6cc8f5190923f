// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A series of 60 years with a season of four and a trend, of which two values may be missing and the last
/// eight multiplied.
func smallSeries(
  in folder: URL, heldOutTimes factor: Int = 1, complete: Bool = false
) throws -> URL {
  let data = folder.appendingPathComponent("series.csv")
  let lines = (0..<60).map { year in
    let value = (year % 4 * 2 + year / 4) * (year >= 52 ? factor : 1)
    return "\(2000 + year),\(!complete && year % 4 == 3 && year < 8 ? "" : "\(value)")"
  }
  try (["date,value"] + lines).joined(separator: "\n").write(
    to: data, atomically: true, encoding: .utf8)
  return data
}
