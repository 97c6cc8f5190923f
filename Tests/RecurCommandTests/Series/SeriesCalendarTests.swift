// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// The intervals between dates, and the dates of forecasts.
@Suite struct SeriesCalendarTests {
  /// Days from a first one at equal distances.
  private func days(
    from first: CivilDay, _ count: Int, every step: Int = 1,
    where isOpen: (Int) -> Bool = { _ in true }
  ) -> [String] {
    (0..<count).map { first.number + $0 * step }.filter(isOpen).map {
      SeriesDate(time: $0 * SeriesDate.day, form: .day).description
    }
  }

  private func times(_ count: Int, every milliseconds: Int) -> [String] {
    let start = CivilDay(year: 2020, month: 2, day: 28).number * SeriesDate.day
    return (0..<count).map { index in
      let time = start + index * milliseconds
      return SeriesDate(time: time, form: .second).description
    }
  }

  @Test func usualPeriods() {
    let (second, minute, hour) = (1000, 60_000, 3_600_000)
    for (interval, periods) in [
      (.milliseconds(second), [60]), (.milliseconds(minute), [60, 1440]),
      (.milliseconds(5 * minute), [12, 288]),
      (.milliseconds(15 * minute), [96, 672]), (.milliseconds(30 * minute), [48, 336]),
      (.milliseconds(hour), [24, 168]),
      (.milliseconds(7 * minute), []), (.days(1), [7, 365]), (.mondayToFriday, [5, 260]),
      (.days(7), [52]),
      (.days(10), [37]), (.days(14), [26]), (.days(28), [13]), (.days(3), []), (.halfMonths, [24]),
      (.months(1), [12]),
      (.months(3), [4]), (.months(5), []), (.months(12), []), (.months(24), []), (.steps, []),
    ] as [(DateInterval, [Int])] {
      #expect(interval.usualPeriods == periods, "\(interval)")
    }
  }

  @Test func fixedIntervals() throws {
    let first = CivilDay(year: 2019, month: 12, day: 30)
    for (step, name, next) in [
      (1, "1 day", ["2020-03-29", "2020-03-30"]), (7, "7 days", ["2021-08-30", "2021-09-06"]),
      (10, "10 days", ["2022-05-27", "2022-06-06"]), (14, "14 days", ["2023-05-01", "2023-05-15"]),
      (28, "28 days", ["2026-12-28", "2027-01-25"].map { $0 }),
    ] {
      let count = step == 28 ? 90 : 90
      let found = try ReadSeries(ReadSeries.text(days(from: first, count, every: step)))
      #expect("\(try found.series.interval())" == name)
      let expected = days(from: first, count + 2, every: step).suffix(2)
      #expect(try found.next(2) == Array(expected))
      if step == 1 { #expect(Array(expected) == next) }
    }
    for (milliseconds, name) in [
      (1000, "1 second"), (60_000, "1 minute"), (900_000, "15 minutes"), (3_600_000, "1 hour"),
      (21_600_000, "6 hours"),
    ] {
      let found = try ReadSeries(ReadSeries.text(times(200, every: milliseconds)))
      #expect("\(try found.series.interval())" == name && found.dates.count == 200)
      #expect(
        try found.next(1) == [
          found.series.dates[0].form == .second
            ? times(201, every: milliseconds)[200]
            : String(times(201, every: milliseconds)[200].prefix(16))
        ])
    }
  }

