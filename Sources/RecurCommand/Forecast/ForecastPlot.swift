// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// A plot of the observed values, forecasts with prediction intervals, and at most two baselines.
struct ForecastPlot {
  /// What the forecasts are, such as `12 values after 2024-06`.
  var contents: String
  var unit: String

  /// The observed values to draw.
  var observed: Series

  /// The forecasts to draw, in order of time; the last may lie after all observed values.
  var tables: [ForecastTable]

  /// The baseline with the smallest error; nil if there is no backtest.
  var best: Baseline?

  /// The gnuplot script, which contains all values.
  var script: String {
    let dates =
      observed.dates
      + tables.flatMap(\.dates).filter { date in observed.dates.last.map { $0 < date } ?? true }
    let place = Dictionary(uniqueKeysWithValues: zip(dates, dates.indices))
    let axis = PlotAxis(of: visibleValues)
    return blocks(place, axis) + settings(dates, axis) + curves
  }

  /// The file, the column and the contents.
  var title: String {
    guard let recognition = observed.recognition else { return contents }
    let file = URL(fileURLWithPath: recognition.file).lastPathComponent.printable(limit: 40)
    let kind = recognition.position == nil ? "" : "column "
    return "\(file), \(kind)\"\(recognition.column.printable(limit: 40))\": \(contents)"
  }

  /// The baselines to draw, if all tables have them: the last season or value repeated, and the best one.
  private var baselines: [Baseline] {
    let simple = [Baseline.seasonalNaive, .naive].first(where: isInAllTables)
    let best = best.flatMap { $0 != simple && isInAllTables($0) ? $0 : nil }
    return [simple, best].compactMap(\.self)
  }

  /// The name of a baseline's values in the script.
  private func name(of baseline: Baseline) -> String {
    "baseline\(tables[0].baselines.firstIndex { $0.name == baseline }!)"
  }

  /// The season of a backtest may differ from that of the forecast, and then its baselines differ.
  private func isInAllTables(_ baseline: Baseline) -> Bool {
    tables.allSatisfy { $0.baselines.contains { $0.name == baseline } }
  }

  /// The pairs of quantiles that bound the bands, from the outermost: at most three.
  private var bands: [(lower: Int, upper: Int)] {
    let levels = tables[0].forecast.levels
    let pairs = zip(
      levels.indices.filter { levels[$0] < 0.5 },
      levels.indices.reversed().filter { levels[$0] > 0.5 }
    ).map { (lower: $0, upper: $1) }
    return pairs.count <= 3 ? pairs : [pairs[0], pairs[pairs.count / 2], pairs[pairs.count - 1]]
  }

  /// The values that determine the vertical axis: all but those of baselines far from the others, which
  /// leave the plot.
  private var visibleValues: [Double] {
    let values =
      (observed.values.compactMap(\.self) + tables.flatMap { $0.forecast.steps.joined() })
      .filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return [] }
    // Half of each number, because the difference could overflow.
    let margin = high / 2 - low / 2
    let compared = tables.flatMap { table in baselines.flatMap(table.values(of:)) }
    return values + compared.filter { low - margin <= $0 && $0 <= high + margin }
  }
}

extension ForecastPlot {
  private func blocks(_ place: [SeriesDate: Int], _ axis: PlotAxis) -> String {
    func block(_ name: String, _ rows: [String]) -> String {
      "$\(name) << END\n\(rows.joined(separator: "\n"))\nEND\n"
    }
    func text(_ value: Double) -> String {
      value.isFinite ? field(axis.position(value)) : "NaN"
    }
    func forecast(_ values: (ForecastTable, Int) -> [Double]) -> [String] {
      tables.map { table in
        table.dates.indices.flatMap { row in
          let (place, texts) = (place[table.dates[row]]!, values(table, row).map(text))
          // One point has no line, so that a forecast of one value needs two.
          let places = table.dates.count > 1 ? [0] : [-0.4, 0.4]
          return places.map { ([field(Double(place) + $0)] + texts).joined(separator: " ") }
        }.joined(separator: "\n")
      }
    }
    // Empty lines separate the curves of two tables.
    func curve(_ name: String, _ values: (ForecastTable, Int) -> [Double]) -> String {
      block(name, [forecast(values).joined(separator: "\n\n")])
    }
    let seen = zip(observed.dates, observed.values).compactMap { date, value in
      value.map { "\(place[date]!) \(text($0))" }
    }
    return block("observed", seen)
      + curve("forecast") { table, row in
        let step = table.forecast.steps[row]
        return [table.forecast.median[row]] + bands.flatMap { [step[$0.lower], step[$0.upper]] }
      }
      + baselines.map { baseline in
        curve(name(of: baseline)) { table, row in [table.values(of: baseline)[row]] }
      }.joined()
  }

  private func settings(_ dates: [SeriesDate], _ axis: PlotAxis) -> String {
    let labels = DateLabels(of: dates).labels.map { "\(quoted($0.text)) \($0.index)" }
    let marks = axis.marks.map { "\(quoted($0.label)) \(field($0.position))" }
    let name = axis.name(
      column: observed.recognition?.column.printable(limit: 40) ?? "",
      unit: unit.printable(limit: 40))
    return """
      set key below center horizontal Left reverse noenhanced
      set xtics nomirror (\(labels.joined(separator: ", ")))
      set xrange [-1:\(dates.count)]
      set ytics nomirror (\(marks.joined(separator: ", ")))
      set yrange [\(field(axis.low)):\(field(axis.high))]
      set grid ytics
      set title \(quoted(title)) noenhanced
      set ylabel \(quoted(name)) noenhanced

      """
  }

  private var curves: String {
    let levels = tables[0].forecast.levels
    // From light to dark, because an inner band lies on an outer one.
    let shades = bands.count == 1 ? ["#f0c8c8"] : ["#f7dfdf", "#efc3c3", "#e6a6a6"]
    let intervals = zip(bands.indices, shades).map { index, shade in
      let name =
        "\(percent(levels[bands[index].lower])) to \(percent(levels[bands[index].upper])) quantiles"
      return "$forecast using 1:\(3 + 2 * index):\(4 + 2 * index) with filledcurves "
        + "lc rgb '\(shade)' title \(quoted(name))"
    }
    let compared = zip(baselines, ["#e08020", "#3060c0"]).map { baseline, color in
      "$\(name(of: baseline)) using 1:2 with lines dt 2 lc rgb '\(color)' "
        + "title \(quoted(baseline.rawValue))"
    }
    let main = [
      "$observed using 1:2 with points pt 7 ps 0.5 lc rgb 'black' title 'observed'",
      "$forecast using 1:2 with lines lw 2 lc rgb '#c03030' title 'forecast'",
    ]
    return "plot " + (intervals + compared + main).joined(separator: ", \\\n  ") + "\n"
  }
}
