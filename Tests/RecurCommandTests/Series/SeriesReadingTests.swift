// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand

/// Messages about a series that is read, and the values that a forecaster needs.
@Suite struct SeriesReadingTests {
  private func parse(_ text: String, column: String? = nil) throws -> Series {
    try Series.parse(text, path: "f.csv", column: column)
  }

  @Test func omissionsAreReported() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("f.csv")
      func read(_ text: String, column: String? = nil) throws -> (Series, [String]) {
        try Data(text.utf8).write(to: file)
        var notes: [String] = []
        let series = try Series.read(file.path, column: column) {
          notes.append($0.replacing(file.path, with: "f.csv"))
        }
        return (series, notes)
      }
      #expect(try read("d,v\n2000,1\n2001,2\n").1 == [])
      let (series, notes) = try read("d,v\n2000,1\n2001,2\n2003,4\n2006,\n")
      #expect(series.values == [1, 2, nil, 4])
      #expect(
        notes == [
          "f.csv: dates are 12 months apart; lines missing: 1, the first for 2002",
          "f.csv: the last 3 values are missing; the series ends at 2003",
        ])
      let (days, absent) = try read("d,v\n2000-01-01,1\n2000-01-02,2\n2000-01-05,3\n2000-01-06,\n")
      #expect(days.dates.count == 5)
      #expect(
        absent == [
          "f.csv: dates are 1 day apart; lines missing: 2, the first for 2000-01-03",
          "f.csv: the last value is missing; the series ends at 2000-01-05",
        ])
      try Data([0x64, 0x2C, 0xFF]).write(to: file)
      #expect { try Series.read(file.path, column: nil) { _ in } } throws: {
        "\($0)" == "\(file.path): is not UTF-8, expected a CSV file in UTF-8"
      }
    }
  }

  @Test func columnsAreListed() {
    let many = (0..<10).map { "c\($0)" }
    for (header, column, list) in [
      ("d,v", "w", #""d", "v""#), ("d,v,v", "v", #""d", "v", "v""#), ("d,v", "d", #""d", "v""#),
      (many.joined(separator: ","), "x", many.map { "\"\($0)\"" }.joined(separator: ", ")),
      (
        many.joined(separator: ",") + ",c10", "x",
        many.map { "\"\($0)\"" }.joined(separator: ", ") + ", …"
      ),
    ] {
      #expect { try parse(header + "\n", column: column) } throws: {
        "\($0)"
          == "f.csv:1: has the columns [\(list)], expected exactly one \"\(column)\" after the date "
          + "column"
      }
    }
  }

  @Test func aSeriesHasEnoughValues() throws {
    let options = ForecasterOptions(period: 2, horizon: 2, window: 3, seasons: 2)
    func message(_ values: [Double?], origins: Int) -> String? {
      let dates = (0..<values.count).map { "\(2000 + $0)" }
      do {
        let series = Series(dates: try dates.map { try SeriesDate($0, at: "") }, values: values)
        if origins == 0 {
          try series.require(options, path: "f.csv")
        } else {
          try series.require(options, compared: BacktestOptions(origins: origins), path: "f.csv")
        }
      } catch { return "\(error)" }
      return nil
    }
    let nine: [Double?] = Array(repeating: 1, count: 9)
    #expect(message(nine, origins: 0) == nil)
    let sizes = "--seasons 2 * --period 2 + --window 3 + --horizon 2"
    #expect(
      message(nine.dropLast(), origins: 0)
        == "f.csv: has 8 values, expected at least 9: \(sizes)")
    #expect(
      message(nine + [1], origins: 1)
        == "f.csv: has 10 values, expected at least 11: \(sizes) + 2 held-out values")
    #expect(message(nine + [1, 1], origins: 1) == nil)
    #expect(
      message(nine + [1, 1, 1], origins: 2)
        == "f.csv: has 12 values, expected at least 13: \(sizes) + 4 held-out values")
    let none: [Double?] = Array(repeating: nil, count: 9)
    #expect(message(none, origins: 0) == "f.csv: has no known values")
    let reason = "f.csv: has no known values before the first origin, or none after it"
    #expect(message(none + [1, 1], origins: 1) == reason)
    #expect(message(nine + [nil, nil], origins: 1) == reason)
    #expect(message([1] + none.dropLast() + [nil, 1], origins: 1) == nil)
  }
}
