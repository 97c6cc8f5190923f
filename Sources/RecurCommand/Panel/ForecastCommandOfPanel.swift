// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

/// The choice between one series and a panel.
extension ForecastCommand {
  /// The options that a panel does not have, or one series.
  var refusedOptions: (reason: String, names: [String])? {
    let ofOneSeries = ["refit", "unit", "terminal", "no-plot", "plot-format"]
    let ofForecaster = ["members", "epochs", "seasons", "validation-fraction"]
    let inputs = ["known-input", "past-input", "feature"]
    guard panel.isGiven else {
      guard forecast.model == nil else { return nil }
      return ("without --id or --each-column", ["steps", "separate", "on-error", "threads"])
    }
    if panelRun.separate { return ("with --separate", ofOneSeries + inputs + ["steps"]) }
    let features = panel.eachColumn ? ["feature"] : []
    return (
      "with --\(panel.eachColumn ? "each-column" : "id")", ofOneSeries + ofForecaster + features
    )
  }

  /// Whether the file has many series.
  var isPanel: Bool {
    get throws {
      guard let model = forecast.model else { return panel.isGiven }
      let isPanel = try SafeTensors(path: model).kindName == FileKind.panel.rawValue
      guard isPanel || !panel.isGiven else {
        throw BadInput("\(model): is a model of one series, expected one of a panel")
      }
      guard isPanel || panel.onError == .stop && panelRun.threads == nil else {
        throw BadInput(
          "\(model): is a model of one series, expected no --on-error and no --threads")
      }
      guard isPanel || forecast.backtest == nil else {
        throw ValidationError(
          "--backtest cannot be combined with a model of one series: the backtest uses all values after the "
            + "training data")
      }
      return isPanel
    }
  }

  /// The options of a forecaster of all series.
  func panelOptions(_ form: PanelForm) -> PanelOptions {
    var options = PanelOptions(series, panel, method, interval, form)
    networks.set(&options)
    return options
  }

  /// The options of a forecaster of each series.
  func separateOptions(_ form: PanelForm) -> ForecasterOptions {
    var options = networks.options(
      period: series.period ?? form.usualPeriod, horizon: series.horizon!, levels: interval.levels)
    method.set(&options)
    return options
  }
}
