// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import SwiftCSV

/// The lines of a text, up to the last one that is not empty. They end with a line feed, both control
/// characters of a new line, or, in a file without line feeds, a carriage return.
struct CSVLines: IteratorProtocol {
  private var rest: Substring.UTF8View
  private let end: UInt8

  /// The number of lines so far.
  private(set) var count = 0

  private static let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))

  init(of text: String) {
    end = text.utf8.contains(Self.lineFeed) ? Self.lineFeed : Self.carriageReturn
    var all = text[...].utf8
    while let last = all.last, last == Self.lineFeed || last == Self.carriageReturn {
      all.removeLast()
    }
    rest = all
  }

  mutating func next() -> Substring? {
    guard !rest.isEmpty else { return nil }
    count += 1
    let line = rest.prefix { $0 != end }
    rest = rest[line.endIndex...].dropFirst()
    return Substring(line.last == Self.carriageReturn ? line.dropLast() : line)
  }
}

// Fields

extension CSVLines {
  /// The maximum number of bytes of a line; a line of 100 MB would take a minute and a gigabyte.
  private static let longestLine = 1_000_000

  /// Returns the number of fields of a line. A field takes far more memory than its comma, so lines with
  /// too many are not split.
  static func fieldCount(
    of line: Substring, at place: @autoclosure () -> String
  ) throws -> Int {
    guard line.utf8.count <= longestLine else {
      throw BadInput(
        "\(place()): has \(line.utf8.count) bytes, expected at most \(longestLine) on a line")
    }
    var (count, isInQuotes) = (1, false)
    for byte in line.utf8 {
      if byte == UInt8(ascii: "\"") { isInQuotes.toggle() }
      if byte == UInt8(ascii: ","), !isInQuotes { count += 1 }
    }
    guard !isInQuotes else { throw BadInput("\(place()): has an unclosed quote") }
    return count
  }

  /// Splits a line into its fields.
  ///
  /// SwiftCSV parses each line with quotes as a header, because in other rows it pads missing fields and
  /// lets an unclosed quote extend to the end of the file. The additional field preserves an empty last
  /// one. A line without quotes needs no parser.
  static func fields(
    _ line: Substring, count: Int, at place: @autoclosure () -> String
  ) throws -> [String] {
    if !line.utf8.contains(UInt8(ascii: "\"")) {
      return line.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        .map(withoutLeadingSpace)
    }
    guard
      let row = try? CSV<Enumerated>(string: line + ",end", delimiter: .comma, loadColumns: false),
      row.header.count == count + 1
    else { throw BadInput("\(place()): is not valid CSV") }
    return row.header.dropLast()
  }

  private static func withoutLeadingSpace(_ field: Substring.UTF8View) -> String {
    let text = Substring(field)
    // The test of the first byte is far faster than one of the first character.
    guard let first = field.first, first <= UInt8(ascii: " ") || first >= 0x80 else {
      return String(text)
    }
    return String(text.drop(while: \.isWhitespace))
  }
}
