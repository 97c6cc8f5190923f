// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A forecast beside what was observed and the baselines, as files.
struct ForecastFiles {
  let folder: URL

  /// The files' folder, made if it is not there.
  init(folder path: String) throws {
    folder = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw BadInput("\(path): cannot be made, expected a folder to write to")
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

  /// Draws forecast.png from the table through gnuplot; nil if that is not installed.
  func draw(_ table: URL, title: String, unit: String) throws -> URL? {
    let picture = folder.appendingPathComponent("forecast.png")
    let gnuplot = Process()
    gnuplot.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gnuplot.arguments = ["gnuplot"]
    gnuplot.standardOutput = FileHandle.standardError
    gnuplot.standardError = FileHandle.standardError
    let input = Pipe()
    gnuplot.standardInput = input
    guard FileManager.default.isExecutable(named: "gnuplot") else { return nil }
    try gnuplot.run()
    input.fileHandleForWriting.write(
      Data(script(table: table, picture: picture, title: title, unit: unit).utf8))
    try input.fileHandleForWriting.close()
    gnuplot.waitUntilExit()
    guard gnuplot.terminationStatus == 0 else {
      throw BadInput("gnuplot: could not draw \(picture.path)")
    }
    return picture
  }

  private func script(table: URL, picture: URL, title: String, unit: String) -> String {
    """
    set terminal pngcairo size 1000,560 font "sans,11"
    set output "\(picture.path)"
    set datafile separator ","
    set xdata time
    set timefmt "%Y-%m-%d"
    set format x "%b %Y"
    set key top left noenhanced
    set grid
    set title "\(title)" noenhanced
    set ylabel "\(unit)" noenhanced
    plot "\(table.path)" using 1:2 with points pt 7 ps 0.6 lc rgb "black" title "observed", \\
      "" using 1:3 with lines lw 2 lc rgb "#c03030" title "forecast", \\
      "" using 1:4 with lines lc rgb "#8080a0" title "seasonal-naive", \\
      "" using 1:5 with lines dt 2 lc rgb "#3060a0" title "seasonal-naive with drift"

    """
  }
}

extension FileManager {
  fileprivate func isExecutable(named name: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains { isExecutableFile(atPath: "\($0)/\(name)") }
  }
}
