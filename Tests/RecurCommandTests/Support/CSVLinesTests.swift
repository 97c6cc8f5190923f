// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// The lines and fields of a CSV file.
@Suite struct CSVLinesTests {
  private func lines(_ text: String) -> [String] {
    var (lines, result) = (CSVLines(of: text), [String]())
    while let line = lines.next() {
      result.append(String(line))
      #expect(lines.count == result.count)
    }
    return result
  }

  @Test func linesEnd() {
    #expect(lines("a\nb\n\n") == ["a", "b"])
    #expect(lines("a\r\nb\r\n\r\n") == ["a", "b"])
    #expect(lines("a\rb\r\r") == ["a", "b"])
    #expect(lines("a\rb\nc") == ["a\rb", "c"])
    #expect(lines("\na") == ["", "a"])
    #expect(lines("") == [])
  }

  @Test(arguments: [
    ("", 1, [""]), ("a", 1, ["a"]), (",", 2, ["", ""]), ("a, b,\tc ", 3, ["a", "b", "c "]),
    ("\u{3000}é", 1, ["é"]), ("é, x", 2, ["é", "x"]), ("\"a,b\",c", 2, ["a,b", "c"]),
    ("\"a\"\"b\",", 2, ["a\"b", ""]), ("\"\",\"\"", 2, ["", ""]),
  ])
  func fieldsAreSplit(line: String, count: Int, fields: [String]) throws {
    #expect(try CSVLines.fieldCount(of: line[...], at: "f:1") == count)
    #expect(try CSVLines.fields(line[...], count: count, at: "f:1") == fields)
  }

  @Test func linesAreLimited() throws {
    let long = String(repeating: ",", count: 1_000_000)
    #expect(try CSVLines.fieldCount(of: long[...], at: "f:7") == 1_000_001)
    #expect { try CSVLines.fieldCount(of: (long + "é")[...], at: "f:7") } throws: {
      "\($0)" == "f:7: has 1000002 bytes, expected at most 1000000 on a line"
    }
    #expect { try CSVLines.fieldCount(of: "a,\"b", at: "f:7") } throws: {
      "\($0)" == "f:7: has an unclosed quote"
    }
  }
}
