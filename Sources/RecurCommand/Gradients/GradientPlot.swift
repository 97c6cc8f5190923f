// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A plot of curves in several panels, and the table of its values.
struct GradientPlot {
  struct Curve {
    var name: String
    var values: [Double]

    /// The index of the color; two curves of the same cell share it, and the second is dashed.
    var color: Int
    var isDashed = false
  }

  struct Panel {
    var title: String
    var below: String
    var isLogarithmic = true
    var curves: [Curve]
  }

  /// The name of the first column.
  var index: String

  /// The first value of the first column, 0 or 1.
  var first: Int
  var panels: [Panel]

  /// A table with one column per curve; fields after its end and non-finite values are empty.
  private var table: String {
    let curves = panels.flatMap { panel in panel.curves.map { (panel.title, $0) } }
    let header = [index] + curves.map { "\($0.0): \($0.1.name)" }
    let rows = curves.map(\.1.values.count).max() ?? 0
    let lines = (0..<rows).map { row in
      ["\(row + first)"]
        + curves.map { _, curve in
          row < curve.values.count && curve.values[row].isFinite
            ? String(format: "%.6g", curve.values[row]) : ""
        }
    }
    return csv([header] + lines)
  }

  private func script(_ table: URL, columns: Int) -> String {
    let rows = (panels.count + columns - 1) / columns
    var column = 2
    var lines = [
      "set datafile separator \",\"", "set multiplot layout \(rows),\(columns)", "set grid ytics",
      "set key noenhanced below height 1", "set format y \"%g\"",
    ]
    for panel in panels {
      lines.append("set title \(quoted(panel.title)) noenhanced")
      lines.append("set xlabel \(quoted(panel.below)) noenhanced")
      // Exploding curves leave the plot, so that the others stay visible; the table has all values.
      lines.append(
        panel.isLogarithmic
          ? "set logscale y; set yrange [1e-12<*:*<1e12]" : "unset logscale y; set yrange [0:1]")
      let curves = panel.curves.map { curve in
        defer { column += 1 }
        return
          "\(quoted(table.path)) using 1:\(column) with lines lw 2 dt \(curve.isDashed ? 2 : 1) "
          + "lt \(curve.color + 1) title \(quoted(curve.name))"
      }
      lines.append("plot " + curves.joined(separator: ", "))
    }
    return lines.joined(separator: "\n") + "\nunset multiplot\n"
  }

  /// Draws the plot to a file, and writes the table next to it.
  func draw(to files: Files) throws {
    try files.folder.write(table, to: files.table)
    let columns = 2
    let rows = (panels.count + columns - 1) / columns
    Gnuplot(file: files.folder.file(files.plot).path, width: 1200, height: 450 * rows)?
      .draw(script(files.folder.file(files.table), columns: columns))
  }

  /// The files of a plot and its table.
  struct Files {
    let folder: OutputFolder
    let plot: String
    let table: String

    /// Checks that the files can be written.
    init(_ path: String, keeping inputs: [String?]) throws {
      let url = URL(fileURLWithPath: path)
      plot = url.lastPathComponent
      table = url.deletingPathExtension().appendingPathExtension("csv").lastPathComponent
      let folder = url.deletingLastPathComponent().path
      // Unlike a run's output folder, this folder must exist.
      guard FileManager.default.fileExists(atPath: folder) else {
        throw BadInput("\(path): the folder \(folder) does not exist")
      }
      self.folder = try OutputFolder(folder, for: [plot, table], keeping: inputs)
    }
  }

  /// Draws the panels as text, one below another.
  func drawInTerminal() throws {
    let table = FileManager.default.temporaryDirectory.appendingPathComponent(
      "recur-\(UUID().uuidString).csv")
    try replaceFile(table, with: self.table)
    defer { unlink(table.path) }
    Gnuplot(.terminal, width: 800, height: 480 * panels.count)
      .draw(script(table, columns: 1))
  }
}
