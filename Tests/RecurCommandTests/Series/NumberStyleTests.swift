// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// Numbers in text, and the decimal mark of a column.
@Suite struct NumberStyleTests {
  private func number(_ text: String, comma: Bool = false) -> Double? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer {
      NumberStyle(decimal: comma ? NumberStyle.comma : NumberStyle.point).number(
        $0, 0..<bytes.count)
    }
  }

  @Test func numbersAreRead() {
    for (text, value) in [
      ("0", 0), ("7", 7), ("-1.5", -1.5), ("+2.", 2), (".5", 0.5), ("-.25", -0.25), ("1e3", 1000),
      ("1.5E-3", 0.0015),
      ("1,234.5", 1234.5), ("12,345,678", 12_345_678), ("1 234", 1234), ("1'234.5", 1234.5),
      ("1’234", 1234),
      ("1\u{A0}234", 1234), ("1\u{202F}234", 1234), ("$1,234.50", 1234.5), ("-$5", -5), ("$-5", -5),
      ("€ 3.5", 3.5),
      ("12.5%", 12.5), ("3 €", 3), ("−4", -4), ("(38.1)", -38.1), ("($80.12)", -80.12),
      ("(€ 5)", -5), ("(12.5%)", -12.5), ("39.4-", -39.4), ("1,234-", -1234),
      ("000123.4500", 123.45),
      ("123456789012345678901234567890", 1.2345678901234568e29),
      ("0.1234567890123456789", 0.12345678901234568), ("1e-320", 1e-320),
      ("9007199254740993", 9_007_199_254_740_992),
      ("2.2250738585072011e-308", 2.2250738585072011e-308), ("8.5e22", 8.5e22),
      ("1.7976931348623157e308", 1.7976931348623157e308),
    ] {
      #expect(
        number(text)?.bitPattern == value.bitPattern, "\(text): \(String(describing: number(text)))"
      )
    }
    for (text, value) in [
      ("1,5", 1.5), ("1.234,5", 1234.5), ("1.234.567", 1_234_567), ("1 234,5", 1234.5), (",5", 0.5),
    ] {
      #expect(number(text, comma: true) == value, "\(text)")
    }
    #expect(number("-0")?.sign == .minus)
  }

  @Test func otherTextIsNoNumber() {
    for text in [
      "", "-", ".", "+", "e5", "1e", "1e+", "1.2.3", "1,23", "1,2345", "12,34,567", "1234,567",
      ",123", "1,234,", "1.5,000",
      "inf", "nan", "0x1p4", "1e999", "--1", "-1-", "(1", "1)", "()", "(-1)", "-(1)", "(1-)", "1--",
      "1 2", "1  234", "٢", "２", "5$5", "$", "%",
      "1.5M", "2021-01-01", "10:30",
      "\u{301}2",
    ] {
      #expect(number(text) == nil, "\(text): \(String(describing: number(text)))")
    }
    for text in ["1.5", "1,5,5", "1,234.5"] { #expect(number(text, comma: true) == nil, "\(text)") }
  }

  /// Correct rounding, as by the library.
  @Test func roundingIsThatOfTheLibrary() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let digits = String(Int.random(in: 0..<Int.max, using: &random)).prefix(
        Int.random(in: 1...19, using: &random))
      let place = Int.random(in: 0...digits.count, using: &random)
      var text = digits.prefix(place) + "." + digits.dropFirst(place)
      if Bool.random(using: &random) { text += "e\(Int.random(in: -30...30, using: &random))" }
      #expect(number(String(text)) == Double(text), "\(text)")
    }
  }

  private func style(_ values: [String], separator: Character = ";") -> String? {
    var evidence = DecimalEvidence()
    for value in values {
      let bytes = Array(value.utf8)
      bytes.withUnsafeBufferPointer { evidence.add($0, 0..<bytes.count) }
    }
    return evidence.style(separator: separator.asciiValue!)?.name
  }

  @Test func theColumnDecidesTheDecimalMark() {
    for (values, name) in [
      (["1", "23"], "point"), (["1.5"], "point"), (["1,5"], "comma"), (["1.234", "1.5"], "point"),
      (["1.234", "12,5"], "comma"),
      (["1,234.5"], "point"), (["1.234,5"], "comma"), (["1.234.567"], "comma"),
      (["1,234,567"], "point"), (["0.123"], "point"),
      (["0,123"], "comma"), (["1234.567"], "point"), (["1.234", "12345"], "point"),
      (["1,234", "12345"], "comma"),
      (["1.234e3"], "point"),
      ([".123"], "point"),
    ] {
      #expect(style(values) == name, "\(values)")
    }
    // Every value could have either mark.
    #expect(
      style(["1.234", "5.678"]) == nil && style(["1,234"]) == nil
        && style(["1,234", "1.234"]) == nil)
    // These may be 987 and 1234, or 987 and 1.234.
    for separator in [";", ",", "\t"] as [Character] {
      #expect(style(["1.234", "987"], separator: separator) == nil)
    }
    #expect(style(["1,234", "987"]) == nil && style(["1,234", "987"], separator: "\t") == nil)
    #expect(style(["1.234", "987", "5.6"], separator: ",") == "point")
    // Between commas, a comma in quotes separates thousands.
    #expect(style(["1,234", "987"], separator: ",") == "point")
    #expect(
      style(["1.234", "5.678"], separator: ",") == "point"
        && style(["1,234"], separator: ",") == "point")
    #expect(
      style(["1.234", "5.678"], separator: "\t") == "point"
        && style(["1,234"], separator: "\t") == nil)
  }

  @Test func anOpenDecimalMarkIsAnError() throws {
    let text = "d;v\n2001;1.234\n2002;5.678\n"
    #expect(
      ReadSeries.error(text)
        == "f.csv:2: v is \"1.234\", expected a value that shows the decimal mark; give --decimal point or --decimal comma"
    )
    #expect(try ReadSeries(text, SeriesReading(decimal: .point)).values == [1.234, 5.678])
    #expect(try ReadSeries(text, SeriesReading(decimal: .comma)).values == [1234, 5678])
    #expect(
      ReadSeries.error("d;v\n2001;1,5\n2002;2,5\n2003;2.75\n")
        == "f.csv:4: v is \"2.75\", expected a finite number with a decimal comma as in the other rows (--decimal point reads the "
        + "other mark)")
  }

  /// German thousands in a file of commas or tabs are not read as decimals.
  @Test(arguments: [",", "\t", ";"])
  func integersLeaveTheDecimalMarkOpen(separator: String) throws {
    let text = ReadSeries.lines(
      ["month", "units"], [["2023-01", "980"], ["2023-02", "1.010"]], separator)
    #expect(
      ReadSeries.error(text)
        == "f.csv:3: units is \"1.010\", expected a value that shows the decimal mark; give --decimal point or --decimal comma"
    )
    let found = try ReadSeries(text, SeriesReading(decimal: .comma))
    #expect(found.values == [980, 1010])
    #expect(
      found.series.recognition?.summary.hasPrefix(
        "f.csv: \"units\" (column 2, decimal comma, thousands separated), dates in \"month\"")
        == true)
  }

  @Test func anotherColumnDecidesTheDecimalMark() throws {
    let rows = [["2023-01", "980", "1,5"], ["2023-02", "1.010", "2"]]
    let found = try ReadSeries(ReadSeries.lines(["month", "units", "price"], rows, ";"))
    #expect(found.values == [980, 1010])
    #expect(found.series.recognition?.decimal == "comma")
  }

  /// One column of a wide file can leave the mark open, and read 1,234 as 1234 next to 1,25.
  @Test func theColumnsOfAWideFileHaveOneDecimalMark() throws {
    let rows = [["2010", "1,234", "1,25", "1,45", "1,35"], ["2011", "2", "1,5", "1,6", "1,7"]]
    let found = try ReadSeries(ReadSeries.lines(["Year", "Q1", "Q2", "Q3", "Q4"], rows, ";"))
    #expect(found.values == [1.234, 1.25, 1.45, 1.35, 2, 1.5, 1.6, 1.7])
    #expect(found.series.recognition?.decimal == "comma")
    #expect(
      found.series.recognition?.summary.hasPrefix("f.csv: \"Q1 to Q4\" (decimal comma), dates in")
        == true)
    let dates = [["A", "1,234", "1,25", "9e303", "2"]]
    #expect(
      ReadSeries.error(ReadSeries.lines(["Place", "1990", "1991", "1992", "1993"], dates, ";"))
        == "f.csv:2: 1992 is 9e303, expected at most 1e+300 in magnitude")
  }
}
