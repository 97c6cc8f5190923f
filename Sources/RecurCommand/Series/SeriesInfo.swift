// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What a file that `recur train series` writes says of the series, beside the networks.
struct SeriesInfo {
  /// Of the values that were trained on.
  var lastDate: String
  var interval: String

  /// The name of the column of values, if one was given.
  var column: String?
}

extension SeriesInfo {
  private static let (lastDateKey, intervalKey, columnKey) = ("last-date", "interval", "column")

  /// Nil where a file does not say it.
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
