// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand

/// Messages about a series that is read, and the values that a forecaster needs.
@Suite struct SeriesReadingTests {
  @Test func filesAndPipesAreRead() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("f.csv")
      try Data("d,v\n2000,1\n2001,2\n2002,4\n".utf8).write(to: file)
      var notes: [String] = []
      let series = try Series.read(file.path) { notes.append($0) }
      #expect(series.values == [1, 2, 4] && notes == [])
      #expect(series.recognition?.file == file.path)
      let piped = try recur("forecast", "-", "--horizon", "1", "--output", folder.path)
      #expect(piped.errors.contains("standard input"), "\(piped.errors)")
    }
  }

  @Test func aSeriesHasEnoughValues() throws {
    let options = ForecasterOptions(
      period: 2, horizon: 2, components: [.network], window: 3, seasons: 2)
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
