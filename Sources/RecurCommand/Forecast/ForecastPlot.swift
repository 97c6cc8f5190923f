// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// A plot of the observed values, forecasts with prediction intervals, and the baselines.
struct ForecastPlot {
  var title: String
  var unit: String

  /// The observed values to draw.
  var observed: Series

  /// The forecasts to draw, in order of time; the last may lie after all observed values.
  var tables: [ForecastTable]

  /// The gnuplot script, which contains all values.
  var script: String {
    let future = tables.flatMap(\.dates).filter { date in
      observed.dates.last.map { $0 < date } ?? true
    }
    let dates = observed.dates + future
    let place = Dictionary(uniqueKeysWithValues: zip(dates, dates.indices))
    func block(_ name: String, _ rows: [String]) -> String {
      "$\(name) << END\n\(rows.joined(separator: "\n"))\nEND\n"
    }
    func forecast(_ value: (ForecastTable, Int) -> String) -> [String] {
      // An empty line separates the curves of two tables.
      tables.map { table in
        table.dates.indices.map { "\(place[table.dates[$0]]!) \(value(table, $0))" }
          .joined(separator: "\n")
      }
    }
    let seen = zip(observed.dates, observed.values).compactMap { date, value in
      value.map { "\(place[date]!) \(field($0))" }
    }
    var blocks = block("observed", seen)
    blocks += block(
      "forecast",
      forecast { table, row in
        let step = table.forecast.steps[row]
        return [table.forecast.median[row], step.first!, step.last!].map(field)
          .joined(separator: " ")
      }.joined(separator: "\n\n").components(separatedBy: "\n"))
    let baselines = tables[0].baselines.indices
    for index in baselines {
      blocks += block(
        "baseline\(index)",
        forecast { field($0.baselines[index].values[$1]) }
          .joined(separator: "\n\n").components(separatedBy: "\n"))
    }
    return blocks + settings(dates) + plot(baselines: Array(baselines))
  }

  private func settings(_ dates: [SeriesDate]) -> String {
    let every = max(1, dates.count / 8)
    let labels = stride(from: 0, to: dates.count, by: every).map {
      "\(quoted("\(dates[$0])")) \($0)"
    }
    return """
      set key top left Left reverse noenhanced
      set xtics nomirror rotate by -20 (\(labels.joined(separator: ", ")))
      set grid ytics
      set title \(quoted(title)) noenhanced
      set ylabel \(quoted(unit.printable)) noenhanced

      """
  }

  private func plot(baselines: [Int]) -> String {
    let colours = ["#a0a0a0", "#e08020", "#3060c0", "#309030", "#805090"]
    let levels = tables[0].forecast.levels
    let interval = "\(percent(levels.first!)) to \(percent(levels.last!)) quantiles"
    let lines =
      [
        "$forecast using 1:3:4 with filledcurves lc rgb '#f0c8c8' title \(quoted(interval))",
        "$observed using 1:2 with points pt 7 ps 0.5 lc rgb 'black' title 'observed'",
        "$forecast using 1:2 with lines lw 2 lc rgb '#c03030' title 'forecast'",
      ]
      + baselines.map { index in
        let name = quoted(tables[0].baselines[index].name.rawValue)
        return
          "$baseline\(index) using 1:2 with lines dt 2 lc rgb '\(colours[index])' title \(name)"
      }
    return "plot " + lines.joined(separator: ", \\\n  ") + "\n"
  }
}
