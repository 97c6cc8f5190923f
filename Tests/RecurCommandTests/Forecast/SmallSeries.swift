// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Writes a yearly series of 60 values with a trend and a season of four values.
///
/// - Parameters:
///   - folder: The folder for the file.
///   - factor: A factor of the last eight values.
///   - complete: Whether the series has all values; otherwise, two are missing.
/// - Returns: The file.
/// - Throws: An error if the file cannot be written.
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

/// Writes a text of 2000 characters: a few words in an order that `seed` determines.
func smallText(in folder: URL, seed: UInt64 = 7) throws -> URL {
  let words = ["night", "über", "naïve", "the", "sees", "of", "日本", "a"]
  var (state, text) = (seed, "")
  while text.unicodeScalars.count < 2000 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    text += words[Int(state >> 61)] + (state >> 58 & 7 == 0 ? "\n" : " ")
  }
  let file = folder.appendingPathComponent("text \(seed).txt")
  try text.write(to: file, atomically: true, encoding: .utf8)
  return file
}
