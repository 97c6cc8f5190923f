// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// The labels of dates along the axis of a plot.
@Suite struct DateLabelsTests {
  @Test(
    arguments: [
      ("1", 1, 33, ["5", "10", "15", "20", "25", "30"]),
      ("2000", 12, 6, ["2000", "2001", "2002", "2003", "2004", "2005"]),
      ("2001", 12, 33, ["2005", "2010", "2015", "2020", "2025", "2030"]),
      ("2000-Q3", 3, 6, ["2000-Q3", "2000-Q4", "2001-Q1", "2001-Q2", "2001-Q3", "2001-Q4"]),
      (
        "2000-Q3", 3, 40,
        ["2001", "2002", "2003", "2004", "2005", "2006", "2007", "2008", "2009", "2010"]
      ),
      (
        "2000-02", 1, 15,
        ["2000-03", "2000-05", "2000-07", "2000-09", "2000-11", "2001-01", "2001-03"]
      ),
      (
        "2000-02", 1, 48,
        ["2000-07", "2001-01", "2001-07", "2002-01", "2002-07", "2003-01", "2003-07", "2004-01"]
      ),
    ] as [(String, Int, Int, [String])])
  func labelsAreRound(first: String, months: Int, count: Int, texts: [String]) throws {
    let first = first == "1" ? SeriesDate(time: 1, form: .number) : try SeriesDate(first, at: "f")
    let start = first.form == .number ? nil : CivilDay(number: first.time / SeriesDate.day)
    let dates = (0..<count).map { index in
      guard let start else { return SeriesDate(time: index + 1, form: .number) }
      let month = start.months + index * months
      let day = CivilDay(year: month / 12, month: month % 12 + 1, day: 1)
      return SeriesDate(time: day.number * SeriesDate.day, form: first.form)
    }
    let labels = DateLabels(of: dates).labels
    #expect(labels.map(\.text) == texts)
    #expect(labels.allSatisfy { "\(dates[$0.index])".hasPrefix($0.text) })
  }

  @Test(
    arguments: [
      ("2024-W01", 7 * 1440, 20, ["2024-W03", "2024-W07", "2024-W11", "2024-W15", "2024-W19"]),
      (
        "2024-01-31", 1440, 5,
        ["2024-01-31", "2024-02-01", "2024-02-02", "2024-02-03", "2024-02-04"]
      ),
      (
        "2024-01-31", 1440, 36,
        ["2024-02-05", "2024-02-12", "2024-02-19", "2024-02-26", "2024-03-04"]
      ),
      ("1999-01-02", 7 * 1440, 416, (2000...2006).map { "\($0)" }),
      ("2024-01-31T18:00", 60, 96, ["2024-02-01", "2024-02-02", "2024-02-03", "2024-02-04"]),
      (
        "2024-01-31T18:00Z", 60, 30,
        ["01-31 18:00", "02-01 00:00", "02-01 06:00", "02-01 12:00", "02-01 18:00"]
      ),
      (
        "2024-01-31T18:05", 5, 12,
        ["01-31 18:10", "01-31 18:20", "01-31 18:30", "01-31 18:40", "01-31 18:50", "01-31 19:00"]
      ),
    ] as [(String, Int, Int, [String])])
  func timesHaveLabels(first: String, minutes: Int, count: Int, texts: [String]) throws {
    let first = try SeriesDate(first, at: "f")
    let dates = (0..<count).map {
      SeriesDate(time: first.time + $0 * minutes * 60_000, form: first.form, offset: first.offset)
    }
    #expect(DateLabels(of: dates).labels.map(\.text) == texts)
  }

  /// The ends, if no distance fits.
  @Test func aPairHasLabels() throws {
    let dates = try ["2024-01-02", "2024-01-03"].map { try SeriesDate($0, at: "f") }
    #expect(DateLabels(of: dates).labels.map(\.index) == [0, 1])
    let seconds = (0..<2).map { SeriesDate(time: 1 + $0, form: .millisecond) }
    #expect(
      DateLabels(of: seconds).labels.map(\.text)
        == ["1970-01-01T00:00:00.001", "1970-01-01T00:00:00.002"])
  }
}
