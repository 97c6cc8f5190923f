// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A forecast beside what was observed and the baselines, as files.
struct ForecastFiles {
  let folder: URL

  /// The files' folder, made if it is not there; that it can be written to is tried at once.
  init(folder path: String) throws {
    folder = URL(fileURLWithPath: path, isDirectory: true)
    let trial = folder.appendingPathComponent(".recur-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data().write(to: trial)
      try FileManager.default.removeItem(at: trial)
    } catch {
      throw BadInput("\(path): cannot be written to, expected a folder for the results")
    }
    for name in ["forecast.csv", "forecast.png"] {
      var isFolder: ObjCBool = false
      let file = folder.appendingPathComponent(name).path
      if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
        throw BadInput("\(file): is a folder, expected a file or nothing")
      }
    }
  }

  /// One line of the table: a date, what was observed, and the forecasts in the order of `names`.
  struct Table {
    var names: [String]
    var dates: [String]
    var observed: [Double?]
    var forecasts: [[Double]]

    var csv: String {
      let header = (["date", "observed"] + names).joined(separator: ",")
      let lines = dates.indices.map { row in
        let values = [observed[row]] + forecasts.map { Optional($0[row]) }
        return ([dates[row]] + values.map { $0.map { fixed($0, decimals: 3) } ?? "" })
          .joined(separator: ",")
      }
      return ([header] + lines).joined(separator: "\n") + "\n"
    }
  }

  /// Writes forecast.csv whole or not at all.
  func write(_ table: Table) throws -> URL {
    let file = folder.appendingPathComponent("forecast.csv")
    do {
      try Data(table.csv.utf8).write(to: file, options: .atomic)
    } catch {
      throw BadInput("\(file.path): cannot be written")
    }
    return file
  }

  /// Draws forecast.png from the file of a table, or says why it cannot.
  func draw(_ table: URL, rows: Int, title: String, unit: String) throws {
    let picture = folder.appendingPathComponent("forecast.png")
    try Gnuplot(.png(picture)).draw(script(table: table, rows: rows, title: title, unit: unit))
  }

  private func script(table: URL, rows: Int, title: String, unit: String) -> String {
    let labels = "xtic(int($0) % \(max(1, rows / 8)) == 0 ? strcol(1) : \"\")"
    return """
      set datafile separator ","
      set key autotitle columnhead top left noenhanced
      set xtics nomirror rotate by -20
      set grid ytics
      set title \(quoted(title)) noenhanced
      set ylabel \(quoted(unit)) noenhanced
      plot \(quoted(table.path)) using 0:2:\(labels) with points pt 7 ps 0.6 lc rgb "black", \\
        "" using 0:3 with lines lw 2 lc rgb "#c03030", \\
        "" using 0:4 with lines lc rgb "#8080a0", \\
        "" using 0:5 with lines dt 2 lc rgb "#3060a0"

      """
  }
}
