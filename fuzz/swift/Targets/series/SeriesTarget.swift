// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import RecurTraining

@testable import RecurCommand

// The input is a CSV file. If it begins with #, the rest of that line is the name of the value column
// instead; if it begins with #{, the line is a JSON object that says how to read the file.

nonisolated(unsafe) private let memory = MemoryFile()

func seriesTarget(_ input: Data) throws {
  var (csv, reading) = (input, SeriesReading())
  if input.first == UInt8(ascii: "#") {
    let end = input.firstIndex(of: UInt8(ascii: "\n")) ?? input.endIndex
    let line = input[1..<end]
    csv = input[end...].dropFirst()
    if line.first == UInt8(ascii: "{") {
      reading = (try? JSONDecoder().decode(SeriesReading.self, from: Data(line))) ?? reading
    } else {
      reading.column = String(decoding: line, as: UTF8.self)
    }
  }
  let series = try Series.read(memory.path(of: csv), reading) { checkMessage($0) }
  try requireSame(series)
  let values = series.interpolatedValues
  if series.missing == series.dates.count {
    check(values.isEmpty, "values \(values)")
    return
  }
  check(values.count == series.dates.count && values.allSatisfy(\.isFinite), "values \(values)")
  let interval = try series.interval()
  checkMessage("\(interval)")
  checkMessage(
    required("recognition") { try JSONEncoder().encode(series.recognition).count }.description)
  checkMessage(series.recognition!.summary)
  if let dates = accepted({ try series.datesAfter(3, path: "input") }) {
    let all = series.dates.suffix(1) + dates
    check(zip(all, all.dropFirst()).allSatisfy { $0 < $1 }, "dates \(all)")
  }
  guard values.count <= 400 else { return }
  try prepare(values, period: min(interval.usualPeriods.first ?? 1, values.count / 3))
}

/// Checks that the series is the same after it is written and read.
private func requireSame(_ series: Series) throws {
  let rows = zip(series.dates, series.values).map { "\($0),\($1.map { "\($0)" } ?? "")\n" }
  let again = required("written series") {
    // Numbers may have the form of dates.
    let isNumbered = series.dates.first?.form == .number
    return try Series.parse(
      Data(("date,value\n" + rows.joined()).utf8), path: "input",
      SeriesReading(column: "value", dateColumn: isNumbered ? "none" : "date"))
  }
  check(again.dates.count == series.dates.count, "\(again.dates.count) dates")
  check(series.dates.first?.form == .number || again.dates == series.dates, "dates differ")
  check(
    again.values.map { $0?.bitPattern } == series.values.map { $0?.bitPattern }, "values differ")
}

/// Prepares the training of networks, and forecasts without them.
private func prepare(_ values: [Double], period: Int) throws {
  var options = ForecasterOptions(
    period: max(period, 1), horizon: 2, window: 2, seasons: 1, hiddenSize: 1, members: 1, epochs: 1)
  _ = try ForecasterTraining<Float>(fitting: values, options: options)
  for baseline in Baseline.all(period: options.period) {
    let forecast = try baseline.forecast(after: values, period: options.period, horizon: 2)
    check(forecast.count == 2, "\(baseline) has \(forecast.count) values")
  }
  options.components = [.autoregressive, .exponentialSmoothing]
  options.period = try ForecasterOptions.period(of: values, among: [period, 2, 1], horizon: 2)
  let forecaster = try SeriesForecaster<Float>(fitting: values, options: options)
  for step in try forecaster.forecast(after: values).steps {
    check(zip(step, step.dropFirst()).allSatisfy { $0 <= $1 }, "quantiles \(step)")
  }
}
