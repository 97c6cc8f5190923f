// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

@testable import RecurCommand

/// A series that is read from a text, with the messages about it.
struct ReadSeries {
  let series: Series
  let notes: [String]

  /// Reads a text as the file f.csv.
  init(_ text: String, _ options: SeriesReading = .init()) throws {
    var notes: [String] = []
    series = try Series.parse(Data(text.utf8), path: "f.csv", options) { notes.append($0) }
    self.notes = notes
  }

  var dates: [String] { series.dates.map(\.description) }
  var values: [Double?] { series.values }

  func next(_ count: Int) throws -> [String] {
    try series.datesAfter(count, path: "f.csv").map(\.description)
  }

  /// The message of the error of a text; nil if it is read.
  static func error(_ text: String, _ options: SeriesReading = .init()) -> String? {
    do {
      _ = try ReadSeries(text, options)
      return nil
    } catch { return "\(error)" }
  }

  /// A file with a header and rows.
  static func lines(_ header: [String], _ rows: [[String]], _ separator: String = ",") -> String {
    ([header] + rows).map { $0.joined(separator: separator) + "\n" }.joined()
  }

  /// A file with dates and the values 1, 2.5, 1, 2.5, ….
  static func text(_ dates: [String], header: String = "date,value\n", separator: String = ",")
    -> String
  {
    header + dates.enumerated().map { "\($1)\(separator)\($0 % 2 == 0 ? "1" : "2.5")\n" }.joined()
  }
}
