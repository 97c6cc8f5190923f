// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Information on the training series that `recur train series` stores with the networks.
struct SeriesInfo {
  /// The date of the last training value.
  var lastDate: String
  var interval: String

  /// The name of the value column, if one was given.
  var column: String?
}

extension SeriesInfo {
  private static let (lastDateKey, intervalKey, columnKey) = ("last-date", "interval", "column")

  /// Reads the information from a file's strings; nil if the file has none.
  init?(_ info: [String: String]) {
    guard let lastDate = info[Self.lastDateKey], let interval = info[Self.intervalKey] else {
      return nil
    }
    self.init(lastDate: lastDate, interval: interval, column: info[Self.columnKey])
  }

  var strings: [String: String] {
    var strings = [Self.lastDateKey: lastDate, Self.intervalKey: interval]
    strings[Self.columnKey] = column
    return strings
  }
}
