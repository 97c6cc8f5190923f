// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// Which columns have the dates and the values, and what wide and long files become.
@Suite struct SeriesColumnsTests {
  private func columns(_ text: String, _ options: SeriesReading = .init()) throws -> (
    dates: [String], value: String
  ) {
    let found = try #require(try ReadSeries(text, options).series.recognition)
    return (found.dateColumns, found.column)
  }

  @Test(arguments: [
    ("date,a,b\n2001,3,5\n2002,9,6\n", ["date"], "a"),
    ("a,date,b\n3,2001-01,5\n7,2001-02,6\n", ["date"], "a"),
    ("name,a,when\nx,3,2001-01-05\ny,7,2001-01-06\n", ["when"], "a"),
    // Row numbers, constants and parts of dates are no series.
    (",time,value\n1,1949.0,3\n2,1949.0833,5\n3,1949.1667,2\n", ["time"], "value"),
    ("id,Date,Year,Month,Sales\n4,2001-01-31,2001,1,5\n4,2001-02-28,2001,2,6\n", ["Date"], "Sales"),
    ("year,month,x\n2001,1,4\n2001,2,5\n2001,3,9\n", ["year", "month"], "x"),
    ("Year,Mon,x\n2001,Jan,4\n2001,Feb,5\n2001,Mar,9\n", ["Year", "Mon"], "x"),
    ("year,quarter,x\n2001,1,4\n2001,2,5\n2001,3,9\n", ["year", "quarter"], "x"),
    ("Series,Year,Period,x\nA,2001,Q01,4\nA,2001,Q02,5\nA,2001,Q03,9\n", ["Year", "Period"], "x"),
    (
      "No,year,month,day,hour,pm\n1,2010,1,1,0,4\n2,2010,1,1,1,7\n3,2010,1,1,2,2\n",
      ["year", "month", "day", "hour"], "pm"
    ),
    (
      "Date;Time;CO\n10/03/2004;18.00.00;2,6\n10/03/2004;19.00.00;2\n13/03/2004;20.00.00;2,2\n",
      ["Date", "Time"], "CO"
    ),
    (
      "day,time,x\n2020-01-01,23:00,4\n2020-01-02,00:00,5\n2020-01-02,01:00,9\n", ["day", "time"],
      "x"
    ),
    ("step,x\n1,5\n2,3\n3,9\n", [], "x"), ("x\n5\n3\n9\n", [], "x"),
    ("x,y\n5,1\n3,2\n9,3\n", [], "x"),
    ("date,v,v\n2001,1,5\n2002,2,6\n", ["date"], "v"),
    ("date,date,w\n2001,1,5\n2002,2,6\n", ["date"], "date"),
  ])
  func columnsAreRecognized(text: String, dates: [String], value: String) throws {
    if text.contains("CO\n") {
      // The hours of three days: too many are missing, but the columns are right.
      #expect(ReadSeries.error(text)?.contains("2004-03-13T20:00") == true)
      return
    }
    let found = try columns(text)
    #expect(found.dates == dates && found.value == value, "\(found)")
  }

