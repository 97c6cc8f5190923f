// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand

@Suite struct PanelReaderTests {
  private let header = "id,month,sales\n"
  private typealias Text = ReadPanel

  @Test func seriesOfDifferentLengthsAndStarts() throws {
    let panel = try ReadPanel(
      header + Text.months("a", 30) + "b,2003-11,5\nb,2003-12,7\nb,2004-01,6\n"
        + "c,1999-05,1\n")
    #expect(panel.ids == ["a", "b", "c"])
    #expect(panel.entries.map(\.series.values) == [(1...30).map(Double.init), [5, 7, 6], [1]])
    #expect(
      panel.entries.map { "\($0.dates)" } == [
        "[2003-07, 2003-08]", "[2004-02, 2004-03]", "[1999-06, 1999-07]",
      ])
    #expect(panel.form.calendar.interval == .months(1))
    #expect(panel.form.usualPeriod == 12)
    #expect(
      panel.form.summary(of: "p.csv")
        == "p.csv: series named by \"id\", values in \"sales\", dates in \"month\" (YYYY-MM), "
        + "1 month apart")
  }

  @Test func rowsInAnyOrderGapsAndMissingValues() throws {
    let panel = try ReadPanel(
      header + Text.months("a", 10)
        + "b,2001-04,4\nb,2001-01,\nb,2001-02,2\nb,2001-06,NA\nb,2001-05,5\nb,2001-07,7\n"
        + "b,2001-08,\n")
    let series = panel.entries[1].series
    #expect(series.values == [2, 3, 4, 5, 6, 7])
    #expect(series.missing == [1, 4])
    #expect("\(panel.entries[1].dates)" == "[2001-08, 2001-09]")
  }

  @Test func inputsAndFeatures() throws {
    let rows = (0..<8).map {
      "a,\(Text.month($0)),\($0 < 6 ? "\($0)" : ""),\($0 % 2),\($0 == 2 ? "" : "\(10 * $0)"),north,3\n"
    }.joined()
    let other = rows.replacing("a,", with: "b,").replacing("north,3", with: "south,4")
    let panel = try ReadPanel(
      "id,month,sales,promotion,visits,region,size\n" + rows + other, known: ["promotion"],
      past: ["visits"], features: ["region", "size"])
    let series = panel.entries[0].series
    #expect(series.values == [0, 1, 2, 3, 4, 5])
    #expect(series.known == [[0, 1, 0, 1, 0, 1, 0, 1]])
    #expect(series.past == [[0, 10, 10, 30, 40, 50]])
    #expect(panel.entries.map(\.series.features) == [[1, 0, 3], [0, 1, 4]])
    #expect(panel.form.features.map(\.categories) == [["north", "south"], nil])
    #expect(panel.form.featureCount == 3)
  }

  @Test func oneRowForEachSeries() throws {
    let panel = try ReadPanel(
      "id,2001-01,2001-02,2001-03,2001-04\nx,1,2,3,4\ny,5,,7,8\nz,,,2,\n")
    #expect(panel.form.layout == .wide)
    #expect(panel.ids == ["x", "y", "z"])
    #expect(panel.entries.map(\.series.values) == [[1, 2, 3, 4], [5, 6, 7, 8], [2]])
    #expect("\(panel.entries[2].dates)" == "[2001-04, 2001-05]")
  }

  @Test("A condition names a column by its name or its position")
  func conditions() throws {
    let text =
      "id,month,sales,region\n" + Text.months("a", 6, more: ",north")
      + Text.months("b", 6, more: ",south")
    for condition in ["region=south", "4=south"] {
      #expect(try ReadPanel(text, SeriesReading(conditions: [condition])).ids == ["b"])
    }
    let wide = "id,region,2001-01,2001-02,2001-03\nx,north,1,2,3\ny,south,4,5,6\n"
    for condition in ["region=south", "2=south"] {
      #expect(try ReadPanel(wide, SeriesReading(conditions: [condition])).ids == ["y"])
    }
  }

  @Test("A wide file of a model has the labels of the training file, and any dates")
  func wideFilesOfAModel() throws {
    let whole = try ReadPanel(
      "id,region,2001-01,2001-02,2001-03\nx,north,1,2,3\ny,south,1,2,3\n", features: ["region"])
    let later = try ReadPanel(
      "id,region,2001-02,2001-03,2001-04,2001-05\nx,south,2,3,5,4\n", form: whole.form)
    #expect(later.entries[0].series.features == [0, 1])
    #expect("\(later.entries[0].dates)" == "[2001-06, 2001-07]")
    #expect(
      ReadPanel.error {
        try ReadPanel("id,2001-01,2001-02,2001-03\nx,1,2,3\n", form: whole.form)
      }?.contains("has no header id,region") == true)
  }

  @Test func separatorsDecimalCommasAndQuotes() throws {
    let panel = try ReadPanel(
      "Filiale;Monat;Umsatz\n"
        + (0..<14).map { "F1;\($0 % 12 + 1).\(2001 + $0 / 12);\($0),5\n" }.joined()
        + "\"a; \"\"b\"\"\";1.2001;1.234,25\n", id: "Filiale")
    #expect(panel.ids == ["F1", "a; \"b\""])
    #expect(panel.entries[0].series.values[1] == 1.5)
    #expect(panel.entries[1].series.values == [1234.25])
    #expect(panel.form.decimal == .comma)
  }

  @Test("The bytes of a file may come in parts of any size")
  func manyParts() throws {
    // Several parts of 256 KiB, which begin within series.
    let panel = try ReadPanel(
      header + (0..<30).map { Text.months("series \($0)", 4_000) }.joined())
    #expect(panel.ids == (0..<30).map { "series \($0)" })
    #expect(panel.entries.allSatisfy { $0.series.values == (1...4_000).map(Double.init) })
    #expect(panel.failures == [])
  }

  @Test func linesCountFromTheBeginningOfTheFile() {
    let rows = (0..<30).map { Text.months("series \($0)", 4_000) }.joined()
    #expect(
      ReadPanel.error { try ReadPanel(header + rows + "x,2001-01,1\nx,2001-02,abc\n") }
        == "p.csv:120003: sales is \"abc\", expected a number with a decimal point, or an empty field "
        + "(series \"x\")")
  }

  @Test("A stored form reads each part of a file in the same way")
  func storedForms() throws {
    let whole = try ReadPanel(
      "id,day,sales\n" + (1...28).map { "a,\($0)/03/2001,\($0)\n" }.joined()
        + "b,05/04/2001,7\nb,06/04/2001,8\n")
    #expect(whole.form.pattern == "DD/MM/YYYY")
    // The part alone could also be read as months and days.
    let part = try ReadPanel(
      "id,day,sales\nb,05/04/2001,7\nb,06/04/2001,8\n", form: whole.form)
    #expect("\(part.entries[0].dates)" == "\(whole.entries[1].dates)")
    #expect("\(part.entries[0].dates)" == "[2001-04-07, 2001-04-08]")
    #expect(
      ReadPanel.error { try ReadPanel("id,date,sales\nb,05/04/2001,7\n", form: whole.form) }
        == "p.csv: has no header id,day,sales as in the training file")
  }

  @Test func timesWithZonesAreInUTC() throws {
    let panel = try ReadPanel(
      "id,time,v\n"
        + (10..<20).map { "a,2001-03-01T\($0):00+01:00,\($0)\n" }.joined()
        + "b,2001-03-01T10:00Z,1\nb,2001-03-01T11:00Z,2\n")
    #expect(panel.form.calendar.interval == .milliseconds(3_600_000))
    #expect("\(panel.entries[0].dates)" == "[2001-03-01T19:00Z, 2001-03-01T20:00Z]")
    #expect("\(panel.entries[1].dates)" == "[2001-03-01T12:00Z, 2001-03-01T13:00Z]")
  }

  @Test func weeksBeginOnDifferentDays() throws {
    let panel = try ReadPanel(
      "id,day,v\n"
        + (0..<4).map { "a,2001-01-\($0 * 7 + 1 < 10 ? "0" : "")\($0 * 7 + 1),1\n" }
        .joined() + "b,2001-01-03,1\nb,2001-01-10,2\nb,2001-01-17,2\n")
    #expect("\(panel.entries[0].dates)" == "[2001-01-29, 2001-02-05]")
    #expect("\(panel.entries[1].dates)" == "[2001-01-24, 2001-01-31]")
  }
}
