// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining
import Testing

@testable import RecurCommand
@testable import RecurTraining

/// The plot of a forecast, with chosen numbers.
@Suite struct ForecastPlotTests {
  /// A plot of a trial and of a forecast after the series.
  private func plot(best: Baseline? = nil, scale: Double = 1) throws -> ForecastPlot {
    var series = try SmallBacktest.series()
    series.values = series.values.map { $0.map { $0 * scale } }
    let tested = try SmallBacktest.backtest(scale: scale)
    let trial = ForecastTable(series, tested.trials[1], tested.baselines)
    var ahead = trial
    ahead.dates = try ["2006", "2007"].map { try SeriesDate($0, at: "f") }
    return ForecastPlot(
      contents: "it's", unit: "\u{1B}", observed: series[2..<6], tables: [trial, ahead], best: best)
  }

  /// An infinite value of a baseline is left out.
  @Test func theScriptHasAllValues() throws {
    #expect(
      try plot(best: .seasonalNaiveWithDrift).script == """
        $observed << END
        1 4
        2 5.5
        END
        $forecast << END
        2 2 1 3.5
        3 3 2 4

        4 2 1 3.5
        5 3 2 4
        END
        $baseline1 << END
        2 2
        3 NaN

        4 2
        5 NaN
        END
        $baseline2 << END
        2 3.5
        3 5

        4 3.5
        5 5
        END
        set key below center horizontal Left reverse noenhanced
        set xtics nomirror ('2002' 0, '2003' 1, '2004' 2, '2005' 3, '2006' 4, '2007' 5)
        set xrange [-1:6]
        set ytics nomirror ('1' 1, '2' 2, '3' 3, '4' 4, '5' 5)
        set yrange [0.775:5.725]
        set grid ytics
        set title 'it''s' noenhanced
        set ylabel '\\u{1B}' noenhanced
        plot $forecast using 1:3:4 with filledcurves lc rgb '#f0c8c8' title '10% to 90% quantiles', \\
          $baseline1 using 1:2 with lines dt 2 lc rgb '#e08020' title 'seasonal-naive', \\
          $baseline2 using 1:2 with lines dt 2 lc rgb '#3060c0' title 'seasonal-naive with drift', \\
          $observed using 1:2 with points pt 7 ps 0.5 lc rgb 'black' title 'observed', \\
          $forecast using 1:2 with lines lw 2 lc rgb '#c03030' title 'forecast'

        """)
  }

  /// The simple baseline and the best one; only one if they are the same, or without a backtest.
  @Test(
    arguments: [
      (nil, [1]), (.seasonalNaive, [1]), (.naive, [1, 0]), (.autoregressive, [1, 3]),
      (.exponentialSmoothing, [1, 4]),
    ] as [(Baseline?, [Int])])
  func fewBaselinesAreDrawn(best: Baseline?, indices: [Int]) throws {
    let script = try plot(best: best).script
    let drawn = script.matches(of: #/\$baseline(\d) using/#).map { Int($0.output.1)! }
    #expect(drawn == indices)
  }

  @Test func withoutASeasonNaiveIsDrawn() throws {
    var plot = try plot()
    for index in plot.tables.indices { plot.tables[index].baselines.remove(at: 1) }
    #expect(
      plot.script.contains("$baseline0 using 1:2 with lines dt 2 lc rgb '#e08020' title 'naive'"))
  }

  /// A baseline near the others extends the axis; one that is far away leaves it.
  @Test(arguments: [
    (6.0, "0.75:6.25"), (-1, "-1.325:5.825"), (9, "0.775:5.725"), (1e27, "0.775:5.725"),
  ])
  func anAxisIgnoresFarBaselines(value: Double, range: String) throws {
    var plot = try plot()
    for index in plot.tables.indices {
      plot.tables[index].baselines[1].values = [value, .infinity]
    }
    #expect(plot.script.contains("set yrange [\(range)]"))
  }

  /// The values are in units of the axis.
  @Test(arguments: [(1e-300, -300), (1e9, 9), (1e298, 297)])
  func valuesHaveUnits(scale: Double, exponent: Int) throws {
    let script = try plot(scale: scale).script
    let value = exponent == 297 ? "40" : "4"
    #expect(script.hasPrefix("$observed << END\n1 \(value)\n"), "\(script)")
    #expect(!script.contains("e+") && !script.contains("e-"))
  }

  @Test(
    arguments: [
      ([0.1, 0.5, 0.9], [(3, "10% to 90% quantiles", "#f0c8c8")]),
      (
        [0.05, 0.1, 0.5, 0.9, 0.95],
        [(3, "5% to 95% quantiles", "#f7dfdf"), (5, "10% to 90% quantiles", "#efc3c3")]
      ),
      (
        [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99],
        [
          (3, "1% to 99% quantiles", "#f7dfdf"), (5, "10% to 90% quantiles", "#efc3c3"),
          (7, "25% to 75% quantiles", "#e6a6a6"),
        ]
      ), ([0.5, 0.9], []), ([0.1, 0.5, 0.8, 0.9], [(3, "10% to 90% quantiles", "#f0c8c8")]),
    ] as [([Double], [(Int, String, String)])])
  func bandsAreNested(levels: [Double], bands: [(Int, String, String)]) throws {
    var plot = try plot()
    for index in plot.tables.indices {
      plot.tables[index].forecast = Forecast(
        levels: levels, steps: [levels, levels], calibration: nil)
    }
    let drawn = plot.script.matches(
      of: #/using 1:(\d+):\d+ with filledcurves lc rgb '(.*)' title '(.*)'/#
    ).map { "\($0.output.1) \($0.output.3) \($0.output.2)" }
    #expect(drawn == bands.map { "\($0) \($1) \($2)" })
    let ends =
      [0.5]
      + bands.flatMap {
        [$0.1, $0.1].enumerated().map { end, name in
          Double(name.split(separator: " ")[end == 0 ? 0 : 2].dropLast())! / 100
        }
      }
    let row = ends.map { field($0) }.joined(separator: " ")
    #expect(plot.script.contains("\n4 \(row)\n"), "\(plot.script)")
  }

  /// A line of one point would be invisible.
  @Test func oneValueIsALine() throws {
    var plot = try plot()
    plot.tables = [plot.tables[1]]
    plot.tables[0].dates.removeLast()
    #expect(
      plot.script.contains("$forecast << END\n3.6 2 1 3.5\n4.4 2 1 3.5\nEND\n"), "\(plot.script)")
  }

  @Test func theTitleNamesTheSeries() throws {
    var plot = try plot()
    #expect(plot.title == "it's")
    plot.contents = "2 values after 2005"
    for (file, column, position, title) in [
      ("data/sales.csv", "net sales", 2, "sales.csv, column \"net sales\": 2 values after 2005"),
      ("sales.csv", "North", nil, "sales.csv, \"North\": 2 values after 2005"),
      (
        "standard input", String(repeating: "a", count: 50), 1,
        "standard input, column \"\(String(repeating: "a", count: 40))…\": 2 values after 2005"
      ),
    ] as [(String, String, Int?, String)] {
      plot.observed.recognize(
        file: file, column: column, position: position, dateColumns: ["date"], dateForm: "2001",
        separator: "comma", decimal: "point")
      #expect(plot.title == title)
      plot.unit = ""
      #expect(plot.script.contains("set ylabel '\(column.prefix(40))"))
    }
  }
}