  @Test func columnsMayBeGiven() throws {
    let text = "a,b,date,a\n4,5,2001,3\n6,7,2002,9\n"
    #expect(try columns(text, SeriesReading(column: "b")).value == "b")
    #expect(try ReadSeries(text, SeriesReading(column: "4")).values == [3, 9])
    #expect(
      ReadSeries.error(text, SeriesReading(column: "a"))
        == "f.csv:1: has 2 columns \"a\", expected one; give --column a position from 1 to 4")
    #expect(
      ReadSeries.error(text, SeriesReading(column: "z"))
        == "f.csv:1: has the columns [\"a\", \"b\", \"date\", \"a\"], expected --column to be one of them or a position from 1 "
        + "to 4, found \"z\"")
    #expect(
      ReadSeries.error(text, SeriesReading(column: "date"))
        == "f.csv:1: column \"date\" has the dates, expected --column to name another one; --date-column none numbers the values"
    )
    let two = "d1,d2,v\n2001-01-01,2001-02-01,4\n2001-01-02,2001-03-01,5\n"
    #expect(
      try ReadSeries(two, SeriesReading(dateColumn: "d2")).dates == ["2001-02-01", "2001-03-01"])
    #expect(
      try ReadSeries(two, SeriesReading(column: "3", dateColumn: "none")).dates == ["1", "2"])
    #expect(
      ReadSeries.error(two, SeriesReading(dateColumn: "v"))?.contains("expected a date such as")
        == true)
  }

  @Test func valuesWithoutDatesAreNumbered() throws {
    let found = try ReadSeries("v\n4\n\n6\n")
    #expect(found.dates == ["1", "2", "3"] && found.values == [4, nil, 6])
    #expect(try found.next(2) == ["4", "5"] && found.series.interval() == .steps)
    #expect(found.notes == ["f.csv: has no dates; values are numbered from 1"])
    #expect(
      ReadSeries.error("1,2,3\n4,5,6\n")?.hasPrefix(
        "f.csv: has 3 columns, but neither a header nor dates") == true)
    // A column of unknown dates is not ignored.
    #expect(
      ReadSeries.error("d,v\n2001~1,4\n2001~2,5\n")?.hasPrefix(
        "f.csv:2: d is \"2001~1\", expected a date such as") == true)
  }

  @Test func yearsAndMonthsInOneTable() throws {
    let names = "JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC"
    let rows = "2001,1,2,3,4,5,6,7,8,9,10,11,12,78\n2002,13,14,15,,,,,,,,,,\n"
    let found = try ReadSeries("YEAR,\(names),Annual\n\(rows)")
    #expect(found.values == (1...15).map { Double($0) } && found.dates.last == "2002-03")
    #expect(
      found.notes == [
        "f.csv: has a year in each row and its months in 12 columns; other columns are ignored: \"Annual\"",
        "f.csv: the last 9 values are missing; the series ends at 2002-03",
      ])
    // A named column has one value a year.
    #expect(
      try ReadSeries("YEAR,\(names),Annual\n\(rows)", SeriesReading(column: "FEB")).values == [
        2, 14,
      ])
    let quarters = try ReadSeries("Year;Q1;Q2;Q3;Q4\n2001;1;2;3;4\n2002;5;6;7;8\n")
    #expect(quarters.dates.last == "2002-Q4" && quarters.values.last == 8)
  }

  @Test func datesInTheHeader() throws {
    let text =
      "Country,Code,1990,1991,1992,1993\nChile,CL,1,2,3,4\nPeru,PE,5,6,,8\nPeru,XX,5,6,7,9\n"
    let chile = try ReadSeries(text, SeriesReading(column: "Chile"))
    #expect(chile.dates == ["1990", "1991", "1992", "1993"] && chile.values == [1, 2, 3, 4])
    #expect(chile.series.recognition?.summary.contains("\"Chile\", dates in the header: 4") == true)
    #expect(try ReadSeries(text, SeriesReading(column: "PE")).values == [5, 6, nil, 8])
    #expect(
      try ReadSeries(text, SeriesReading(column: "Peru", conditions: ["Code=XX"])).values == [
        5, 6, 7, 9,
      ])
    #expect(
      ReadSeries.error(text)
        == "f.csv:1: has 4 dates in the header and a series in each of 3 rows, expected one; choose a row by its text, as in "
        + "--column Chile; recur forecast --id Country forecasts all")
    #expect(
      ReadSeries.error(text, SeriesReading(column: "Peru"))
        == "f.csv:1: has 4 dates in the header and a series in each of 3 rows, and 2 have the text \"Peru\", expected one; --where "
        + "COLUMN=VALUE chooses rows by \"Country\", \"Code\"")
    #expect(ReadSeries.error("Country,1990,1991,1991,1993\nChile,1,2,3,4\n") != nil)
    let days = "Place,1/22/20,1/23/20,1/24/20,1/25/20\nA,1,2,3,4\n"
    #expect(try ReadSeries(days).dates == ["2020-01-22", "2020-01-23", "2020-01-24", "2020-01-25"])
  }

  @Test func severalSeriesInOneFile() throws {
    let text = "symbol,date,price\nA,2001-01-01,1\nA,2001-01-02,2\nB,2001-01-01,5\nB,2001-01-02,6\n"
    #expect(
      ReadSeries.error(text)
        == "f.csv:4: date 2001-01-01 is also on line 2, expected one series; column \"symbol\" tells several apart: choose one, as "
        + "in --where symbol=A; recur forecast --id symbol forecasts all")
    #expect(try ReadSeries(text, SeriesReading(conditions: ["symbol=B"])).values == [5, 6])
    #expect(
      ReadSeries.error(text, SeriesReading(conditions: ["symbol=C"]))
        == "f.csv: has no row that fulfills --where symbol=C")
    #expect(
      ReadSeries.error(text, SeriesReading(conditions: ["symbol"]))
        == "--where is \"symbol\", expected COLUMN=VALUE")
    #expect(
      ReadSeries.error(text, SeriesReading(conditions: ["x=C"]))?.contains(
        "expected --where to be one of them") == true)
  }

  /// Two columns together tell several series apart. A week or a month does not.
  @Test func hintsDoNotMixSeries() {
    let shops = ReadSeries.lines(
      ["store", "product", "date", "sales"],
      ["2020-01", "2020-02", "2020-03"].flatMap { date in
        [
          ["1", "A", date, "3"], ["1", "B", date, "4"], ["2", "A", date, "3"],
          ["2", "B", date, "6"],
        ]
      })
    #expect(
      ReadSeries.error(shops)
        == "f.csv:3: date 2020-01 is also on line 2, expected one series; columns \"store\" and \"product\" tell several apart: "
        + "choose one, as in --where store=1 --where product=A")
    let weeks = ReadSeries.lines(
      ["Year", "Week", "Sales"], (1...8).map { ["2020", "\($0)", "\($0 % 3)"] })
    #expect(
      ReadSeries.error(weeks)
        == "f.csv:3: date 2020 is also on line 2; column \"Week\" may be a part of the date, expected dates such as 2001-07-05, "
        + "2001-07 or 2001-W27 in one column")
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    #expect(
      ReadSeries.error(
        ReadSeries.lines(
          ["Month", "2010", "2011", "2012", "2013"], months.map { [$0, "3", "4", "5", "6"] }))
        == "f.csv:1: has years in the header and months in the rows, expected a year in each row; exchange rows and columns"
    )
  }

  /// A column of unknown dates was forecast as if it were the series.
  @Test(arguments: [
    ("date,v", ["43101", "43132", "43160", "43191"]),
    ("yq,v", ["20001", "20002", "20003", "20004"]),
    ("yearweek,v", ["202213", "202214", "202215", "202216"]),
    ("ym,v", ["2000.08", "2000.09", "2000.1", "2000.11"]),
  ])
  func unknownDatesAreErrors(header: String, dates: [String]) throws {
    let text = ReadSeries.text(dates, header: header + "\n")
    let name = header.prefix { $0 != "," }
    #expect(
      ReadSeries.error(text)
        == "f.csv:2: \(name) is \"\(dates[0])\", probably a date of an unknown form, expected one such as 2001-07-05, 2001-07 or "
        + "2001-Q3; give --date-column none and --column v to forecast without dates, or --column \(name) to forecast this "
        + "column")
    #expect(try ReadSeries(text, SeriesReading(column: "v", dateColumn: "none")).values.last == 2.5)
    #expect(
      try ReadSeries(text, SeriesReading(column: "\(name)")).values.first == Double(dates[0]))
  }

  /// The values are not taken for the years of a header.
  @Test func yearsAndPartsInAWideFile() throws {
    let rows = [["2000", "1000.5", "1100.5", "1200.5", "1150.5"], ["2001", "1", "2", "3", "4"]]
    let found = try ReadSeries(ReadSeries.lines(["Year", "Q1", "Q2", "Q3", "Q4"], rows))
    #expect(found.values == [1000.5, 1100.5, 1200.5, 1150.5, 1, 2, 3, 4])
    let header = ["Year"] + (1...12).map { "\($0)" }
    let months = ["2000", "2001"].map { [$0] + (1...12).map { "\(3 * $0 % 5)" } }
    #expect(try ReadSeries(ReadSeries.lines(header, months)).dates.last == "2001-12")
  }

  @Test func otherColumnsOfNumbersAreReported() throws {
    let text = ReadSeries.lines(
      ["Date", "id", "Open", "Close", "Volume", "Note"],
      (1...4).map { ["2020-01-0\($0)", "7", "\(3 + $0 % 2)", "\(5 - $0)", "\(9 * $0)", "x"] })
    #expect(
      try ReadSeries(text).notes == [
        "f.csv: other columns of numbers: \"Close\", \"Volume\"; choose one with --column"
      ])
    #expect(try ReadSeries(text, SeriesReading(column: "Close")).notes == [])
  }
}
