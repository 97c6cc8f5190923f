// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

extension FileInfo {
  func printAsText() {
    let checksum = isVerified ? ", checksum verified" : ""
    print(title + checksum)
    if let model { print(model.printable(limit: 1000)) }
    graph?.printAsText()
    printTensors()
    for (name, value) in described where name != "model" {
      print("\n\(name)")
      for line in Self.lines(value.filter { !["history", "histories"].contains($0.key) }) {
        print("  \(line.printable)")
      }
      if let history = value["history"] as? [[String: Any]] { printHistory(history) }
    }
    if !strings.isEmpty { print("\ninfo") }
    for (name, value) in strings { print("  \(name.printable)  \(Self.short(value))") }
  }

  private func printTensors() {
    let rows = tensors.map { tensor in
      [
        tensor.name.printable, tensor.type, tensor.shape.map(String.init).joined(separator: " x "),
        tensor.norm.map { String(format: "norm %.6g", $0) } ?? "-",
      ]
    }
    print("\ntensors: \(tensors.count), elements: \(tensors.reduce(0) { $0 + $1.count })")
    printTable(rows)
  }

  private func printHistory(_ history: [[String: Any]]) {
    guard !history.isEmpty else { return }
    print("\nlast epochs")
    for var epoch in history.suffix(5) {
      // Messages count epochs from 1.
      if let number = epoch["epoch"] as? Int, number < Int.max { epoch["epoch"] = number + 1 }
      print("  \(Self.lines(epoch).joined(separator: "  ").printable)")
    }
  }

  /// `options.learningRate 0.002`, `options.clipping norm 1`, …
  static func lines(_ object: [String: Any], prefix: String = "") -> [String] {
    object.sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
      if let choice = choice(value) { return ["\(prefix)\(key) \(choice)"] }
      if let inner = value as? [String: Any] { return lines(inner, prefix: prefix + key + ".") }
      guard let inner = value as? [Any] else { return ["\(prefix)\(key) \(word(value))"] }
      let parts = inner.map { part in
        (part as? [String: Any]).map { "(\(lines($0).joined(separator: ", ")))" } ?? "\(part)"
      }
      return ["\(prefix)\(key) \(short(parts.joined(separator: ", ")))"]
    }
  }

  /// Formats an enumeration case as Swift encodes it: an object with the case's name as its only key,
  /// whose value is an object of the associated values, by label or as `_0`. Examples: `norm 1`,
  /// `warmUp steps 9, then (cosine minimumFactor 0, …)`.
  private static func choice(_ value: Any) -> String? {
    guard let object = value as? [String: Any], object.count == 1, let (name, inner) = object.first,
      let parts = inner as? [String: Any]
    else { return nil }
    let words = parts.sorted { $0.key < $1.key }.map { key, value in
      let label = key.hasPrefix("_") ? "" : key + " "
      return label + (choice(value).map { "(\($0))" } ?? list(value))
    }
    return ([name] + (words.isEmpty ? [] : [words.joined(separator: ", ")])).joined(separator: " ")
  }

  /// Formats a number, a string, or a Boolean as yes or no.
  private static func word(_ value: Any) -> String {
    let isBool = (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false
    return isBool ? (value as? Bool == true ? "yes" : "no") : "\(value)"
  }

  private static func list(_ value: Any) -> String {
    (value as? [Any]).map { "(\($0.map(word).joined(separator: ", ")))" } ?? word(value)
  }

  /// Makes a text printable, and truncates a long one.
  private static func short(_ text: String) -> String {
    let (line, count) = (text.printable(limit: 100), text.unicodeScalars.count)
    return count > 100 ? "\(line) (\(count) characters)" : line
  }
}

/// Prints rows of cells, in columns of equal width.
func printTable(_ rows: [[String]]) {
  let columns = rows.first?.count ?? 0
  let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
  for row in rows {
    let cells =
      zip(row, widths).dropLast().map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
      + row.suffix(1)
    let line = "  " + cells.joined(separator: "  ")
    print(
      line.prefix(upTo: line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.endIndex)
    )
  }
}
