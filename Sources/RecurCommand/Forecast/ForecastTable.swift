// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// A forecast beside the baselines, and beside what was observed where it is known.
struct ForecastTable {
  var dates: [String]

  /// Nil where nothing is known at all.
  var observed: [Double?]?
  var forecast: Forecast
  var baselines: [(name: Baseline, values: [Double])]

  init(_ series: Series, _ trial: Backtest.Trial, _ baselines: [Baseline]) {
    dates = Array(series.dates[trial.known..<trial.known + trial.observed.count])
    observed = trial.observed
    forecast = trial.forecast
    self.baselines = Array(zip(baselines, trial.baselines))
  }

  /// Of what comes after all of these values.
  init(dates: [String], _ forecaster: SeriesForecaster<Float>, after values: [Double]) throws {
    let (period, horizon) = (forecaster.options.period, forecaster.options.horizon)
    self.dates = dates
    forecast = try forecaster.forecast(after: values)
    baselines = try Baseline.all(period: period).map {
      ($0, try $0.forecast(after: values, period: period, horizon: horizon))
    }
  }

  var header: [String] {
    ["date"] + (observed == nil ? [] : ["observed"]) + ["forecast"]
      + outerLevels.map { "quantile_\(levelText($0.level))" } + baselines.map(\.name.column)
  }

  /// A line for each date.
  var rows: [[String]] {
    dates.indices.map { row in
      let step = forecast.steps[row]
      return [dates[row]] + (observed.map { [number($0[row])] } ?? [])
        + [number(forecast.median[row])] + outerLevels.map { number(step[$0.index]) }
        + baselines.map { number($0.values[row]) }
    }
  }

  /// All but the median.
  private var outerLevels: [(index: Int, level: Double)] {
    forecast.levels.enumerated().filter { $0.element != 0.5 }.map { ($0.offset, $0.element) }
  }
}

/// A file of comma-separated values.
func csv(_ rows: [[String]]) -> String {
  rows.map { $0.joined(separator: ",") + "\n" }.joined()
}

extension Baseline {
  /// The name of its column.
  var column: String { rawValue.replacing(/[- ]/, with: "_") }
}

/// A number as it is written to files; nothing if it is missing.
func number(_ value: Double?) -> String {
  value.map { String(format: "%.9g", $0) } ?? ""
}

/// A level without the digits that rounding made.
func levelText(_ level: Double) -> String { String(format: "%.6g", level) }

/// The folder for what a command writes.
struct OutputFolder {
  let url: URL

  /// The folder, made if it is not there. That it can be written to, and none of the files' names is
  /// taken by a folder or by one of the `inputs`, is tried at once.
  init(_ path: String, for files: [String], keeping inputs: [String?]) throws {
    url = URL(fileURLWithPath: path, isDirectory: true)
    let trial = url.appendingPathComponent(".recur-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      try Data().write(to: trial)
      try FileManager.default.removeItem(at: trial)
    } catch {
      throw BadInput("\(path): cannot be written to, expected a folder for the results")
    }
    for name in files {
      var isFolder: ObjCBool = false
      let file = url.appendingPathComponent(name).path
      if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
        throw BadInput("\(file): is a folder, expected a file or nothing")
      }
      for input in inputs.compactMap(\.self) where isSameFile(input, file) {
        throw BadInput("\(input): is read, and would be written over as \(file)")
      }
    }
  }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Writes a file whole or not at all.
  func write(_ text: String, to name: String) throws {
    do {
      try Data(text.utf8).write(to: file(name), options: .atomic)
    } catch {
      throw BadInput("\(file(name).path): cannot be written")
    }
    note("\(name) written to \(url.path)")
  }
}
