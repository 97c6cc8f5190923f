// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The bytes of a CSV file, and its name in messages.
struct CSVBytes {
  /// A field without its quotes and without spaces at its ends.
  struct Field {
    var start: Int
    var end: Int

    /// Whether the field has doubled quotes, which stand for one.
    var hasQuotes = false

    var isEmpty: Bool { start == end }
    var range: Range<Int> { start..<end }
  }

  let bytes: UnsafeBufferPointer<UInt8>

  /// The name of the file in messages.
  let path: String

  /// Where the text begins, after a byte-order mark.
  let first: Int

  /// The number of lines before the bytes, which may be a part of a file.
  let linesBefore: Int
  private let lineEnds = LineEnds()

  /// Checks that the bytes may be text.
  ///
  /// - Throws: `BadInput` for UTF-16 and for formats that are not text.
  init(_ bytes: UnsafeBufferPointer<UInt8>, path: String, linesBefore: Int = 0) throws {
    self.bytes = bytes
    self.path = path
    self.linesBefore = linesBefore
    func begins(_ start: [UInt8]) -> Bool { bytes.starts(with: start) }
    first = begins([0xEF, 0xBB, 0xBF]) ? 3 : 0
    let hasZeros = bytes.prefix(1000).contains(0)
    let isUTF16 = begins([0xFF, 0xFE]) || begins([0xFE, 0xFF])
    if isUTF16
      || hasZeros && bytes.prefix(1000).count(where: { $0 == 0 }) * 3 > min(1000, bytes.count)
    {
      throw BadInput(
        "\(path): is UTF-16, expected UTF-8; convert the file with iconv -f UTF-16 -t UTF-8")
    }
    if begins(Array("PK\u{3}\u{4}".utf8)) || begins(Array("PAR1".utf8))
      || begins([0xD0, 0xCF, 0x11])
      || begins([0x1F, 0x8B]) || hasZeros
    {
      throw BadInput(
        "\(path): is not text, expected a CSV file; save a spreadsheet or an archive as CSV first")
    }
  }

  /// The text of a field: UTF-8, or else ISO 8859-1, which spreadsheets of Western Europe write.
  func text(_ field: Field) -> String {
    let part = UnsafeBufferPointer(rebasing: bytes[field.range])
    let text =
      String(validating: part, as: UTF8.self)
      ?? String(String.UnicodeScalarView(part.map { Unicode.Scalar($0) }))
    return field.hasQuotes ? text.replacing("\"\"", with: "\"") : text
  }

  /// The field in quotes, for messages.
  func quoted(_ field: Field) -> String { "\"\(text(field).printable)\"" }

  /// The number of the line of a byte, from 1.
  func line(of offset: Int) -> Int {
    1 + linesBefore + lineEnds.count(before: offset, bytes)
  }

  func place(_ offset: Int) -> String { "\(path):\(line(of: offset))" }

  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let quote = UInt8(ascii: "\"")
}

/// Counts the ends of lines. A file may have many lines with errors: their places are remembered from the tenth
/// message on, which takes memory.
private final class LineEnds {
  private var calls = 0
  private var places: [UInt32] = []

  func count(before offset: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    calls += 1
    guard calls >= 10 else {
      let end = Self.end(bytes)
      return bytes[..<offset].count { $0 == end }
    }
    if calls == 10 { find(bytes) }
    // Binary search for the first end at or after the offset.
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(places[middle]) < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func find(_ bytes: UnsafeBufferPointer<UInt8>) {
    let end = Self.end(bytes)
    places.reserveCapacity(bytes.count { $0 == end })
    for place in bytes.indices where bytes[place] == end {
      places.append(UInt32(truncatingIfNeeded: place))
    }
  }

  /// A file without line feeds has lines that end with carriage returns.
  private static func end(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt8 {
    bytes.contains(CSVBytes.lineFeed) ? CSVBytes.lineFeed : CSVBytes.carriageReturn
  }
}
