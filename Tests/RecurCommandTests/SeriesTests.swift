// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

@Suite struct SeriesTests {
  private func parse(_ text: String, column: String? = nil) throws -> Series {
    try Series.parse(text, path: "f.csv", column: column)
  }

  @Test func valuesMayBeMissing() throws {
    let series = try parse("date,a,b\n2000-01-01,1,5\n2000-01-08,,6\r\n2000-01-15,4.5,\n\n")
    #expect(series.dates == ["2000-01-01", "2000-01-08", "2000-01-15"])
    #expect(series.values == [1, nil, 4.5])
    #expect(series.missing == 1)
    #expect(try parse("date,a,b\n2001,1,5\n2002,2,6", column: "b").values == [5, 6])
  }

  @Test(arguments: [
    ("", "f.csv: is empty, expected a header and lines of date,value"),
    ("date\n1", "f.csv:1: has 1 column, expected at least a date and a value"),
    ("d,v\n2001,2\n2", "f.csv:3: has 1 fields, expected 2"),
    ("d,v\n2001,2\n2,3,4", "f.csv:3: has 3 fields, expected 2"),
    ("d,v\n2001,x", "f.csv:2: v is \"x\", expected a finite number or nothing"),
    ("d,v\n2001,inf", "f.csv:2: v is \"inf\", expected a finite number or nothing"),
    ("d,v\n2001,nan", "f.csv:2: v is \"nan\", expected a finite number or nothing"),
    ("d,v\n2001,1e999", "f.csv:2: v is \"1e999\", expected a finite number or nothing"),
    ("d,v\n\n2001,2", "f.csv:2: has 1 fields, expected 2"),
    ("d,v\n2001,\"2\n", "f.csv:2: has an unclosed quote"),
    ("d,v\n2001,0x1p4", "f.csv:2: v is \"0x1p4\", expected a finite number or nothing"),
    ("d,v\n2002,1\n2001,1", "f.csv:3: date 2001, expected one later than the line before's"),
    ("d,v\n,1", "f.csv:2: date \"\", expected YYYY-MM-DD, YYYY-MM or YYYY"),
    ("d,v\n2001`ls`,1", "f.csv:2: date \"2001`ls`\", expected YYYY-MM-DD, YYYY-MM or YYYY"),
  ])
  func badFilesAreNamedByLine(text: String, message: String) {
    #expect { try parse(text) } throws: { "\($0)" == message }
  }

  @Test func unknownOrRepeatedColumnsAreErrors() {
    #expect(throws: BadInput.self) { try parse("d,v\n2001,2", column: "w") }
    #expect(throws: BadInput.self) { try parse("d,v,v\n2001,2,3") }
    #expect(throws: BadInput.self) { try parse("d,v\n2001,2", column: "d") }
  }

  @Test func gnuplotStringsHaveNoMeaning() {
    #expect(quoted("a`b`\"c'd\ne") == "'a`b`\"c''d e'")
  }

  @Test func interpolationIsAStraightLine() {
    let series = Series(
      dates: [], values: [nil, 1, nil, nil, 4, 6, nil])
    #expect(series.interpolated() == [1, 1, 2, 3, 4, 6, 6])
  }
}

@Suite struct ForecastTests {
  @Test func seasonalNaiveRepeatsTheLastSeason() {
    let naive = SeasonalNaive(period: 2)
    #expect(naive.forecast([1, 2, 3, 5], horizon: 5, drift: false) == [3, 5, 3, 5, 3])
    // The mean growth over a season is (2 + 3) / 2.
    #expect(naive.forecast([1, 2, 3, 5], horizon: 5, drift: true) == [5.5, 7.5, 8, 10, 10.5])
  }

  @Test func errorsCountOnlyWhatWasObserved() {
    #expect(meanAbsoluteError([1, 2, 3], [2, nil, 5]) == 1.5)
  }

  /// A network that says exactly the targets forecasts exactly the values: the scales cancel.
  @Test func targetsAreWhatForecastsMean() throws {
    let values = (0..<40).map { Double($0 * $0 % 17) + 0.3 * Double($0) }
    let windows = Windows(values, period: 4, length: 6, horizon: 7)
    let origin = windows.origins.upperBound - 1
    #expect(origin == 33)
    let known = Windows(Array(values[..<origin]), period: 4, length: 6, horizon: 7)
    let perfect = windows.forecast(try windows.targets([origin]), known: origin)
    for (a, b) in zip(perfect, values[origin...]) { #expect(abs(a - b) < 1e-12 * max(1, abs(b))) }

    // A network that always says 0, the mean growth, is seasonal-naive with drift.
    let zero = try known.forecast(.init(rows: 1, columns: 7), known: origin)
    let drift = known.seasonal.forecast(known.values, horizon: 7, drift: true)
    for (a, b) in zip(zero, drift) { #expect(abs(a - b) < 1e-12 * max(1, abs(b))) }
  }

  /// What is held out must not matter.
  @Test func windowsSeeOnlyWhatTheyAreGiven() throws {
    let values = (0..<40).map { Double($0) }
    let windows = Windows(values, period: 4, length: 6, horizon: 7)
    #expect(windows.origins == 10..<34)
    #expect(Windows.valuesNeeded(period: 4, length: 6, horizon: 7) == 17)
    #expect(Windows(Array(values[..<17]), period: 4, length: 6, horizon: 7).origins.count == 1)
  }
}
