// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The inputs of the network for a forecast of one series from one origin.
///
/// The numbers of the series zₜ, on its scale, are read relative to the level and the unit of the values
/// before the origin, so that series of all magnitudes are alike to the network. It predicts, for each
/// step ahead, the quantiles of (zₜ − base) / unit.
struct PanelWindow {
  /// The base of each step ahead: the mean shape of the last three seasons, shifted to the mean of the
  /// last one.
  let base: [Double]

  /// The mean of the last season.
  let level: Double

  /// The mean of |zₜ − zₜ₋ₚ| within the window; 0 for a constant series. A single value has the typical
  /// change of the panel.
  let unit: Double

  private let numbers: [Double]
  private let known: Int
  private let options: PanelOptions

  /// Creates a window.
  ///
  /// - Parameters:
  ///   - numbers: the series, on its scale.
  ///   - known: the number of values before the origin, at least 1.
  ///   - options: the options of the forecast.
  ///   - typicalChange: the unit of a single value, relative to it.
  init(
    _ numbers: [Double], known: Int, _ options: PanelOptions, typicalChange: Double = 0
  ) {
    let (period, horizon) = (options.period, options.horizon)
    let season = numbers[max(0, known - period)..<known]
    level = season.reduce(0, +) / Double(season.count)
    let seasons = min(period > 1 ? 3 : 1, known / period)
    base =
      seasons > 0
      ? SeriesForm.seasonalDifferences.bases(
        numbers, known: known, horizon: horizon, period: period, seasons: seasons)
      : Array(repeating: level, count: horizon)
    // Series of less than a season and one value have a unit, too.
    let lag = known > period ? period : 1
    let first = max(lag, known - options.window)
    let sum = (first..<max(first, known)).reduce(0) { $0 + abs(numbers[$1] - numbers[$1 - lag]) }
    unit = known > first ? sum / Double(known - first) : typicalChange * abs(level)
    (self.numbers, self.known, self.options) = (numbers, known, options)
  }

  private func relative(_ difference: Double) -> Double {
    unit > 0 ? limited(difference / unit) : 0
  }

  /// Returns the target of each step ahead.
  var targets: [Double] {
    (0..<options.horizon).map {
      unit > 0 ? max(-1000, min(1000, (numbers[known + $0] - base[$0]) / unit)) : 0
    }
  }

  /// Converts a prediction to a number on the scale of the series.
  func number(_ predicted: Double, step: Int) -> Double { base[step] + unit * predicted }

  /// Writes the inputs of all steps.
  ///
  /// - Parameters:
  ///   - rows: the first input of the first step; zeros.
  ///   - stride: the distance of the inputs of two steps.
  ///   - series: the inputs and features of the series.
  ///   - scaling: how they are standardized.
  func write<Scalar: RecurScalar>(
    to rows: UnsafeMutablePointer<Scalar>, stride: Int, _ series: PanelSeries,
    _ scaling: PanelScaling
  ) {
    let (window, horizon, period) = (options.window, options.horizon, options.period)
    let present = min(window, known)
    for place in window - present..<window {
      let (row, index) = (rows + place * stride, known - window + place)
      row[0] = Scalar(relative(numbers[index] - level))
      if index >= period { row[1] = Scalar(relative(numbers[index] - numbers[index - period])) }
      row[2] = 1
    }
    for step in 0..<horizon {
      let row = rows + (window + step) * stride
      row[0] = Scalar(relative(base[step] - level))
      row[3] = Scalar(Double(step + 1) / Double(horizon))
    }
    for input in 0..<options.knownInputs + options.pastInputs {
      let last = input < options.knownInputs ? known + horizon : known
      let values = scaling.scaled(series.inputs(input)[known - present..<last], ofInput: input)
      for (place, value) in values.enumerated() {
        rows[(window - present + place) * stride + 4 + input] = Scalar(limited(value))
      }
    }
    let first = 4 + options.knownInputs + options.pastInputs
    for (index, feature) in series.features.enumerated() {
      let value = Scalar(scaling.scaled(feature: feature, index))
      for place in window - present..<window + horizon {
        rows[place * stride + first + index] = value
      }
    }
  }
}
