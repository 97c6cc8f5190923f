// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Information on the training series that `recur train series` stores with the networks.
struct SeriesInfo {
  /// The date of the last training value.
  var lastDate: String
  var interval: String

  /// The minimum and the maximum of the training values; nil in a file without them.
  var range: ClosedRange<Double>?

  /// The name of the value column; nil in a file without it.
  var name: String?

  /// How the file was read, as far as it was given.
  var reading: SeriesReading
}

extension SeriesInfo {
  private static let (lastDateKey, intervalKey, columnKey) = ("last-date", "interval", "column")
  private static let (readingKey, minimumKey, maximumKey) = ("reading", "minimum", "maximum")
  private static let nameKey = "value-column"

  /// Reads the information from a file's strings; nil if the file has none.
  init?(_ info: [String: String]) {
    guard let lastDate = info[Self.lastDateKey], let interval = info[Self.intervalKey] else {
      return nil
    }
    let stored = info[Self.readingKey].flatMap {
      try? JSONDecoder().decode(SeriesReading.self, from: Data($0.utf8))
    }
    self.init(
      lastDate: lastDate, interval: interval, range: Self.range(info), name: info[Self.nameKey],
      reading: stored ?? .init())
    reading.column = reading.column ?? info[Self.columnKey]
  }

  private static func range(_ info: [String: String]) -> ClosedRange<Double>? {
    guard let minimum = info[minimumKey].flatMap(Double.init),
      let maximum = info[maximumKey].flatMap(Double.init), minimum <= maximum
    else { return nil }
    return minimum...maximum
  }

  var strings: [String: String] {
    var strings = [Self.lastDateKey: lastDate, Self.intervalKey: interval]
    strings[Self.columnKey] = reading.column
    strings[Self.nameKey] = name
    strings[Self.minimumKey] = range.map { "\($0.lowerBound)" }
    strings[Self.maximumKey] = range.map { "\($0.upperBound)" }
    var others = reading
    others.column = nil
    guard others != SeriesReading() else { return strings }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    strings[Self.readingKey] = (try? encoder.encode(others)).map {
      String(decoding: $0, as: UTF8.self)
    }
    return strings
  }
}