  @Test func months() throws {
    for (written, name, next) in [
      (["2000-01-15", "2000-02-15", "2000-03-15"], "1 month", ["2000-04-15", "2000-05-15"]),
      (
        ["1999-12-31", "2000-01-31", "2000-02-29", "2000-03-31"], "1 month",
        ["2000-04-30", "2000-05-31"]
      ),
      (["2000-01-30", "2000-02-29", "2000-03-30"], "1 month", ["2000-04-30", "2000-05-30"]),
      // The last business days; January 31, 2004 is a Saturday.
      (
        ["2003-12-31", "2004-01-30", "2004-02-27", "2004-03-31"], "1 month",
        ["2004-04-30", "2004-05-31"]
      ),
      // The first business days; May 1, 2004 is a Saturday.
      (
        ["2004-01-01", "2004-02-02", "2004-03-01", "2004-04-01", "2004-05-03"], "1 month",
        ["2004-06-01", "2004-07-01"]
      ),
      (["2000-03-31", "2000-06-30", "2000-09-30"], "3 months", ["2000-12-31", "2001-03-31"]),
      (
        ["2000-01-01", "2000-01-15", "2000-02-01", "2000-02-15"], "half a month",
        ["2000-03-01", "2000-03-15"]
      ),
      (
        ["2000-01-15", "2000-01-31", "2000-02-15", "2000-02-29"], "half a month",
        ["2000-03-15", "2000-03-31"]
      ),
      (["2000-02-29", "2001-02-28", "2002-02-28"], "12 months", ["2003-02-28", "2004-02-29"]),
      (
        ["1960-01-01", "1960-04-01", "1960-07-02", "1960-10-01"], "3 months",
        ["1961-01", "1961-04"]
      ),
    ] {
      let found = try ReadSeries(ReadSeries.text(written))
      #expect("\(try found.series.interval())" == name, "\(written)")
      #expect(try found.next(2) == next, "\(written)")
      #expect(found.series.missing == 0)
    }
  }

