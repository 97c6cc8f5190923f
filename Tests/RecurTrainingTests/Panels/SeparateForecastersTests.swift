// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@testable import RecurTraining

@Suite struct SeparateForecastersTests {
  private let panel = smallPanel()
  private let options = ForecasterOptions(
    period: 4, horizon: 3, hiddenSize: 3, members: 1, epochs: 1)

  @Test("Each forecast is that of a forecaster of the series alone, for any threads")
  func forecasts() throws {
    let separate = SeparateForecasters<Float>(options: options)
    let forecasts = try separate.forecast(after: panel, threads: Threads(count: 2))
    #expect(forecasts == (try separate.forecast(after: panel)))
    for (series, forecast) in zip(panel, forecasts) {
      let own = try SeriesForecaster<Float>(fitting: series.values, options: options)
      #expect(forecast == (try own.forecast(after: series.values)))
    }
  }

  @Test func scores() throws {
    let separate = SeparateForecasters<Float>(options: options)
    let found = try separate.scores(of: panel, origins: 2)
    for (series, found) in zip(panel, found) {
      let score = try #require(found)
      let backtest = try SeriesForecaster<Float>.backtest(
        series.values, options: options, backtest: .init(origins: 2))
      #expect(score.id == series.id && score.observed == 6)
      let mean = backtest.trials.reduce(0) {
        $0 + $1.meanAbsoluteError(of: $1.forecast.median) / $1.unit / 2
      }
      #expect(abs(score.meanAbsoluteScaledError! - mean) <= 1e-12 * mean)
    }
  }

  @Test func seriesThatAreTooShort() throws {
    let separate = SeparateForecasters<Float>(options: options)
    let short = PanelSeries(id: "short", values: [1, 2])
    #expect(try separate.scores(of: [short], origins: 1)[0] == nil)
    #expect {
      try separate.forecast(after: [panel[0], short])
    } throws: {
      "\($0)".contains("series \"short\"")
    }
  }
}
