// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// The forms in which dates are written, and the order of dates.
@Suite struct SeriesDateTests {
  /// Each form, with two or more dates as they are written in a file and by this program.
  @Test(arguments: [
    (["2001", "2002"], ["2001", "2002"]), (["1990", "1995"], ["1990", "1995"]),
    (["2001-07", "2001-08"], ["2001-07", "2001-08"]),
    (["2001/7", "2001/8"], ["2001-07", "2001-08"]),
    (["7/2001", "8/2001"], ["2001-07", "2001-08"]), (["1/86", "2/86"], ["1986-01", "1986-02"]),
    (["200107", "200108"], ["2001-07", "2001-08"]),
    (["1949M01", "1949M02"], ["1949-01", "1949-02"]),
    (["1949:01", "1949:02"], ["1949-01", "1949-02"]),
    (["Jan 2020", "Feb 2020"], ["2020-01", "2020-02"]),
    (["January 2020", "FEB. 2020"], ["2020-01", "2020-02"]),
    (["Jan-95", "Feb-95"], ["1995-01", "1995-02"]),
    (["1991 Jul", "1991 Aug"], ["1991-07", "1991-08"]),
    (["1-01", "1-02", "1-03"], ["0001-01", "0001-02", "0001-03"]),
    (["2001Q3", "2001Q4"], ["2001-Q3", "2001-Q4"]),
    (["2001-Q4", "2002-Q1"], ["2001-Q4", "2002-Q1"]),
    (["Q3 2001", "Q4 2001"], ["2001-Q3", "2001-Q4"]),
    (["1970 Q1", "1970 q2"], ["1970-Q1", "1970-Q2"]),
    (["2020-W52", "2020-W53", "2021-W01"], ["2020-W52", "2020-W53", "2021-W01"]),
    (["2020W5", "2020W6"], ["2020-W05", "2020-W06"]),
    (["19580329", "19580405"], ["1958-03-29", "1958-04-05"]),
    (["800102", "800103"], ["1980-01-02", "1980-01-03"]),
    (["Jan-1-1995", "Feb-1-1995"], ["1995-01-01", "1995-02-01"]),
    (["14-08-2018", "15-08-2018"], ["2018-08-14", "2018-08-15"]),
    (["14.8.2018", "15.8.2018"], ["2018-08-14", "2018-08-15"]),
    (["08/14/18", "08/15/18"], ["2018-08-14", "2018-08-15"]),
    (["January 5, 2020", "January 6, 2020"], ["2020-01-05", "2020-01-06"]),
    (["5 Jan 2020", "6 Jan 2020"], ["2020-01-05", "2020-01-06"]),
    (["5-Jan-09", "6-Jan-09"], ["2009-01-05", "2009-01-06"]),
    (["Mon, 6 Jan 2020", "Tue, 7 Jan 2020"], ["2020-01-06", "2020-01-07"]),
    (["31-Dec-68", "1-Jan-69"], ["1969-01-01", "2068-12-31"]),
    (["2020-01-01T10:00", "2020-01-01T11:00"], ["2020-01-01T10:00", "2020-01-01T11:00"]),
    (["2020-01-01 10:00:00", "2020-01-01 11:00:00"], ["2020-01-01T10:00", "2020-01-01T11:00"]),
    (["2020-01-01 00:00:00", "2020-01-02 00:00:00"], ["2020-01-01", "2020-01-02"]),
    (["20200101T1000", "20200101T1100"], ["2020-01-01T10:00", "2020-01-01T11:00"]),
    (
      ["2020-01-01T10:00:05Z", "2020-01-01T10:00:06Z"],
      ["2020-01-01T10:00:05Z", "2020-01-01T10:00:06Z"]
    ),
    (
      ["2020-01-01T10:00+01:00", "2020-01-01T11:00+01:00"],
      ["2020-01-01T10:00+01:00", "2020-01-01T11:00+01:00"]
    ),
    (
      ["2020-03-29T01:00+01:00", "2020-03-29T03:00+02:00"],
      ["2020-03-29T00:00Z", "2020-03-29T01:00Z"]
    ),
    (
      ["2020-01-01 10:00:00 UTC", "2020-01-01 11:00:00 UTC"],
      ["2020-01-01T10:00Z", "2020-01-01T11:00Z"]
    ),
    (["1/2/2020 11:00 PM", "1/3/2020 12:00 AM", "1/3/2020 1:00 AM", "1/13/2020 1:00 AM"], []),
    (["01/13/2020 11:00 PM", "01/14/2020 12:00 AM"], ["2020-01-13T23:00", "2020-01-14T00:00"]),
    (
      ["2020-01-01 00:00:00.250", "2020-01-01 00:00:00.500"],
      ["2020-01-01T00:00:00.250", "2020-01-01T00:00:00.500"]
    ),
    (["1577836800", "1577840400"], ["2020-01-01T00:00Z", "2020-01-01T01:00Z"]),
    (["1577836800000", "1577836801000"], ["2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z"]),
    (["1949.0", "1949.0833", "1949.1667"], ["1949-01", "1949-02", "1949-03"]),
    (["1960.25", "1960.5", "1960.75"], ["1960-Q2", "1960-Q3", "1960-Q4"]),
    (["1958.0417", "1958.125", "1958.2083"], ["1958-01", "1958-02", "1958-03"]),
  ])
  func formsAreRecognized(written: [String], dates: [String]) throws {
    let text = ReadSeries.text(written.map { $0.contains(",") ? "\"\($0)\"" : $0 })
    guard !dates.isEmpty else {
      #expect(ReadSeries.error(text) != nil)
      return
    }
    // Two dates have any interval.
    let found = try ReadSeries(text)
    #expect(found.dates.first == dates.first && found.dates.last == dates.last, "\(found.dates)")
    if written.count == found.dates.count { #expect(found.dates == dates) }
  }

  @Test func datesAreWrittenAndReadAgain() throws {
    for text in [
      "0001", "2001-Q3", "2001-07", "2001-W27", "2001-07-05", "2001-07-05T18:30",
      "2001-07-05T18:30:01",
      "2001-07-05T18:30:01.250", "2001-07-05T18:30Z", "2001-07-05T18:30-03:30", "9999-12-31T23:59",
      "1600-02-29",
    ] {
      #expect(try SeriesDate(text, at: "f").description == text)
    }
    for text in [
      "", "0000", "2000-13", "2000-00", "2000-01-32", "2001-02-29", "1900-02-29", "20000-01-01",
      "2000-Q5", "2019-W53",
      "2000-W00", "2000-01-01T25:00", "2000-01-01T10:60", "٢٠٠١", "２００１", "2001-07-05T",
      "2001-07-05x",
      "2001-07-05T18:30+24:00", "-2001", "2001-07-05 25:00",
    ] {
      #expect { try SeriesDate(text, at: "f.csv") } throws: {
        "\($0)".hasPrefix("f.csv: date is \"\(text)\", expected a date such as 2001")
      }
    }
  }

