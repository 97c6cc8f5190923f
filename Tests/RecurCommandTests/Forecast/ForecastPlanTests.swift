// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand

/// The season of a forecast, and a backtest that does not change it.
@Suite struct ForecastPlanTests {
  /// Months with a trend and a season of 12.
  private static func months(_ count: Int) -> [String] {
    let season = [0, 150, 260, 300, 260, 150, 0, -150, -260, -300, -260, -150]
    return ["month,v"]
      + (0..<count).map { month in
        let number = month % 12 + 1
        return "\(2020 + month / 12)-\(number < 10 ? "0" : "")\(number),"
          + "\(1000 + 8 * month + season[month % 12])"
      }
  }

  private static func days(_ count: Int) -> [String] {
    ["day,v"]
      + (1...count).map { "2024-0\($0 / 30 + 1)-\($0 % 30 < 9 ? "0" : "")\($0 % 30 + 1),\($0 % 7)" }
  }

  private func forecast(
    _ lines: [String], _ options: String...
  ) throws -> (table: String, errors: String) {
    var found = ("", "")
    try withFolder { folder in
      let data = folder.appendingPathComponent("f.csv")
      try lines.joined(separator: "\n").write(to: data, atomically: true, encoding: .utf8)
      let result = try recur(
        arguments: ["forecast", data.path, "--no-plot", "--output", folder.path] + options)
      #expect(result.status == 0, "\(result.errors)")
      let table = folder.appendingPathComponent("forecast.csv")
      found = (
        try String(contentsOf: table, encoding: .utf8),
        result.errors.replacingOccurrences(of: folder.path + "/", with: "")
      )
    }
    return found
  }

  /// The held-out values took part in no choice of the season, not even in that of the forecast.
  @Test(arguments: [(months(44), "12"), (months(36), "12"), (days(25), "6")])
  func theBacktestDoesNotChangeTheForecast(lines: [String], horizon: String) throws {
    let tested = try forecast(lines, "--horizon", horizon)
    let alone = try forecast(lines, "--horizon", horizon, "--backtest", "0")
    #expect(tested.table == alone.table)
    #expect(tested.table.contains("seasonal_naive,"))
  }

  @Test func anotherSeasonOfTheBacktestIsReported() throws {
    let errors = try forecast(Self.months(36), "--horizon", "12").errors
    #expect(
      errors.contains(
        "  values per season: 12, the usual number for dates 1 month apart (override with --period)\n"
          + "  the backtest has no season, chosen from the values before its first origin\n"),
      "\(errors)")
  }

  @Test func fewerThanTwoSeasonsAreNone() throws {
    let errors = try forecast(Self.months(23), "--horizon", "3").errors
    #expect(
      errors.contains(
        "  no season: the series has fewer than the 24 values that a season of 12 needs (override with "
          + "--period)\n"), "\(errors)")
    let two = try forecast(Self.months(24), "--horizon", "3")
    #expect(two.table.contains("\n2022-01,1192,"), "\(two.table)")
  }

  /// The usual number of origins never makes the command refuse a series.
  @Test func aShortSeriesHasNoBacktest() throws {
    let errors = try forecast(Self.months(36), "--horizon", "12", "--period", "12").errors
    #expect(errors.contains("\n  no backtest: it needs at least 38 values\n"), "\(errors)")
  }

  @Test func aChosenSeasonIsReported() throws {
    let errors = try forecast(Self.days(50), "--horizon", "3", "--backtest", "0").errors
    #expect(errors.contains("\n  values per season: 7, chosen by the data ("), "\(errors)")
  }
}
