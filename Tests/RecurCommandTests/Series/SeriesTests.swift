// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

@Suite struct SeriesTests {
  private func parse(_ text: String, column: String? = nil) throws -> Series {
    try Series.parse(text, path: "f.csv", column: column)
  }

  /// A series with these dates and the values 0, 1, ….
  private func series(_ dates: [String]) throws -> Series {
    Series(
      dates: try dates.map { try SeriesDate($0, at: "f.csv") },
      values: dates.indices.map { Double($0) })
  }

  @Test func valuesMayBeMissing() throws {
    let series = try parse("date,a,b\n2000-01-01,1,5\n2000-01-08,,6\r\n2000-01-15,4.5,\n\n")
    #expect(series.dates.map(\.description) == ["2000-01-01", "2000-01-08", "2000-01-15"])
    #expect(series.values == [1, nil, 4.5])
    #expect(series.missing == 1)
    #expect(try parse("date,a,b\n2001,1,5\n2002,2,6", column: "b").values == [5, 6])
  }

  @Test(arguments: [
    ("", "f.csv: is empty, expected a header and lines with a date and a value"),
    ("date\n1", "f.csv:1: has 1 column, expected a date column and a value column"),
    ("d,v\n2001,2\n2", "f.csv:3: has 1 field, expected 2"),
    ("d,v\n2001,2\n2,3,4", "f.csv:3: has 3 fields, expected 2"),
    ("d,v\n2001,x", "f.csv:2: v is \"x\", expected a finite number or an empty field"),
    ("d,v\n2001,inf", "f.csv:2: v is \"inf\", expected a finite number or an empty field"),
    ("d,v\n2001,nan", "f.csv:2: v is \"nan\", expected a finite number or an empty field"),
    ("d,v\n2001,1e999", "f.csv:2: v is \"1e999\", expected a finite number or an empty field"),
    ("d,v\n\n2001,2", "f.csv:2: has 1 field, expected 2"),
    ("d,v\n2001,\"2\n", "f.csv:2: has an unclosed quote"),
    ("d,v\n2001,0x1p4", "f.csv:2: v is \"0x1p4\", expected a finite number or an empty field"),
    ("d,v\n2002,1\n2001,1", "f.csv:3: date is 2001, expected a date after 2002"),
    ("d,v\n,1", "f.csv:2: date is \"\", expected YYYY-MM-DD, YYYY-MM or YYYY"),
    ("d,v\n٢٠٠١,1", "f.csv:2: date is \"٢٠٠١\", expected YYYY-MM-DD, YYYY-MM or YYYY"),
    ("d,v\n2001`ls`,1", "f.csv:2: date is \"2001`ls`\", expected YYYY-MM-DD, YYYY-MM or YYYY"),
  ])
  func errorsNameTheLine(text: String, message: String) {
    #expect { try parse(text) } throws: { "\($0)" == message }
  }

  @Test func aSeriesEndsAtItsLastKnownValue() throws {
    let series = try parse("d,v\n2000,\n2001,5\n2002,\n2003,6\n2004,\n2005,")
    #expect(series.upToLastKnown.dates.map(\.description) == ["2000", "2001", "2002", "2003"])
    #expect(series.upToLastKnown.values == [nil, 5, nil, 6])
    #expect(
      try parse("d,v\n2000,\n2001,").upToLastKnown.dates.map(\.description) == ["2000", "2001"])
  }

  @Test func unknownOrRepeatedColumnsAreErrors() {
    #expect(throws: BadInput.self) { try parse("d,v\n2001,2", column: "w") }
    #expect(throws: BadInput.self) { try parse("d,v,v\n2001,2,3") }
    #expect(throws: BadInput.self) { try parse("d,v\n2001,2", column: "d") }
  }

  @Test func gnuplotStringsAreLiteral() {
    #expect(quoted("a`b`\"c'd\ne") == "'a`b`\"c''d e'")
  }

  /// Otherwise, an omitted line would shift the seasons after it.
  @Test(arguments: [
    (["2000", "2001", "2003", "2004"], "2002"), (["2000-10", "2000-11", "2001-01"], "2000-12"),
    (["2000-01-31", "2000-02-29", "2000-04-30"], "2000-03-31"),
    (["2000-02-20", "2000-02-27", "2000-03-12"], "2000-03-05"),
    (["2000-03-02", "2000-03-03", "2000-03-06"], "2000-03-04"),
  ])
  func datesWithoutALineAreMissing(dates: [String], absent: String) throws {
    let series = try series(dates)
    let all = try series.complete(path: "f.csv")
    #expect(all.dates.count == all.values.count)
    #expect(all.dates.map(\.description).contains(absent))
    #expect(all.missing == all.dates.count - dates.count)
    #expect(all.values.compactMap { $0 } == series.values.compactMap { $0 })
    #expect(all.dates == all.dates.sorted())
    #expect(try all.complete(path: "f.csv").dates == all.dates)
  }

  @Test func datesOffTheGridAreErrors() throws {
    for dates in [
      ["2000-01-01", "2000-01-08", "2000-01-15", "2000-01-20"],
      ["2000-01-05", "2000-02-05", "2000-03-05", "2000-04-06"],
    ] {
      let series = try series(dates)
      #expect { try series.complete(path: "f.csv") } throws: {
        "\($0)".hasPrefix("f.csv:5: date \(dates[3]) follows \(dates[2])")
      }
    }
  }

  @Test(arguments: [
    (["2000", "2001", "2003", "2004"], DateInterval.months(12), 1, ["2005", "2006", "2007"]),
    (["2000-10", "2000-11"], .months(1), 12, ["2000-12", "2001-01", "2001-02"]),
    (["2000-01-31", "2000-04-30", "2000-07-31"], .months(3), 4, ["2000-10-31", "2001-01-31"]),
    (["2000-01-31", "2000-02-29"], .months(1), 12, ["2000-03-31", "2000-04-30"]),
    (["1999-01-01", "1999-04-01"], .months(3), 4, ["1999-07-01", "1999-10-01", "2000-01-01"]),
    (["2000-02-20", "2000-02-27", "2000-03-12", "2000-03-19"], .days(7), 52, ["2000-03-26"]),
    (["2000-02-27", "2000-02-28"], .days(1), 7, ["2000-02-29", "2000-03-01"]),
    (["2000-01-31", "2000-02-14"], .days(14), 1, ["2000-02-28"]),
  ])
  func datesContinue(dates: [String], interval: DateInterval, period: Int, next: [String]) throws {
    let series = try series(dates)
    #expect(try series.interval() == interval)
    #expect(interval.usualPeriod == period)
    #expect(try series.datesAfter(next.count).map(\.description) == next)
  }

  @Test func datesMustExist() {
    for dates in [["2000-01-01", "2000-02-30"], ["2000-00", "2000-13"], ["2000"]] {
      #expect(throws: BadInput.self) { try series(dates).interval() }
    }
    #expect {
      try parse("d,v\n2000-02-29,1\n2001-02-29,2")
    } throws: {
      "\($0)" == "f.csv:3: date is 2001-02-29, expected an existing date"
    }
  }
}