  @Test func datesAreInOrder() throws {
    let order = try [
      "0001", "1999", "1999-01", "1999-01-01", "1999-01-31", "1999-02", "1999-12-31", "2000",
      "2000-01-01",
    ].map { try SeriesDate($0, at: "f") }
    for (index, one) in order.enumerated() {
      for (place, other) in order.enumerated() {
        #expect((one < other) == (index < place), "\(one) \(other)")
      }
    }
  }

  /// From the years 1 to 9999, whose calendar repeats after 400 years.
  @Test func daysHaveNumbers() {
    var (day, month, year) = (1, 1, 1)
    for number in CivilDay(year: 1, month: 1, day: 1)
      .number..<CivilDay(year: 402, month: 1, day: 1).number
    {
      let expected = CivilDay(year: year, month: month, day: day)
      #expect(CivilDay(number: number) == expected && expected.number == number)
      day += 1
      if day > CivilDay.daysIn(month: month, of: year) { (day, month) = (1, month + 1) }
      if month > 12 { (month, year) = (1, year + 1) }
    }
    #expect(CivilDay(year: 1970, month: 1, day: 1).number == 0)
    #expect(CivilDay(number: CivilDay(year: 9999, month: 12, day: 31).number + 1).year == 10_000)
    // A Thursday.
    #expect(CivilDay.weekday(0) == 3)
    // The first days of years whose weeks begin in the year before or after.
    for (year, first, week) in [
      (2021, 2020, 53), (2020, 2020, 1), (2023, 2022, 52), (2024, 2024, 1),
    ] {
      let found = CivilDay.week(of: CivilDay(year: year, month: 1, day: 1).number)
      #expect(found == (first, week))
    }
  }

