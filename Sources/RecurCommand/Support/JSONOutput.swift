// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// Prints one JSON object; non-finite numbers become strings.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  printJSON(text: try encoder.encode(value))
}

/// Prints a JSON text. Only its strings have scalars that are not printable or not ASCII; those that are
/// not printable are escaped as in JSON.
func printJSON(text: Data) {
  let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
  print(lines.map(\.printableJSON).joined(separator: "\n"))
}
