// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import Recur

@testable import RecurCommand
@testable import RecurTraining

// The input's text is the CSV file of the series to forecast.

nonisolated(unsafe) private let (model, series) = (MemoryFile(), MemoryFile())

func forecasterTarget(_ input: Data) throws {
  let recipe = Recipe(input)
  let bytes = recipe.file
  let file = try SafeTensors(bytes, path: "input")
  let forecaster = try SeriesForecaster<Float>(file)
  let options = forecaster.options
  if options.valuesNeeded <= 500 {
    let values = (0..<options.valuesNeeded).map { sin(Double($0)) }
    if let forecast = accepted({ try forecaster.forecast(after: values) }) {
      requireQuantiles(forecast, options)
    }
  }
  let saved = try SeriesModel(model.path(of: bytes), for: series.path(of: recipe.text))
  let table = try ForecastTable(
    dates: saved.series.datesAfter(options.horizon, path: "input"), saved.forecaster,
    after: saved.series.interpolatedValues)
  _ = (table.header, table.rows)
  let known = saved.series.dates.count { $0 <= saved.lastDate }
  guard let tested = try saved.series.tested(saved.forecaster, from: known) else { return }
  let report = ForecastReport(backtest: tested, options: options)
  _ = (report.table, report.coverage, tested.betterBaselines)
}

private func requireQuantiles(_ forecast: Forecast, _ options: ForecasterOptions) {
  check(forecast.steps.count == options.horizon, "\(forecast.steps.count) steps")
  for step in forecast.steps {
    check(step.count == options.levels.count, "\(step.count) quantiles")
    check(step.allSatisfy(\.isFinite), "quantiles \(step)")
    check(zip(step, step.dropFirst()).allSatisfy { $0 <= $1 }, "quantiles \(step)")
  }
}