  /// All rows decide the order of day and month, and then the intervals; otherwise an option is needed.
  @Test func orderOfDayAndMonth() throws {
    let days = ["01/12/2020", "02/12/2020", "03/12/2020", "13/12/2020"]
    #expect(
      try ReadSeries(
        ReadSeries.text(Array(days[..<3]) + (4...13).map { String(format: "%02d/12/2020", $0) })
      ).dates[0] == "2020-12-01")
    let months = (1...12).map { "\($0)/1/1948" } + (1...3).map { "\($0)/1/1949" }
    let found = try ReadSeries(ReadSeries.text(months))
    #expect(
      found.dates.first == "1948-01-01" && found.dates.last == "1949-03-01"
        && found.dates.count == 15)
    #expect(
      found.notes.contains(
        "f.csv: dates are read as MM/DD/YYYY, the only order with equal intervals"))
    let open = ReadSeries.text(["10/03/2004", "11/03/2004", "12/03/2004"])
    let message = try #require(ReadSeries.error(open))
    #expect(message.contains("give --date-order dmy or mdy"), "\(message)")
    #expect(
      try ReadSeries(open, SeriesReading(dateOrder: "dmy")).dates == [
        "2004-03-10", "2004-03-11", "2004-03-12",
      ])
    #expect(
      try ReadSeries(open, SeriesReading(dateOrder: "mdy")).dates == [
        "2004-10-03", "2004-11-03", "2004-12-03",
      ])
  }

  @Test func datesThatAreNoneNameTheirLine() {
    for (text, message) in [
      (
        "d,v\n2000-02-28,1\n2000-02-29,1\n2001-02-29,2\n",
        "f.csv:4: d is \"2001-02-29\", expected an existing date of the form YYYY-MM-DD"
      ),
      (
        "d,v\n2021,1\n2022,3\n2023-02-28,2",
        "f.csv:4: d is \"2023-02-28\", expected a date of the form YYYY as in the other rows"
      ),
      (
        "date,value\n٢٠٢٠-٠١-٠١,1\n٢٠٢٠-٠١-٠٢,2",
        "f.csv:2: date is \"٢٠٢٠-٠١-٠١\", expected digits 0 to 9; --date-column names another column, or none to number the "
          + "values"
      ),
    ] {
      #expect(ReadSeries.error(text) == message)
    }
    #expect(
      ReadSeries.error("Monat;v\n2020-01;3\n2020-02;5\nSumme;8\n")
        == "f.csv:4: Monat is \"Summe\", expected a date of the form YYYY-MM as in the other rows; remove the line if it has no date, as a "
        + "total")
  }

  /// Not the tenth of months, and not the years 2001 to 2004.
  @Test(arguments: [
    ["1-Jan", "2-Jan", "3-Jan"], ["01-Jan", "02-Jan", "03-Jan", "04-Jan"],
    ["Jan 01", "Jan 02", "Jan 03", "Jan 04"], ["01/01", "01/02", "01/03", "01/04"],
    ["07-Jan", "14-Jan", "21-Jan", "28-Jan"],
  ])
  func daysWithoutAYearAreErrors(days: [String]) throws {
    #expect(
      ReadSeries.error(ReadSeries.text(days))
        == "f.csv:2: dates have no year, or one of two digits that may be a day, expected four digits such as in 2001-07-05"
    )
    let months = ["Jan-01", "Feb-01", "Mar-01", "Apr-01"]
    #expect(try ReadSeries(ReadSeries.text(months)).dates.last == "2001-04")
  }

  @Test(arguments: [
    ["Jan 2018", "Feb 2018", "Mrz 2018", "Apr 2018", "Mai 2018"],
    ["janv. 2018", "févr. 2018", "MARS 2018", "avr. 2018", "mai 2018"],
    ["enero 2018", "febrero 2018", "marzo 2018", "abr. 2018", "mayo 2018"],
    ["Jänner 2018", "Februar 2018", "März 2018", "April 2018", "Mai 2018"],
    // The beginning of juin and of juillet.
    ["Jui 2018", "Juil 2018"],
  ])
  func namesOfMonthsMayBeGermanFrenchOrSpanish(dates: [String]) throws {
    guard dates.count > 2 else {
      #expect(ReadSeries.error(ReadSeries.text(dates)) != nil)
      return
    }
    let found = try ReadSeries(ReadSeries.text(dates))
    #expect(found.dates == (1...5).map { "2018-0\($0)" })
    let parts = ReadSeries.lines(
      ["Jahr", "Monat", "v"], dates.map { ["2018", "\($0.split(separator: " ")[0])", "3"] }, ";")
    #expect(try ReadSeries(parts).dates == found.dates)
  }
}
