// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand
@testable import RecurTraining

/// The tables, the report, the JSON and the plot of a forecast, with chosen numbers.
@Suite struct ForecastReportTests {
  private let options = ForecasterOptions(period: 2, horizon: 2, levels: [0.1, 0.5, 0.9])
  private let future = Forecast(
    levels: [0.1, 0.5, 0.9], steps: [[1, 2, 3.5], [2, 3, 4]], calibration: ForecastCalibration(weights: [1], factors: [1.25, 1, 1.25], error: 1))

  private func series() throws -> Series {
    Series(
      dates: try (2000..<2006).map { try SeriesDate("\($0)", at: "f") },
      values: [1, 2, nil, 4, 5.5, nil])
  }

  /// Two trials: after three and after four values.
  private func backtest(factors: [Double?] = [1.25, 2], scale: Double = 1) throws -> Backtest {
    func trial(_ known: Int, _ observed: [Double?], _ factor: Double?, unit: Double)
      -> Backtest.Trial
    {
      Backtest.Trial(
        known: known, observed: observed.map { $0.map { $0 * scale } },
        forecast: Forecast(
          levels: [0.1, 0.5, 0.9],
          steps: [[1, 2, 3.5], [2, 3, 4]].map { $0.map { $0 * scale } }, calibration: factor.map { ForecastCalibration(weights: [1], factors: [$0, 1, $0], error: 1) }),
        baselines: [
          [2, 2], [2, .infinity], [3.5, 5], [1, 1.25], [1, 1.25],
        ].map { $0.map { $0 * scale } }, unit: unit)
    }
    return try Backtest(
      [
        trial(3, [4, 5.5], factors[0], unit: 2 * scale),
        trial(4, [3.5, nil], factors[1], unit: scale),
      ], options)
  }