  /// Forecasts fall on business days, and weekends are not interpolated. A holiday is.
  @Test func businessDays() throws {
    let first = CivilDay(year: 2019, month: 1, day: 1)
    let holidays = [CivilDay(year: 2019, month: 1, day: 1), CivilDay(year: 2019, month: 5, day: 1)]
      .map(\.number)
    let open = days(from: first, 364) { CivilDay.weekday($0) < 5 && !holidays.contains($0) }
    let found = try ReadSeries(ReadSeries.text(open))
    #expect("\(try found.series.interval())" == "1 business day")
    #expect(found.series.missing == 1 && found.dates.count == open.count + 1)
    #expect(try found.next(3) == ["2019-12-31", "2020-01-01", "2020-01-02"])
    #expect(
      found.notes == [
        "f.csv: dates are 1 business day apart; dates without a line: 1, the first 2019-05-01"
      ])
    let closedSundays = days(from: first, 100) { CivilDay.weekday($0) < 6 }
    let shop = try ReadSeries(ReadSeries.text(closedSundays)).series
    #expect(try shop.interval() == .weekdays(0b111111) && shop.missing == 0)
    // Rows of weekends without values are no dates.
    let weekends = days(from: first, 60).map { ($0, try! SeriesDate($0, at: "")) }
    let text =
      "date,value\n"
      + weekends.map { "\($0),\(CivilDay.weekday($1.time / SeriesDate.day) < 5 ? "1.5" : "")\n" }
      .joined()
    let banks = try ReadSeries(text)
    #expect(try banks.series.interval() == .mondayToFriday && banks.series.missing == 0)
    #expect(
      banks.notes.last?.hasSuffix(
        "rows have no value and are not among dates 1 business day apart; ignored") == true)
  }

  /// A local time has a gap in spring and a repeated hour in autumn.
  @Test func daylightSavingTime() throws {
    let spring = times(240, every: 3_600_000).filter { $0 != "2020-03-01T02:00:00" }
    let found = try ReadSeries(ReadSeries.text(spring))
    #expect(found.series.missing == 1 && found.dates.count == 240)
    var hours = (0..<72).map { hour in
      SeriesDate(
        time: CivilDay(year: 2019, month: 10, day: 26).number * SeriesDate.day + hour * 3_600_000,
        form: .minute
      ).description
    }
    hours.insert("2019-10-27T02:00", at: 27)
    let autumn = try ReadSeries(ReadSeries.text(hours))
    #expect(autumn.dates.count == 72 && autumn.values[26] == 1.75)
    #expect(
      autumn.notes == [
        "f.csv: an hour is repeated at the end of daylight saving time, first at 2019-10-27T02:00: the mean of both values is "
          + "used"
      ])
    // At noon, it is a duplicate.
    hours.insert("2019-10-27T12:00", at: 38)
    #expect(
      ReadSeries.error(ReadSeries.text(hours))?.contains("--aggregate mean, sum, last or first")
        == true)
  }

  @Test(arguments: [
    ((9990...9997).map { "\($0)" }, 2), (["9999-10", "9999-11"], 1),
    (["9999-12-30", "9999-12-31"], 0),
    (["9999-12-01", "9999-12-08"], 3), (["9999-08-31", "9999-09-30"], 3),
    ((9920...9997).map { "\($0)" }, 2),
  ])
  func forecastsEndWithTheYear9999(dates: [String], last: Int) throws {
    let series = try ReadSeries(ReadSeries.text(dates)).series
    #expect(try series.datesAfter(last, path: "f.csv").count == last)
    for count in [last + 1, 1 << 24] {
      #expect { try series.datesAfter(count, path: "f.csv") } throws: {
        "\($0)"
          == "f.csv: ends at \(dates.last!), expected \(last > 0 ? "a horizon of at most \(last)" : "an earlier end"), "
          + "found horizon \(count): no date is after 9999-12-31"
      }
    }
  }

  @Test func datesOffTheCalendarAreErrors() {
    for (dates, message) in [
      (
        ["2000-01-01", "2000-01-08", "2000-01-15", "2000-01-20"],
        "f.csv:5: date 2000-01-20 follows 2000-01-15, expected dates 7 days apart; remove the last line if its period is not complete"
      ),
      (
        ["2000-01-05", "2000-02-05", "2000-03-05", "2000-04-05", "2000-05-05", "2000-05-06"],
        "f.csv:7: date 2000-05-06 follows 2000-05-05, expected dates 1 month apart; remove the last line if its period is not complete"
      ),
      (
        [
          "2000-01-01T10:00", "2000-01-01T11:00", "2000-01-01T12:05", "2000-01-01T13:00",
          "2000-01-01T14:00",
        ],
        "f.csv:4: date 2000-01-01T12:05 follows 2000-01-01T11:00, expected dates 1 hour apart; only 4 of 5 dates fit this interval: round the dates, or give --date-column none to number the values"
      ),
    ] {
      #expect(ReadSeries.error(ReadSeries.text(dates)) == message)
    }
  }

  /// A mistyped year would interpolate a century.
  @Test func strayDatesAreErrors() {
    var months = (0..<144).map {
      "\(1949 + $0 / 12)-" + ($0 % 12 < 9 ? "0" : "") + "\($0 % 12 + 1)"
    }
    months[143] = "2060-12"
    #expect(
      ReadSeries.error(ReadSeries.text(months))
        == "f.csv:145: date 2060-12 follows 1960-11: with dates 1 month apart, expected no gap of 1200 dates before the last or "
        + "after the first date")
    months[143] = "1970-12"
    #expect(
      ReadSeries.error(ReadSeries.text(months))?.hasPrefix(
        "f.csv:145: date 1970-12 follows 1960-11") == true)
    months[143] = "1960-12"
    months[70] = "1854-11"
    #expect(
      ReadSeries.error(ReadSeries.text(months))?.hasPrefix("f.csv:72: date 1949-01 follows 1854-11")
        == true)
    #expect(
      ReadSeries.error(ReadSeries.text(["2000", "2001", "2002", "2006", "2007", "2011"]))
        == "f.csv:5: date 2006 follows 2002: with dates 12 months apart, which leaves 6 of 12 dates without a line, expected at "
        + "most a third")
  }
}
