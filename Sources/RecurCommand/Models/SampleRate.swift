// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The sampling rate of a model, in samples per second, among the strings of its file.
enum SampleRate {
  private static let key = "sampleRate"

  static func strings(_ rate: Double?) -> [String: String] {
    rate.map { [key: "\($0)"] } ?? [:]
  }

  /// Reads the rate; nil if there is none.
  static func read(_ strings: [String: String], _ path: String) throws -> Double? {
    guard let text = strings[key] else { return nil }
    guard let rate = Double(text), rate > 0, rate.isFinite else {
      throw BadInput(
        "\(path): has the \(key) \"\(text.printable)\", expected a positive finite number")
    }
    return rate
  }
}
