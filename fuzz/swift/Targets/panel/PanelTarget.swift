// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import RecurTraining

@testable import RecurCommand

// The input is the CSV file of a panel whose first column names the series. If it begins with #, the rest of
// that line is the stored form of the file as JSON instead. If it begins with @, each column is a series.

nonisolated(unsafe) private let memory = MemoryFile()

func panelTarget(_ input: Data) throws {
  var (csv, form) = (input, PanelForm?.none)
  if input.first == UInt8(ascii: "#") {
    let end = input.firstIndex(of: UInt8(ascii: "\n")) ?? input.endIndex
    form = try? JSONDecoder().decode(PanelForm.self, from: input[1..<end])
    guard form?.isPossible ?? false else { return }
    csv = input[end...].dropFirst()
  }
  var id: String? = "1"
  if input.first == UInt8(ascii: "@") { (id, csv) = (nil, input.dropFirst()) }
  let entries = try read(csv, id, form)
  guard let first = entries.first, form == nil else { return }
  try forecast(entries, period: min(first.form.usualPeriod, 12))
}

private func read(
  _ csv: Data, _ id: String?, _ form: PanelForm?
) throws -> [(entry: PanelEntry, form: PanelForm)] {
  let reading = PanelReading(id: id, series: SeriesReading())
  var reader = try PanelReader(
    memory.path(of: csv), named: "input", horizon: 2, reading: reading, form: form)
  var entries: [(PanelEntry, PanelForm)] = []
  checkMessage(reader.form.summary(of: "input"))
  while let found = try reader.next() {
    for result in found {
      switch result {
      case .success(let entry):
        check(entry.dates.count == 2 && entry.dates[0] < entry.dates[1], "dates \(entry.dates)")
        check(entry.series.values.allSatisfy(\.isFinite), "values \(entry.series.values)")
        check(!entry.series.values.isEmpty, "no values")
        entries.append((entry, reader.form))
      case .failure(let failure): checkMessage("\(failure.error)")
      }
    }
  }
  let stored = required("form") { try JSONEncoder().encode(reader.form) }
  check(try JSONDecoder().decode(PanelForm.self, from: stored) == reader.form, "form differs")
  check(reader.form.isPossible, "form is impossible")
  return entries
}

/// Forecasts without a network: each series alone and all together are the same.
private func forecast(
  _ entries: [(entry: PanelEntry, form: PanelForm)], period: Int
) throws {
  let options = PanelOptions(
    period: max(period, 1), horizon: 2, components: [.autoregressive, .exponentialSmoothing])
  let panel = entries.map(\.entry.series).filter {
    options.fewestValues...400 ~= $0.values.count
  }.prefix(4)
  guard !panel.isEmpty else { return }
  let forecaster = try PanelForecaster<Float>(fitting: Array(panel), options: options)
  let all = try forecaster.forecast(after: Array(panel))
  for (series, forecast) in zip(panel, all) {
    check(try forecaster.forecast(after: [series]) == [forecast], "forecasts differ")
    let text = PanelText(idName: "id", levels: options.levels, isJSON: true)
    let line = text.rows([PanelEntry(series: series, dates: [])], [forecast])
    check(line.isEmpty, "rows without dates")
  }
}
