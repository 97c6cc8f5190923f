// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Information on the training series that `recur train series` stores with the networks.
struct SeriesInfo {
  /// The date of the last training value.
  var lastDate: String
  var interval: String

  /// How the file was read, as far as it was given.
  var reading: SeriesReading
}

extension SeriesInfo {
  private static let (lastDateKey, intervalKey, columnKey) = ("last-date", "interval", "column")
  private static let readingKey = "reading"

  /// Reads the information from a file's strings; nil if the file has none.
  init?(_ info: [String: String]) {
    guard let lastDate = info[Self.lastDateKey], let interval = info[Self.intervalKey] else {
      return nil
    }
    let stored = info[Self.readingKey].flatMap {
      try? JSONDecoder().decode(SeriesReading.self, from: Data($0.utf8))
    }
    self.init(lastDate: lastDate, interval: interval, reading: stored ?? .init())
    reading.column = reading.column ?? info[Self.columnKey]
  }

  var strings: [String: String] {
    var strings = [Self.lastDateKey: lastDate, Self.intervalKey: interval]
    strings[Self.columnKey] = reading.column
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
