// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// The order of dates, and the intervals between them.
@Suite struct SeriesDateTests {
  /// A series with these dates and the values 0, 1, ….
  private func series(_ dates: [String]) throws -> Series {
    Series(
      dates: try dates.map { try SeriesDate($0, at: "f.csv") },
      values: dates.indices.map { Double($0) })
  }

  @Test func intervalsHaveLengths() throws {
    for (interval, length, text) in [
      (.days(1), 1, "1 day"), (.days(7), 7, "7 days"), (.months(1), 30, "1 month"),
      (.months(12), 360, "12 months"),
    ] as [(DateInterval, Int, String)] {
      #expect(interval.lengthInDays == length && interval.description == text)
    }
    #expect([2, 3, 4, 5, 6, 24].map { DateInterval.months($0).usualPeriod } == [6, 4, 3, 1, 2, 1])
    #expect([2, 30].map { DateInterval.days($0).usualPeriod } == [1, 1])
    // The shortest of the most frequent ones.
    #expect(try series(["2000-01-01", "2000-02-01", "2000-02-08"]).interval() == .days(7))
    for (dates, words) in [([], "no dates"), (["2000"], "one date")] as [([String], String)] {
      #expect { try series(dates).interval() } throws: {
        "\($0)" == "the series has \(words), expected at least 2"
      }
    }
  }

  @Test func datesAreInOrder() throws {
    func date(_ text: String) throws -> SeriesDate { try SeriesDate(text, at: "f.csv") }
    let order = [
      "0001", "1999", "1999-01", "1999-01-01", "1999-01-31", "1999-02", "1999-12-31", "2000",
      "2000-01-01",
    ]
    for (index, one) in order.enumerated() {
      for (place, other) in order.enumerated() {
        #expect(try (date(one) < date(other)) == (index < place), "\(one) \(other)")
      }
      #expect(try date(one).description == one)
    }
    #expect(
      try ["2000", "2000-01", "2000-01-01"].map { try date($0).form } == [
        "YYYY", "YYYY-MM", "YYYY-MM-DD",
      ])
    #expect(try date("2001-02-28").isMonthEnd && !date("2000-02-28").isMonthEnd)
    #expect(try !date("2000-02").isMonthEnd && date("2000-04-30").isMonthEnd)
    for text in ["2000/01", "2000-01/01", "200a", "2000-0a", "2000-01-0a", "20000", "", "2000-001"]
    {
      #expect { try date(text) } throws: {
        "\($0)" == "f.csv: date is \"\(text)\", expected YYYY-MM-DD, YYYY-MM or YYYY"
      }
    }
    for text in [
      "0000", "2000-00", "2000-13", "2000-01-00", "2000-01-32", "2001-02-29", "2000-06-31",
    ] {
      #expect { try date(text) } throws: {
        "\($0)" == "f.csv: date is \(text), expected an existing date"
      }
    }
    for text in ["9999", "2000-12", "2000-01-31", "2000-02-29", "1600-02-29"] {
      #expect(try date(text).description == text)
    }
  }

  @Test func stepsAreWhole() throws {
    func steps(_ one: String, _ other: String, _ interval: DateInterval) throws -> Int? {
      try SeriesDate(one, at: "").steps(to: SeriesDate(other, at: ""), interval)
    }
    #expect(try steps("2000-01-01", "2000-01-15", .days(7)) == 2)
    #expect(try steps("2000-01-01", "2000-01-14", .days(7)) == nil)
    #expect(try steps("2000-01-01", "2000-01-01", .days(7)) == nil)
    #expect(try steps("2000-02-28", "2001-02-28", .days(1)) == 366)
    #expect(try steps("2000-01", "2000-07", .months(3)) == 2)
    #expect(try steps("2000-01", "2000-06", .months(3)) == nil)
    #expect(try steps("2000-01-31", "2000-02-29", .months(1)) == 1)
    #expect(try steps("2000-01-31", "2000-02-28", .months(1)) == nil)
    #expect(try steps("1999", "2001", .months(12)) == 2)
    func later(_ text: String, _ interval: DateInterval, _ count: Int, _ ends: Bool = false) throws
      -> String?
    {
      try SeriesDate(text, at: "").adding(interval, times: count, monthEnds: ends)?.description
    }
    #expect(try later("2000-01-31", .months(1), 1) == "2000-02-29")
    #expect(try later("2000-02-29", .months(1), 1) == "2000-03-29")
    #expect(try later("2000-02-29", .months(1), 1, true) == "2000-03-31")
    #expect(try later("1999-12", .months(1), 1) == "2000-01")
    #expect(try later("1999-11-30", .months(1), 13) == "2000-12-30")
    #expect(try later("1999-12-31", .days(1), 60) == "2000-02-29")
    #expect(try later("9999-12", .months(1), 1) == nil)
    #expect(try later("9998-12", .months(12), 1) == "9999-12")
    #expect(try later("9999-12-30", .days(1), 1) == "9999-12-31")
    #expect(try later("9999-12-30", .days(1), 2) == nil)
  }
}
