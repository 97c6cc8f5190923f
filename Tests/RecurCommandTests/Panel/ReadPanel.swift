// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

@testable import RecurCommand

/// The series of a panel that is read from a text.
struct ReadPanel {
  var form: PanelForm
  var entries: [PanelEntry] = []
  var failures: [String] = []

  /// Reads a text as the file p.csv.
  init(
    _ text: String, id: String? = "id", horizon: Int = 2, known: [String] = [], past: [String] = [],
    features: [String] = [], _ series: SeriesReading = .init(), form: PanelForm? = nil
  ) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "panel-\(UUID().uuidString).csv")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let reading = PanelReading(
      id: id, series: series, known: known, past: past, features: features)
    var reader = try PanelReader(
      file.path, named: "p.csv", horizon: horizon, reading: reading, form: form)
    self.form = reader.form
    while let found = try reader.next() {
      for result in found {
        switch result {
        case .success(let entry): entries.append(entry)
        case .failure(let failure): failures.append("\(failure.error)")
        }
      }
    }
  }

  /// The message of the error of a text; nil if it is read.
  static func error(_ read: () throws -> ReadPanel) -> String? {
    do {
      return try read().failures.first
    } catch { return "\(error)" }
  }

  var ids: [String] { entries.map(\.series.id) }

  /// Monthly rows of a series from January 2001 on, with values 1, 2, 3, ….
  static func months(_ id: String, _ count: Int, more: String = "", from first: Int = 1) -> String {
    (0..<count).map { "\(id),\(month($0)),\(first + $0)\(more)\n" }.joined()
  }

  /// The month with a number from 0.
  static func month(_ number: Int) -> String {
    let text = "0\(number % 12 + 1)"
    return "\(2001 + number / 12)-\(text.suffix(2))"
  }
}
