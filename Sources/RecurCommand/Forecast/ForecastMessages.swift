// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// What the command prints about a forecast on standard error.
extension ForecastCommand {
  func describe(_ series: Series) {
    note(series.recognition!.summary)
    if series.missing > 0 {
      note("  missing values are filled by linear interpolation")
    }
  }

  /// Prints the weights, the scale and the calibration of the forecast.
  func describe(_ forecaster: SeriesForecaster<Float>) {
    let scale = forecaster.scale == .logarithmic ? " on a logarithmic scale" : ""
    if let calibration = forecaster.calibration {
      let shares = zip(forecaster.components, calibration.weights).map {
        "\($0.rawValue.replacing("-", with: " ")) \(fixed(100 * $1, decimals: 0))%"
      }
      note(
        "the forecast combines \(shares.joined(separator: ", "))\(scale): the weights come from the "
          + "last 25% of the values")
    } else if forecaster.isTooShort {
      if forecaster.components.count > 1 {
        note("the forecast combines its methods with equal weights\(scale)")
      }
      alert(
        "warning: the series is too short to calibrate the prediction interval, which may be too narrow"
      )
    } else {
      alert(
        "warning: the prediction interval is probably too narrow: the series is too short to calibrate it"
      )
    }
  }

  func describe(_ plan: ForecastPlan, _ series: Series) throws {
    let (options, season) = plan.forecast
    let interval = try series.interval()
    if let season { note(season.line(interval)) }
    if let tested = plan.backtest?.choice.season, tested.period != season?.period {
      let period = tested.period > 1 ? "\(tested.period) values per season" : "no season"
      note("  the backtest has \(period), chosen from the values before its first origin")
    }
    if let needed = plan.valuesForBacktest {
      note("  no backtest: it needs at least \(needed) values")
    }
    describeNetworks(plan, series.values.count)
    options.noteMinimum(of: series, hint: " (override with --minimum, -inf for none)")
  }

  private func describeNetworks(_ plan: ForecastPlan, _ count: Int) {
    let options = plan.forecast.options
    guard options.components.contains(.network) else { return }
    guard options.usesNetworks(count) else {
      note("  no networks: they need at least \(options.valuesForNetworks) values")
      return
    }
    guard let (tested, origins) = plan.backtest else { return }
    let first = origins.origins(count: count, horizon: options.horizon)[0]
    guard !tested.options.usesNetworks(first) else { return }
    note(
      "  the backtest has no networks, which need at least \(tested.options.valuesForNetworks) values "
        + "before its first origin")
  }
}
