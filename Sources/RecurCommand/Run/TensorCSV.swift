// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

extension FileTensor {
  /// The maximum number of bytes of a file.
  private static let longestFile = 100_000_000

  /// Reads one sequence: a line for each step, a column for each channel. The first line is a header if none
  /// of its fields is a number.
  init(csv path: String) throws {
    let data = try WholeFile.read(path, atMost: Self.longestFile)
    guard let text = String(data: data, encoding: .utf8) else {
      throw BadInput("\(path): is not UTF-8, expected a CSV file in UTF-8")
    }
    var (lines, elements, columns, rows) = (CSVLines(of: text), [Double](), Int?.none, 0)
    while let line = lines.next() {
      func place() -> String { "\(path):\(lines.count)" }
      let count = try CSVLines.fieldCount(of: line, at: place())
      guard count == columns ?? count else {
        throw BadInput(
          "\(place()): has \(count) field\(count == 1 ? "" : "s"), expected \(columns!)")
      }
      columns = count
      let fields = try CSVLines.fields(line, count: count, at: place())
      let numbers = fields.map(number)
      let isHeader = lines.count == 1 && numbers.allSatisfy { $0 == nil }
      if isHeader, !fields.contains(where: hasNumbersWithoutCommas) { continue }
      if let index = numbers.firstIndex(of: nil) {
        let hint =
          hasNumbersWithoutCommas(fields[index]) ? "; commas separate the numbers of a line" : ""
        throw BadInput(
          "\(place()): field \(index + 1) is \"\(fields[index].printable)\", expected a finite number"
            + hint)
      }
      elements += numbers.map { $0! }
      rows += 1
    }
    guard let columns, rows > 0 else {
      throw BadInput("\(path): has no steps, expected a line of numbers for each")
    }
    self.init(steps: rows, channels: columns, elements: elements, path)
  }
}

private func number(_ field: String) -> Double? {
  guard !field.isEmpty, field.utf8.allSatisfy({ numeric.contains($0) }) else { return nil }
  return Double(field).flatMap { $0.isFinite ? $0 : nil }
}

/// Whether a field has several numbers between other separators.
private func hasNumbersWithoutCommas(_ field: String) -> Bool {
  let parts = field.split { ";\t ".contains($0) }
  return parts.count > 1 && parts.allSatisfy { number(String($0)) != nil }
}

private let numeric = Array("+-.0123456789eE".utf8)

extension ResultTensor {
  /// The tensor as CSV: a line for each step, a column for each channel, after a header. The numbers have the
  /// fewest digits that tell them apart.
  ///
  /// - Parameter path: The file, for error messages.
  /// - Throws: `BadInput` unless the tensor has one sequence.
  func textAsCSV(for path: String) throws -> String {
    let columns = try columnsOfOneSequence(for: path, "CSV")
    // A header of numbers would be a step when the file is read.
    let title = Double(name) == nil ? name : "output \(name)"
    let header = columns == 1 ? [title] : (0..<columns).map { "\(title).\($0)" }
    let rows = stride(from: 0, to: elements.count, by: columns).map { first in
      elements[first..<first + columns].map { "\($0)" }
    }
    return csv([header.map(quotedField)] + rows)
  }
}

/// Encloses a field of CSV in quotes, if necessary.
private func quotedField(_ field: String) -> String {
  field.contains { ",\"\n\r".contains($0) }
    ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
}
