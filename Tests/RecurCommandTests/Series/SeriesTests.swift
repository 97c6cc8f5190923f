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

  /// A column is chosen by its place, unless its name is given.
  @Test func theSecondColumnMayHaveTheNameOfAnother() throws {
    #expect(try parse("date,v,v\n2001,1,5\n2002,2,6").values == [1, 2])
    #expect(try parse("date,date,w\n2001,1,5\n2002,2,6").values == [1, 2])
  }

  @Test func commasInQuotesSeparateNoFields() throws {
    let series = try parse("date,\"a,b\",c\n2001,\"1\",\"x, \"\"y\"\", z\"\n\"2002\",2,\",,\"")
    #expect(series.values == [1, 2])
  }

  @Test func columnsHaveALimit() throws {
    func text(columns: Int, _ quote: String = "") -> String {
      let more = String(repeating: ",", count: columns - 2)
      return "date,\(quote)v\(quote)\(more)\n2001,1\(more)"
    }
    #expect(try parse(text(columns: 10_000)).values == [1])
    #expect(try parse(text(columns: 10_000, "\"")).values == [1])
    for quote in ["", "\""] {
      #expect {
        try parse(text(columns: 10_001, quote))
      } throws: {
        "\($0)" == "f.csv:1: has 10001 columns, expected at most 10000"
      }
    }
  }

  @Test(arguments: [
    ("", "f.csv: is empty, expected a header and lines with a date and a value"),
    ("date\n1", "f.csv:1: has 1 column, expected a date column and a value column"),
    (
      "date;v\n2001;1",
      "f.csv:1: has 1 column, expected a date column and a value column; commas separate columns"
    ),
    ("d,v\n2001,2\n2", "f.csv:3: has 1 field, expected 2"),
    ("d,v\n2001,2\n2,3,4", "f.csv:3: has 3 fields, expected 2"),
    ("d,v\n2001,x", "f.csv:2: v is \"x\", expected a finite number or an empty field"),
    ("d,v\n2001,inf", "f.csv:2: v is \"inf\", expected a finite number or an empty field"),
    ("d,v\n2001,nan", "f.csv:2: v is \"nan\", expected a finite number or an empty field"),
    ("d,v\n2001,1e999", "f.csv:2: v is \"1e999\", expected a finite number or an empty field"),
    ("d,v\n\n2001,2", "f.csv:2: has 1 field, expected 2"),
    ("d,v\n2001,\"2\n", "f.csv:2: has an unclosed quote"),
    // The comma and the accent are one character.
    (
      "d,v\n2001,\u{301}2", "f.csv:2: v is \"\u{301}2\", expected a finite number or an empty field"
    ),
    ("d,v\n2001,0x1p4", "f.csv:2: v is \"0x1p4\", expected a finite number or an empty field"),
    ("d,v\n2002,1\n2001,1", "f.csv:3: date is 2001, expected a date after 2002"),
    ("d,v\n,1", "f.csv:2: date is \"\", expected YYYY-MM-DD, YYYY-MM or YYYY"),
    ("d,v\n٢٠٠١,1", "f.csv:2: date is \"٢٠٠١\", expected YYYY-MM-DD, YYYY-MM or YYYY"),
    (
      "d,v\n20e\u{301}1,1", "f.csv:2: date is \"20e\u{301}1\", expected YYYY-MM-DD, YYYY-MM or YYYY"
    ),
    ("d,v\n2001-1,1", "f.csv:2: date is \"2001-1\", expected YYYY-MM-DD, YYYY-MM or YYYY"),
    ("d,v\n2001-,1", "f.csv:2: date is \"2001-\", expected YYYY-MM-DD, YYYY-MM or YYYY"),
    (
      "d,v\n2001-01-01-01,1",
      "f.csv:2: date is \"2001-01-01-01\", expected YYYY-MM-DD, YYYY-MM or YYYY"
    ),
    (
      "d,v\n2021,1\n2023-02-28,2", "f.csv:3: date is 2023-02-28, expected YYYY as in the first date"
    ),
    ("d,v\n2021-01,1\n2022,2", "f.csv:3: date is 2022, expected YYYY-MM as in the first date"),
    ("d,v\n0000,1", "f.csv:2: date is 0000, expected an existing date"),
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
    #expect(throws: BadInput.self) { try parse("d,v,v\n2001,2,3", column: "v") }
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
    #expect(try series.datesAfter(next.count, path: "f.csv").map(\.description) == next)
  }

  /// ISO 8601 has no Julian calendar, so no day is missing in October 1582.
  @Test func theCalendarIsProlepticGregorian() throws {
    let days = try series((1...31).map { "1582-10-\($0 < 10 ? "0" : "")\($0)" })
    #expect(try days.interval() == .days(1))
    #expect(try days.complete(path: "f.csv").dates == days.dates)
    var date = try SeriesDate("0001-01-01", at: "f.csv")
    let day = try #require(date.adding(.days(3_652_058), times: 1, monthEnds: false))
    #expect(day.description == "9999-12-31")
    #expect(day.adding(.days(1), times: 1, monthEnds: false) == nil)
    // Each day follows the one before it, and the next year has the same days.
    for _ in 0..<1461 {
      let next = try #require(date.adding(.days(1), times: 1, monthEnds: false))
      #expect(date < next && date.interval(to: next) == .days(1))
      #expect(try SeriesDate(next.description, at: "f.csv") == next)
      date = next
    }
    #expect(date.description == "0005-01-01")
    for text in ["1900-02-29", "2100-02-29", "2000-04-31", "2000-13", "2000-00", "2000-01-00"] {
      #expect(throws: BadInput.self) { try SeriesDate(text, at: "f.csv") }
    }
    #expect(try SeriesDate("2000-02-29", at: "f.csv").isMonthEnd)
  }

  @Test(arguments: [
    ((9990...9997).map { "\($0)" }, 2), (["9999-10", "9999-11"], 1),
    (["9999-12-30", "9999-12-31"], 0), (["9999-12-01", "9999-12-08"], 3),
    (["9999-08-31", "9999-09-30"], 3),
  ])
  func forecastsEndWithTheYear9999(dates: [String], last: Int) throws {
    let series = try series(dates)
    #expect(try series.datesAfter(last, path: "f.csv").count == last)
    for count in [last + 1, 1 << 24] {
      #expect { try series.datesAfter(count, path: "f.csv") } throws: {
        "\($0)".hasPrefix(
          "f.csv: ends at \(dates.last!), expected a horizon of at most \(last), found \(count)")
      }
    }
  }

  /// A mistyped year could leave millions of lines to insert.
  @Test func farMoreMissingThanGivenLinesAreAnError() throws {
    let far = try series(["0001-01-01", "0001-01-02", "9999-12-31"])
    #expect { try far.complete(path: "f.csv") } throws: {
      "\($0)" == "f.csv:4: date 9999-12-31 follows 0001-01-02 on line 3: with dates 1 day apart, "
        + "3652056 lines are missing, expected at most 1030"
    }
    #expect(try series(["2000", "2001", "3032"]).complete(path: "f.csv").missing == 1030)
    #expect(throws: BadInput.self) {
      try series(["2000", "2001", "3033"]).complete(path: "f.csv")
    }
  }

  /// The library names a value by its index; the command knows its line.
  @Test func largeValuesAreAnErrorOfTheirLine() throws {
    for value in ["1e300", "-1e300"] {
      #expect(try parse("d,v\n2000,1\n2001,\(value)").values == [1, Double(value)!])
    }
    for value in ["1.0000000000000002e300", "-1e301", "1.7976931348623157e308"] {
      #expect { try parse("d,v\n2000,1\n2001,\(value)") } throws: {
        "\($0)" == "f.csv:3: v is \(value), expected at most 1e+300 in magnitude"
      }
    }
  }

  @Test func linesHaveALimit() throws {
    let line = { (count: Int) in
      "d,v,w\n2000,1," + String(repeating: "x", count: count - "2000,1,".utf8.count) + "\n2001,2,\n"
    }
    #expect(try parse(line(1_000_000)).values == [1, 2])
    #expect { try parse(line(1_000_001)) } throws: {
      "\($0)" == "f.csv:2: has 1000001 bytes, expected at most 1000000 on a line"
    }
  }

  /// Lines are numbered from 1 for the header, empty lines within the file are errors, and empty lines at
  /// the end, of any kind, are not read.
  @Test func linesAreNumbered() throws {
    #expect { try parse("d,v\n2000,1\n\n2001,2\n") } throws: {
      "\($0)" == "f.csv:3: has 1 field, expected 2"
    }
    #expect(try parse("d,v\n2000,1\n2001,2\r\n\r\n\n").values == [1, 2])
    for empty in ["", "\n", "\r\n\r\n", "\r\r"] {
      #expect { try parse(empty) } throws: { "\($0)".hasPrefix("f.csv: is empty") }
    }
  }

  @Test func linesEndInAnyWay() throws {
    for end in ["\n", "\r\n", "\r"] {
      let series = try parse(["d,v", "2000, 1", "2001,\"2\"", "", ""].joined(separator: end))
      #expect(series.values == [1, 2])
    }
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
