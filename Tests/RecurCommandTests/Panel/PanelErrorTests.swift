// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand

@Suite struct PanelErrorTests {
  private let header = "id,month,sales\n"
  private typealias Text = ReadPanel

  private func error(_ rows: String, horizon: Int = 2, aggregate: Aggregation? = nil) -> String? {
    ReadPanel.error {
      try ReadPanel(header + rows, horizon: horizon, SeriesReading(aggregate: aggregate))
    }
  }

  @Test func idsThatComeAgain() {
    #expect(
      error(Text.months("a", 12) + Text.months("b", 3) + "a,2002-01,5\n")
        == "p.csv:17: series \"a\" appears again after other series, expected all rows of a series next to "
        + "each other; sort the file by \"id\"")
    #expect(
      error(Text.months("a", 12) + ",2001-01,4\n")
        == "p.csv:14: id is empty, expected the name of a series")
  }

  @Test func brokenSeriesAreNamed() {
    let first = Text.months("a", 12)
    #expect(
      error(first + "b,2001-01,\nb,2001-02,NA\n") == "p.csv:14: series \"b\" has no known value")
    #expect(
      error(first + "b,2001-01,1\nb,2001-02,2\nb,2001-01,3\n")
        == "p.csv:16: series \"b\" has date 2001-01 twice, expected each date once; --aggregate mean, "
        + "sum, last or first merges rows")
    #expect(error(first + "b,2001-01,1\nb,2001-01,3\n", aggregate: .sum) == nil)
    #expect(
      error(first + "b,2001-13,1\n")
        == "p.csv:14: month is \"2001-13\", expected a date of the form YYYY-MM (series \"b\")")
    #expect(
      error(first + "b,2001-01,1e301\n")
        == "p.csv:14: sales is 1e301, expected at most 1e+300 in magnitude (series \"b\")")
    #expect(
      error(first + "b,2001-01\n") == "p.csv:14: has 2 fields, expected 3 (series \"b\")")
    #expect(
      error(first + "b,2001-01,1\nb,2001-04,2\nb,2001-07,2\nb,2001-10,2\n")
        == "p.csv:14: series \"b\" has dates 3 months apart, expected 1 month as in the other series"
    )
    #expect(
      error(first + "b,2001-01,1\nb,2009-02,2\nb,2009-03,3\n")
        == "p.csv:14: series \"b\" has 3 rows and omits 96 dates 1 month apart, expected it to omit at "
        + "most a third")
    #expect(
      error(first + "b,9999-11,1\n")
        == "p.csv:14: series \"b\" has a forecast after 9999-12-31, expected earlier dates")
  }

  @Test func wideFilesHaveNoRowsToMerge() {
    for reading in [SeriesReading(dateColumn: "2001-01"), SeriesReading(aggregate: .sum)] {
      #expect(
        ReadPanel.error { try ReadPanel("id,2001-01,2001-02,2001-03\nx,1,2,3\n", reading) }
          == "p.csv: has a series in each row, expected no --aggregate and no --date-column")
    }
  }

  @Test func mergedRowsHaveTheirSum() throws {
    let panel = try ReadPanel(
      header + Text.months("a", 12) + "b,2001-02,4\nb,2001-01,1\nb,2001-01,\nb,2001-01,3\n",
      SeriesReading(aggregate: .sum))
    #expect(panel.entries[1].series.values == [4, 4])
  }

  @Test func otherSeriesAreStillRead() throws {
    let panel = try ReadPanel(
      header + Text.months("a", 12) + "b,2001-01,x\nb,2001-02,2\n" + Text.months("c", 2))
    #expect(panel.ids == ["a", "c"])
    #expect(
      panel.failures == [
        "p.csv:14: sales is \"x\", expected a number with a decimal point, or an empty field (series \"b\")"
      ])
    let short = try ReadPanel(
      header + Text.months("a", 12) + "b,2001-01\nb,2001-02,2\n" + Text.months("c", 2))
    #expect(short.ids == ["a", "c"])
    #expect(short.failures == ["p.csv:14: has 2 fields, expected 3 (series \"b\")"])
  }

  @Test func aWideSeriesHasOneRow() {
    #expect(
      ReadPanel.error { try ReadPanel("id,2001-01,2001-02,2001-03\nx,1,2,3\nx,1,2,3\n") }
        == "p.csv:3: series \"x\" has two rows, expected one")
  }

  @Test("Texts of features come from the rows that are read")
  func textsOfFeatures() throws {
    let rows = Text.months("a", 6, more: ",north,x") + Text.months("b", 6, more: ",south,y")
    let panel = try ReadPanel(
      "Report,,of the,year,\nid,month,sales,region,kind\n" + rows, features: ["region"],
      SeriesReading(conditions: ["kind=x"]))
    #expect(panel.form.features[0].categories == ["north"])
  }

  @Test("Separators at the end of the lines hide no texts of features")
  func separatorsAtTheEnd() throws {
    let rows = "x,north,1,2,3,\ny,south,1,2,3,\n"
    let panel = try ReadPanel(
      "id,region,2001-01,2001-02,2001-03,\n" + rows, features: ["region"])
    #expect(panel.entries.map(\.series.features) == [[1, 0], [0, 1]])
  }

  @Test("Inputs of a date come from its rows, too")
  func mergedInputs() throws {
    let panel = try ReadPanel(
      "id,month,sales,x\n" + Text.months("a", 6, more: ",1") + "b,2001-01,4,\nb,2001-01,1,7\n",
      past: ["x"], SeriesReading(aggregate: .sum))
    #expect(panel.entries[1].series.values == [5] && panel.entries[1].series.past == [[7]])
  }

  @Test func inputsKnownAheadMustBeKnown() {
    let rows = (0..<8).map { "a,\(Text.month($0)),\($0 < 6 ? "\($0)" : ""),\($0)\n" }.joined()
    func error(_ horizon: Int, _ rows: String) -> String? {
      ReadPanel.error {
        try ReadPanel("id,month,sales,price\n" + rows, horizon: horizon, known: ["price"])
      }
    }
    #expect(error(2, rows) == nil)
    #expect(
      error(3, rows)
        == "p.csv:7: series \"a\" has no price for 2001-09, expected the inputs known ahead in 3 rows "
        + "after the last value")
    #expect(error(2, rows.replacing(",7\n", with: ",\n"))?.contains("no price for 2001-08") == true)
  }

  @Test func featuresOfASeriesAreTheSameInAllRows() {
    #expect(
      ReadPanel.error {
        try ReadPanel(
          "id,month,sales,region\n" + Text.months("a", 6, more: ",north")
            + "b,2001-01,3,south\nb,2001-02,3,north\n", features: ["region"])
      }
        == "p.csv:9: has other features than the rows before, expected the same in all rows of a series (series \"b\")"
    )
    let many = (0..<66).map { Text.months("s\($0)", 3, more: ",r\($0)") }.joined()
    #expect(
      ReadPanel.error {
        try ReadPanel("id,month,sales,region\n" + many, features: ["region"])
      }?.contains("region has more than 64 texts, expected fewer in a feature") == true)
  }

  @Test func formsThatArePossibleInTwoWays() {
    #expect(
      ReadPanel.error { try ReadPanel("id,day,v\na,01/02/2001,4\na,02/02/2001,5\n") }
        == "p.csv: dates are DD/MM/YYYY or MM/DD/YYYY, expected one order; give --date-order")
    #expect(
      ReadPanel.error { try ReadPanel(header, id: "id") }
        == "p.csv: has no rows, only a header, expected rows with dates and values")
    #expect(
      ReadPanel.error {
        try ReadPanel(
          header + Text.months("a", 5), known: ["sales"], SeriesReading(column: "sales"))
      }?.contains("column \"sales\" is used twice") == true)
  }
}
