// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurCommand

/// The form of CSV files: separators, headers, lines before and after the rows, quotes, encodings.
@Suite struct SeriesFileTests {
  /// Each file has the values 1.5 and 2.5 in 2001 and 2002.
  @Test(arguments: [
    "d,v\n2001,1.5\n2002,2.5\n", "d,v\r\n2001,1.5\r\n2002,2.5\r\n\r\n", "d,v\r2001,1.5\r2002,2.5",
    "d;v\n2001;1.5\n2002;2.5",
    "d\tv\n2001\t1.5\n2002\t2.5\n", "d|v\n2001|1.5\n2002|2.5\n", "d;v\n2001;1,5\n2002;2,5\n",
    "d,v\n2001,\"1,5\"\n2002,\"2,5\"\n",
    "2001,1.5\n2002,2.5\n", "\u{FEFF}d,v\n2001,1.5\n2002,2.5\n",
    "\"d\",\"v\"\n\"2001\",\"1.5\"\n\"2002\",\"2.5\"\n",
    "d,v,\n2001,1.5,\n2002,2.5,\n", "d,v\n2001,1.5,\n2002,2.5,\n", "d,v\n2001, 1.5\n 2002 ,2.5 \n",
    "Title: sales, by year and more\n\nd,v\n2001,1.5\n2002,2.5\n",
    "# a comment\nd,v\n2001,1.5\n2002,2.5\n",
    "d,v\n2001,1.5\n2002,2.5\n\nSource: office of statistics\n",
    "d,v\nyear,kg\n2001,1.5\n2002,2.5\n",
    "d,v\n2001,1.5\n\n2002,2.5\n", "d,v\n2001,1.5\n2002,2.5\n,\n,\n", "v\n\"d\"\n1,1.5\n2,2.5\n",
    "d v\n2001 1.5\n2002   2.5\n",
    "d,v,note\n2001,1.5,\"a \"\"b\"\", c\"\n2002,2.5,\"two\nlines\"\n", ",v\n2001,1.5\n2002,2.5\n",
    "v\n1,2001,1.5\n2,2002,2.5\n",
  ])
  func formsOfFiles(text: String) throws {
    let found = try ReadSeries(text)
    #expect(found.values == [1.5, 2.5], "\(found.values)")
    if text.contains("2001") { #expect(found.dates == ["2001", "2002"]) }
  }

  @Test func skippedLinesAreReported() throws {
    let found = try ReadSeries("Title\nmore, and more, text\nd,v\n2001,1\n2002,2\nSource: office\n")
    #expect(
      found.notes == [
        "f.csv: skipped 2 lines (1 to 2) without data above the rows",
        "f.csv: skipped line 6 without data below the rows",
      ])
    #expect(
      try ReadSeries("2001,1\n2002,2\n").notes == ["f.csv: has no header; the first line is a row"])
  }

  @Test(arguments: [
    ("", "f.csv: is empty, expected a header and lines with a date and a value"),
    ("\r\n\n", "f.csv: is empty, expected a header and lines with a date and a value"),
    ("d,v\n", "f.csv: has no dates, only a header, expected at least 2 dates"),
    ("d,v\n2001,2\n", "f.csv: has one date, expected at least 2 dates"),
    (
      "d,v\n2001,2\n2002,\n",
      "f.csv: has one date up to the last known value, expected at least 2 dates"
    ),
    ("d,v\n2001,2\n2002,2\n2", "f.csv:4: has 1 field, expected 2"),
    ("d,v\n2001,2\n2002,3,4\n2003,3\n", "f.csv:3: has 3 fields, expected 2"),
    (
      "d,v\n2001,x",
      "f.csv:2: v is \"x\", expected a finite number or an empty field; --missing x makes it a missing value"
    ),
    (
      "d,v\n2001,1\n2002,inf",
      "f.csv:3: v is \"inf\", expected a finite number or an empty field; --missing inf makes it a missing value"
    ),
    (
      "d,v\n2001,1\n2002,1e999",
      "f.csv:3: v is \"1e999\", expected a finite number without other text, or an empty field"
    ),
    (
      "d,v\n2001,1\n2002,0x1p4",
      "f.csv:3: v is \"0x1p4\", expected a finite number without other text, or an empty field"
    ),
    (
      "d,v\n2001,1\n2002,1.0000000000000002e300",
      "f.csv:3: v is 1.0000000000000002e300, expected at most 1e+300 in magnitude"
    ),
    ("d,v\n2001,\"2\n", "f.csv:2: has an unclosed quote"),
    ("d,v\n2001,1\n,1\n2003,2\n", "f.csv:3: has a value but no date, expected a date"),
    (
      "PK\u{3}\u{4}rest",
      "f.csv: is not text, expected a CSV file; save a spreadsheet or an archive as CSV first"
    ),
    (
      "d\u{0},v",
      "f.csv: is not text, expected a CSV file; save a spreadsheet or an archive as CSV first"
    ),
  ])
  func errorsNameTheLine(text: String, message: String) {
    #expect(ReadSeries.error(text) == message)
  }

  @Test func encodings() throws {
    for data in [
      Data([0xFF, 0xFE, 0x64, 0]),
      Data("d,v\n2001,1\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
    ] {
      #expect { try Series.parse(data, path: "f.csv") } throws: {
        "\($0)"
          == "f.csv: is UTF-16, expected UTF-8; convert the file with iconv -f UTF-16 -t UTF-8"
      }
    }
    let latin = Data("d,Temp \u{B0}C\n2001,1\n2002,2\n".unicodeScalars.map { UInt8($0.value) })
    #expect(try Series.parse(latin, path: "f.csv").recognition?.column == "Temp \u{B0}C")
  }

  @Test func theSeparatorMayBeGiven() throws {
    let text = "a,b;w\nx,y;5\nx,z;6\n"
    #expect(try ReadSeries(text, SeriesReading(separator: "semicolon")).values == [5, 6])
    #expect(
      try ReadSeries("d:v\n2001:1\n2002:2\n", SeriesReading(separator: ":")).values == [1, 2])
    for separator in ["", "ab", "5", "\""] {
      #expect(
        ReadSeries.error(text, SeriesReading(separator: separator))
          == "--separator is \"\(separator)\", expected comma, semicolon, tab, space or a character"
      )
    }
  }

  @Test func limits() throws {
    func text(columns: Int) -> String {
      let more = String(repeating: ",", count: columns - 2)
      return "date,v\(more)\n2001,1\(more)\n2002,1\(more)"
    }
    #expect(try ReadSeries(text(columns: 10_000)).values == [1, 1])
    #expect(
      ReadSeries.error(text(columns: 10_001))
        == "f.csv:1: has 10001 columns, expected at most 10000")
    let line = { (count: Int) in
      "d,v,w\n2000,1," + String(repeating: "x", count: count - "2000,1,".utf8.count) + "\n2001,2,\n"
    }
    #expect(try ReadSeries(line(1_000_000)).values == [1, 2])
    #expect(
      ReadSeries.error(line(1_000_001))
        == "f.csv:2: has 1000001 bytes, expected at most 1000000 on a line")
  }
}
