// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// The rows of the forecasts of a panel as text: CSV, or one JSON object a line.
struct PanelText {
  let idName: String
  let levels: [Double]
  let isJSON: Bool

  private let names: [String]

  init(idName: String, levels: [Double], isJSON: Bool) {
    (self.idName, self.levels, self.isJSON) = (idName, levels, isJSON)
    names = levels.map { $0 == 0.5 ? "forecast" : "quantile_\(shortest($0))" }
  }

  /// The median comes first.
  private var order: [Int] {
    let median = levels.firstIndex(of: 0.5)!
    return [median] + levels.indices.filter { $0 != median }
  }

  /// The header; empty for JSON.
  var header: Data {
    guard !isJSON else { return Data() }
    let fields = [Self.quoted(idName), "date"] + order.map { names[$0] }
    return Data((fields.joined(separator: ",") + "\n").utf8)
  }

  /// Returns the rows of forecasts.
  func rows(_ entries: [PanelEntry], _ forecasts: [Forecast]) -> Data {
    var text = ""
    let order = order
    for (entry, forecast) in zip(entries, forecasts) {
      let id = isJSON ? Self.json(entry.series.id) : Self.quoted(entry.series.id)
      for (date, step) in zip(entry.dates, forecast.steps) {
        if isJSON {
          text += "{\"id\":\(id),\"date\":\"\(date)\""
          for index in order { text += ",\"\(names[index])\":\(Self.number(step[index]))" }
          text += "}\n"
        } else {
          text += "\(id),\(date)"
          for index in order { text += ",\(Self.number(step[index]))" }
          text += "\n"
        }
      }
    }
    return Data(text.utf8)
  }

  /// Formats a number with up to twelve significant digits.
  static func number(_ value: Double) -> String {
    guard value != 0, 1e-4..<1e15 ~= value.magnitude else { return field(value) }
    // Quotients of integers below 2⁵³ have the shortest text that their digits allow.
    let decimals = 11 - Int(log10(value.magnitude).rounded(.down))
    guard 0...15 ~= decimals else { return field(value) }
    let power = powers[decimals]
    let text = "\((value * power).rounded() / power)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static let powers = (0...15).map { pow(10, Double($0)) }

  /// A field of a CSV file, in quotes if necessary.
  static func quoted(_ text: String) -> String {
    let needsQuotes =
      text.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D].contains($0) } || text.hasPrefix(" ")
      || text.hasSuffix(" ")
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  private static func json(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // A string can always be encoded.
    return String(decoding: (try? encoder.encode(text)) ?? Data(), as: UTF8.self)
  }
}
