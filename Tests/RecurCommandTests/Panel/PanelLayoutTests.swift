// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining
import Testing

@testable import RecurCommand

@Suite struct PanelLayoutTests {
  @Test("Numbers in the header count the values of each row, as in the files of the M4 competition")
  func numbersInTheHeader() throws {
    let panel = try ReadPanel(
      "\"V1\",\"V2\",\"V3\",\"V4\",\"V5\"\n\"Y1\",1,2,3,4\n\"Y2\",7,8,9,\n\"Y3\",5,6,,\n", id: "V1")
    #expect(panel.form.layout == .wide && panel.form.pattern == nil)
    #expect(panel.ids == ["Y1", "Y2", "Y3"])
    #expect(panel.entries.map(\.series.values) == [[1, 2, 3, 4], [7, 8, 9], [5, 6]])
    #expect(panel.entries.map { "\($0.dates)" } == ["[6, 7]", "[5, 6]", "[4, 5]"])
    #expect(
      panel.form.summary(of: "p.csv")
        == "p.csv: series named by \"V1\", one series in each row, numbers in the header")
  }

  @Test("Features stand before the days, as in the files of the M5 competition")
  func labelsBeforeNumbers() throws {
    let rows = ["a,north", "b,south"].map { "\($0),3,0,1,2,0,1\n" }.joined()
    let text = "id,region,d_1,d_2,d_3,d_4,d_5,d_6\n" + rows
    let panel = try ReadPanel(text, features: ["region"])
    #expect(panel.entries.map(\.series.features) == [[1, 0], [0, 1]])
    #expect(panel.entries.map(\.series.values.count) == [6, 6])
    #expect("\(panel.entries[0].dates)" == "[7, 8]")
    let later = try ReadPanel(
      "id,region,d_4,d_5,d_6,d_7,d_8\nc,south,5,6,7,8,9\n", form: panel.form)
    #expect(later.entries[0].series.values == [5, 6, 7, 8, 9])
    #expect("\(later.entries[0].dates)" == "[9, 10]")
  }

  @Test("All values of a wide file decide on the decimal mark, not those of the first date alone")
  func decimalMarkOfWideFiles() throws {
    let header = "id;2001-01;2001-02;2001-03;2001-04\n"
    let panel = try ReadPanel(header + "a;100;104,5;103,25;101\nb;;7;8,5;9\n")
    #expect(panel.entries.map(\.series.values) == [[100, 104.5, 103.25, 101], [7, 8.5, 9]])
    #expect(
      ReadPanel.error { try ReadPanel(header + "a;100;104,162;102,524;100,085\n") }
        == "p.csv:2: 2001-02 is \"104,162\", expected a value that shows the decimal mark; give --decimal "
        + "point or --decimal comma")
  }

  @Test("The part of a file that shows its form may have no decimal mark")
  func decimalMarkInLaterParts() throws {
    func error(
      _ number: String, _ options: SeriesReading = .init(), separator: String = ";"
    ) -> String? {
      let rows = (0..<1200).map { ReadPanel.months("s\($0)", 24) }.joined()
      let text = ("id,month,sales\n" + rows + "t,2001-01,1\nt,2001-02,?\nt,2001-03,3\n")
        .replacing(",", with: separator).replacing("?", with: number)
      return ReadPanel.error { try ReadPanel(text, options) }
    }
    let hint =
      ", expected a value that shows the decimal mark; give --decimal point or --decimal comma"
    #expect(error("1.234")?.contains("sales is \"1.234\"" + hint) == true)
    #expect(error("1,234")?.contains("sales is \"1,234\"" + hint) == true)
    #expect(error("1,234", SeriesReading(decimal: .comma)) == nil)
    #expect(error("1.25") == nil)
    #expect(error("1,234", separator: "\t")?.contains(hint) == true)
    #expect(error("1.234", separator: "\t") == nil)
  }

  @Test("Inputs decide on the decimal mark if the values are integers")
  func decimalMarkOfInputs() throws {
    let rows = (0..<6).map { "a;\(ReadPanel.month($0));\($0 < 4 ? "12" : "");8,\($0)\n" }.joined()
    let panel = try ReadPanel("id;month;sales;price\n" + rows, known: ["price"])
    #expect(panel.entries[0].series.known == [[8, 8.1, 8.2, 8.3, 8.4, 8.5]])
  }

  @Test("Numbers alone in the header count the values, also in the form of years")
  func countsInTheHeader() throws {
    let seven = try ReadPanel("id,1,2,3,4,5,6,7\na,5,6,7,8,9,8,7\nb,1,2,1,2,1,2,\n")
    #expect(seven.form.layout == .wide && seven.form.pattern == nil)
    #expect(seven.entries.map(\.series.values.count) == [7, 6])
    let many = (1...2000).map(String.init).joined(separator: ",")
    let long = try ReadPanel("id,\(many)\na,\(many)\n")
    #expect(long.form.pattern == nil && long.entries[0].series.values.count == 2000)
    let years = try ReadPanel("id,1998,1999,2000,2001\na,1,2,3,4\n")
    #expect(years.form.pattern != nil && "\(years.entries[0].dates)" == "[2002, 2003]")
  }

  @Test("A sum may follow the dates of a header")
  func sumsAfterDates() throws {
    let panel = try ReadPanel("id,2001-01,2001-02,2001-03,2001-04,total\na,1,2,3,4,10\n")
    #expect(panel.entries[0].series.values == [1, 2, 3, 4])
  }

  @Test func datesInTheHeaderNameNoSeries() {
    #expect(
      ReadPanel.error {
        try ReadPanel("shop,2001-01,2001-02,2001-03\na,1,2,3\nb,4,5,6\n", id: nil)
      }
        == "p.csv: has dates in the header, which name no series, expected --id with the column that names "
        + "the series of each row")
  }

  @Test func numberedInputsAreNotValues() throws {
    let panel = try ReadPanel(
      "id,month,sales,x1,x2,x3,x4\n" + ReadPanel.months("a", 6, more: ",1,2,3,4"))
    #expect(panel.form.layout == .long && panel.form.names[panel.form.value] == "sales")
  }

  private let columns =
    "row,month,north,note,south,holiday\n"
    + (0..<6).map {
      "\($0 + 1),\(ReadPanel.month($0)),\($0 < 4 ? "\($0)" : ""),text,\($0 < 4 ? "\(10 * $0)" : ""),\($0 % 2)\n"
    }.joined()

  @Test func aSeriesInEachColumn() throws {
    let panel = try ReadPanel(columns, id: nil, known: ["holiday"])
    #expect(panel.form.layout == .columns)
    #expect(panel.ids == ["north", "south"])
    #expect(panel.entries.map(\.series.values) == [[0, 1, 2, 3], [0, 10, 20, 30]])
    #expect(panel.entries.allSatisfy { $0.series.known == [[0, 1, 0, 1, 0, 1]] })
    #expect(panel.entries.allSatisfy { "\($0.dates)" == "[2001-05, 2001-06]" })
    #expect(
      panel.form.summary(of: "p.csv")
        == "p.csv: one series in each of 2 columns, dates in \"month\" (YYYY-MM), 1 month apart; "
        + "known ahead: \"holiday\"; left out: \"row\", \"note\"")
  }

  @Test("A model finds the columns of another file by their names")
  func columnsOfAModel() throws {
    let form = try ReadPanel(columns, id: nil, known: ["holiday"]).form
    let other = try ReadPanel(
      "Report of May\nwest,holiday,north,month\n1,0,5,2002-01\n2,1,6,2002-02\n3,0,7,2002-03\n"
        + ",0,,2002-04\n,1,,2002-05\n", id: nil, form: form)
    #expect(other.ids == ["west", "north"])
    #expect(other.entries.map(\.series.values) == [[1, 2, 3], [5, 6, 7]])
    #expect(other.entries[1].series.known == [[0, 1, 0, 0, 1]])
    #expect(
      ReadPanel.error { try ReadPanel("month,north\n2002-01,1\n", id: nil, form: form) }
        == "p.csv: has no header with the columns [\"month\", \"holiday\"] as in the training file, "
        + "and with series")
  }

  @Test("Each series begins and ends at its own known values")
  func columnsOfDifferentLengths() throws {
    let panel = try ReadPanel(
      ",a,b,c\n2001-01-01,1,,\n2001-01-02,2,5,\n2001-01-03,,6,\n2001-01-04,4,,\n", id: nil)
    #expect(panel.ids == ["a", "b"])
    #expect(panel.entries.map(\.series.values) == [[1, 2, 3, 4], [5, 6]])
    #expect(panel.entries.map(\.series.missing) == [[2], []])
    #expect(panel.entries.map { "\($0.dates[0])" } == ["2001-01-05", "2001-01-04"])
    #expect(panel.failures == ["p.csv:2: series \"c\" has no known value"])
  }

  @Test func manySeriesAndLongRows() throws {
    let header = "month" + (0..<300).map { ",s\($0)" }.joined() + "\n"
    let rows = (0..<40).map { row in
      ReadPanel.month(row) + (0..<300).map { ",\(1000 * row + $0)" }.joined() + "\n"
    }.joined()
    let panel = try ReadPanel(header + rows, id: nil)
    #expect(panel.ids == (0..<300).map { "s\($0)" })
    let last = (0..<40).map { Double(1000 * $0 + 299) }
    #expect(panel.entries[299].series.values == last)
  }

  @Test func errorsOfColumns() {
    func error(_ text: String) -> String? { ReadPanel.error { try ReadPanel(text, id: nil) } }
    let rows = (1...6).map { "2001-0\($0),1,2\n" }.joined()
    #expect(
      error("month,a,a\n" + rows)
        == "p.csv:1: has two columns \"a\", expected different names of the series")
    #expect(error(rows) == "p.csv: has no header, expected one with the names of the series")
    #expect(
      error("month,a,b\n" + rows + "2001-07,x,3\n")
        == "p.csv:8: a is \"x\", expected a number with a decimal point, or an empty field "
        + "(series \"a\")")
    #expect(error("month,a,b\n" + rows + "2001-07,3\n")?.contains("p.csv:8: has 2 fields") == true)
    #expect(
      error("month,a\n2001-01,x\n2001-02,y\n2001-03,z\n")
        == "p.csv: has no column of numbers with a name")
  }
}
