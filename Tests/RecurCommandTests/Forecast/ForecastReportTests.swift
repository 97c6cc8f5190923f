// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining
import Testing

@testable import RecurCommand
@testable import RecurTraining

/// The tables, the report and the JSON of a forecast, with chosen numbers.
@Suite struct ForecastReportTests {
  private let options = SmallBacktest.options

  private func series() throws -> Series { try SmallBacktest.series() }

  private func backtest(factors: [Double?] = [1.25, 2], scale: Double = 1) throws -> Backtest {
    try SmallBacktest.backtest(factors: factors, scale: scale)
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
          forecast                         2.000       1.250
          naive                            2.333       1.417
          seasonal-naive                     inf         inf
          seasonal-naive with drift        0.333       0.167
          autoregressive                   3.250       2.042
          exponential smoothing            3.250       2.042
        """)
    #expect(report.coverage == "  prediction interval: covered 33% (nominal 80%)")
    let plain = ForecastReport(backtest: try backtest(), options: options)
    #expect(plain.table.split(separator: "\n")[0].hasSuffix("         MAE        MASE"))
  }

  /// At least three digits, and columns of the same width.
  @Test(arguments: [
    (1e-300, "2.00e-300", "3.33e-301"), (1e-6, "2.00e-06", "3.33e-07"),
    (1e-3, "0.00200", "3.33e-04"), (0.1, "0.2000", "0.0333"), (10, "20.00", "3.33"),
    (100, "200.0", "33.3"), (1e6, "2000000", "333333"), (1e13, "2.00e+13", "3.33e+12"),
    (1e298, "2.00e+298", "3.33e+297"),
  ])
  func errorsHaveDigits(scale: Double, forecast: String, drift: String) throws {
    let report = ForecastReport(
      backtest: try backtest(scale: scale), options: options, unit: "a unit with a long name")
    let lines = report.table.split(separator: "\n")
    func error(_ name: String) throws -> Substring {
      try #require(lines.first { $0.hasPrefix("  \(name) ") }).split(separator: " ").dropLast()
        .last!
    }
    #expect(try error("forecast") == forecast)
    #expect(try error("seasonal-naive with drift") == drift)
    #expect(Set(lines.map(\.count)).count == 1, "\(report.table)")
  }

  @Test func theJSONHasAllNumbers() throws {
    let tested = try backtest(factors: [nil, 2])
    let table = ForecastTable(try series(), tested.trials[1], tested.baselines)
    let report = ForecastReport(backtest: tested, options: options)
    let json = ForecastJSON(table, report, period: 2)
    #expect(
      json.period == 2 && json.levels == [0.1, 0.5, 0.9] && json.calibration?.factors == [2, 1, 2])
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
}
