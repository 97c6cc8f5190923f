// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// The order of rows, duplicate dates and missing values.
@Suite struct SeriesRowsTests {
  @Test func rowsAreSorted() throws {
    let descending = try ReadSeries("d,v\n2003,3\n2002,2\n2001,1\n")
    #expect(descending.values == [1, 2, 3])
    #expect(descending.notes == ["f.csv: dates are in descending order and were reversed"])
    let mixed = try ReadSeries("d,v\n2001,1\n2003,3\n2002,2\n2004,4\n")
    #expect(mixed.values == [1, 2, 3, 4])
    #expect(
      mixed.notes == ["f.csv: dates are not in order, first on line 4 (2002), and were sorted"])
  }

  @Test func duplicatesAreMerged() throws {
    let text = "d,v\n2001,1\n2002,2\n2002,4\n2003,\n2003,9\n2004,5\n"
    #expect(
      ReadSeries.error(text)
        == "f.csv:4: date 2002 is also on line 3, expected each date once; --aggregate mean, sum, last or first merges rows"
    )
    for (aggregation, value) in [(.mean, 3), (.sum, 6), (.last, 4), (.first, 2)]
      as [(Aggregation, Double)]
    {
      let found = try ReadSeries(text, SeriesReading(aggregate: aggregation))
      #expect(found.values == [1, value, 9, 5])
      #expect(
        found.notes == [
          "f.csv: 2 rows repeat dates, first 2002; merged by --aggregate \(aggregation.rawValue)"
        ])
    }
    let same = try ReadSeries("d,v\n2001,1\n2002,2\n2002,2\n2003,3\n")
    #expect(
      same.values == [1, 2, 3]
        && same.notes == ["f.csv: 1 row repeats a date with the same value, first 2002"])
  }

  @Test func missingValues() throws {
    for token in ["", "NA", "n/a", "NaN", "null", "None", ".", "-", "#N/A", "\"\"", " "] {
      #expect(
        try ReadSeries("d,v\n2001,1\n2002,\(token)\n2003,3\n").values == [1, nil, 3], "\(token)")
    }
    let found = try ReadSeries("d,v\n1999,\n2000,NA\n2001,5\n2002,\n2003,6\n2004,\n")
    #expect(found.values == [5, nil, 6] && found.dates == ["2001", "2002", "2003"])
    #expect(
      found.notes == [
        "f.csv: the first 2 values are missing; the series begins at 2001",
        "f.csv: the last value is missing; the series ends at 2003",
      ])
    #expect(
      try ReadSeries(
        "d,v\n2001,1\n2002,-999\n2003,x\n2004,3\n", SeriesReading(missing: ["-999.0", "x"])
      ).values == [1, nil, nil, 3])
    let none = try ReadSeries("d,v\n2001,\n2002,\n2003,\n").series
    #expect(none.missing == 3 && none.dates.count == 3)
    let half = "d,v\n" + (2001...2009).map { "\($0),\($0 % 4 == 1 ? "1" : "")\n" }.joined()
    #expect(ReadSeries.error(half) == "f.csv: 6 of 9 values are missing, expected at most half")
  }

  @Test func sentinelsAreReported() throws {
    let rows = (2001...2020).map {
      "\($0),\([2005, 2006, 2011].contains($0) ? "-200" : "\($0 % 7).5")\n"
    }.joined()
    let found = try ReadSeries("d,v\n" + rows)
    #expect(
      found.notes == [
        "warning: f.csv:6: 3 values, here and later, are -200, far from all others (0.5 to 6.5); if missing, "
          + "give --missing -200"
      ])
    #expect(try ReadSeries("d,v\n" + rows, SeriesReading(missing: ["-200"])).series.missing == 3)
    // One code is enough, and so is one value that is far from all others.
    for (value, text) in [
      ("-999", "-999"), ("-99", "-99"), ("9999", "9999"), ("1e15", "1000000000000000"),
    ] {
      let one = (2001...2020).map { "\($0),\($0 == 2006 ? value : "\(10 + $0 % 7)")\n" }.joined()
      #expect(
        try ReadSeries("d,v\n" + one).notes == [
          "warning: f.csv:7: the value is \(text), far from all others (10 to 16); if missing, give --missing \(text)"
        ])
    }
    let near = (2001...2020).map { "\($0),\($0 == 2006 ? "500" : "\(10 + $0 % 7)")\n" }.joined()
    #expect(try ReadSeries("d,v\n" + near).notes == [])
    let natural = (2001...2020).map { "\($0),\($0 % 7 - 3)\n" }.joined()
    #expect(try ReadSeries("d,v\n" + natural).notes == [])
  }

  @Test func omittedLinesAreInserted() throws {
    for (dates, absent) in [
      (["2000", "2001", "2003", "2004"], "2002"), (["2000-10", "2000-11", "2001-01"], "2000-12"),
      (["2000-01-31", "2000-02-29", "2000-04-30"], "2000-03-31"),
      (["2000-02-20", "2000-02-27", "2000-03-12"], "2000-03-05"),
    ] {
      let found = try ReadSeries(ReadSeries.text(dates))
      #expect(found.dates == (dates + [absent]).sorted())
      #expect(found.series.missing == 1 && found.notes.count == 1)
      #expect(found.notes[0].hasSuffix("dates without a line: 1, the first \(absent)"))
    }
  }

  @Test func recognitionIsOneLine() throws {
    let found = try ReadSeries("month,sales\n2001-01,4\n2001-02,\n2001-03,6\n")
    #expect(
      found.series.recognition?.summary
        == "f.csv: \"sales\" (column 2), dates in \"month\": 3 values, 2001-01 to 2001-03, 1 month apart, usual season 12, 1 "
        + "missing")
    #expect(
      found.series.recognition
        == SeriesRecognition(
          file: "f.csv", column: "sales", position: 2, dateColumns: ["month"], dateForm: "YYYY-MM",
          separator: "comma",
          decimal: "point", interval: "1 month", usualPeriods: [12], first: "2001-01",
          last: "2001-03", values: 3, missing: 1))
  }
}