  @Test func theTableHasColumns() throws {
    let table = ForecastTable(try series(), try backtest().trials[1], try backtest().baselines)
    #expect(
      table.header == [
        "date", "observed", "forecast", "quantile_0.1", "quantile_0.9", "naive", "seasonal_naive",
        "seasonal_naive_with_drift", "autoregressive", "exponential_smoothing",
      ])
    #expect(
      table.rows == [
        ["2004", "3.5", "2", "1", "3.5", "2", "2", "3.5", "1", "1"],
        ["2005", "", "3", "2", "4", "2", "", "5", "1.25", "1.25"],
      ])
    var ahead = table
    ahead.observed = nil
    #expect(ahead.header[...1] == ["date", "forecast"])
    #expect(ahead.rows[0][...2] == ["2004", "2", "1"])
  }

  @Test func theScoresAreATable() throws {
    // Errors of the forecast: 2 and 2.5, and 1.5.
    let report = ForecastReport(backtest: try backtest(), options: options, unit: "kg")
    #expect(
      report.table == """
                                         MAE, kg        MASE
          forecast                          2.00       1.250
          naive                             2.33       1.417
          seasonal-naive                     inf         inf
          seasonal-naive with drift         0.33       0.167
          autoregressive                    3.25       2.042
          exponential smoothing             3.25       2.042
        """)
    #expect(report.coverage == "  prediction interval: covered 33% (nominal 80%)")
    let plain = ForecastReport(backtest: try backtest(), options: options)
    #expect(plain.table.split(separator: "\n")[0].hasSuffix("         MAE        MASE"))
  }

  /// Two digits after those before the decimal point, at least three in all.
  @Test(arguments: [
    (1e-3, "0.00200"), (0.1, "0.200"), (10, "20.0"), (100, "200"), (1e6, "2000000"),
  ])
  func errorsHaveDigits(scale: Double, text: String) throws {
    let report = ForecastReport(backtest: try backtest(scale: scale), options: options)
    let line = try #require(
      report.table.split(separator: "\n").first { $0.hasPrefix("  forecast ") })
    #expect(line.split(separator: " ")[1] == text)
  }

  @Test func theJSONHasAllNumbers() throws {
    let tested = try backtest(factors: [nil, 2])
    let table = ForecastTable(try series(), tested.trials[1], tested.baselines)
    let report = ForecastReport(backtest: tested, options: options)
    let json = ForecastJSON(table, report, period: 2)
    #expect(json.period == 2 && json.levels == [0.1, 0.5, 0.9] && json.calibration?.factors == [2, 1, 2])
    #expect(json.forecast.map(\.date) == ["2004", "2005"])
    #expect(json.forecast[0].quantiles == [1, 2, 3.5])
    #expect(
      json.forecast[1].baselines == [
        "naive": 2, "seasonal_naive": nil, "seasonal_naive_with_drift": 5, "autoregressive": 1.25,
        "exponential_smoothing": 1.25,
      ])
    let test = try #require(json.backtest)
    #expect(test.origins == 2 && test.calibrations.map(\.?.factors[0]) == [nil, 2])
    #expect(test.forecast.mae == 2 && test.forecast.mase == 1.25)
    #expect(test.forecast.maeByStep == [1.75, 2.5])
    #expect(test.baselines["autoregressive"]?.mae == 3.25)
    #expect(abs(test.coverage - 1.0 / 3) < 1e-15)
    #expect(test.worseThan.isEmpty)
    let alone = ForecastJSON(table, nil, period: 2)
    #expect(alone.backtest == nil)
  }

  @Test func thePlotHasAllValues() throws {
    let (series, tested) = (try series(), try backtest())
    var ahead = ForecastTable(series, tested.trials[1], tested.baselines)
    ahead.dates = try ["2006", "2007"].map { try SeriesDate($0, at: "f") }
    let plot = ForecastPlot(
      title: "it's", unit: "\u{1B}", observed: series[2..<6],
      tables: [ForecastTable(series, tested.trials[1], tested.baselines), ahead])
    #expect(
      plot.script == """
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
        $baseline0 << END
        2 2
        3 2

        4 2
        5 2
        END
        $baseline1 << END
        2 2
        3 inf

        4 2
        5 inf
        END
        $baseline2 << END
        2 3.5
        3 5

        4 3.5
        5 5
        END
        $baseline3 << END
        2 1
        3 1.25

        4 1
        5 1.25
        END
        $baseline4 << END
        2 1
        3 1.25

        4 1
        5 1.25
        END
        set key top left Left reverse noenhanced
        set xtics nomirror rotate by -20 ('2002' 0, '2003' 1, '2004' 2, '2005' 3, '2006' 4, '2007' 5)
        set grid ytics
        set title 'it''s' noenhanced
        set ylabel '\\u{1B}' noenhanced
        plot $forecast using 1:3:4 with filledcurves lc rgb '#f0c8c8' title '10% to 90% quantiles', \\
          $observed using 1:2 with points pt 7 ps 0.5 lc rgb 'black' title 'observed', \\
          $forecast using 1:2 with lines lw 2 lc rgb '#c03030' title 'forecast', \\
          $baseline0 using 1:2 with lines dt 2 lc rgb '#a0a0a0' title 'naive', \\
          $baseline1 using 1:2 with lines dt 2 lc rgb '#e08020' title 'seasonal-naive', \\
          $baseline2 using 1:2 with lines dt 2 lc rgb '#3060c0' title 'seasonal-naive with drift', \\
          $baseline3 using 1:2 with lines dt 2 lc rgb '#309030' title 'autoregressive', \\
          $baseline4 using 1:2 with lines dt 2 lc rgb '#805090' title 'exponential smoothing'

        """)
  }

  /// At most some ten dates of a long plot have labels.
  @Test func manyDatesHaveFewLabels() throws {
    let dates = try (2000..<2033).map { try SeriesDate("\($0)", at: "f") }
    let series = Series(dates: dates, values: dates.map { _ in 1 })
    let tested = try backtest()
    let plot = ForecastPlot(
      title: "", unit: "", observed: series,
      tables: [ForecastTable(series, tested.trials[0], tested.baselines)])
    let labels = try #require(plot.script.firstMatch(of: #/rotate by -20 \((.*)\)/#)).output.1
    #expect(
      labels.split(separator: ", ").map { $0.suffix(2).drop { $0 == " " } } == [
        "0", "4", "8", "12", "16", "20", "24", "28", "32",
      ])
  }
}
