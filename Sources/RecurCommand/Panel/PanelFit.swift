// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// Fits forecasters to the series of a panel.
struct PanelFit {
  let options: PanelOptions
  let threads: Threads

  /// The name of the file in messages.
  let name: String

  /// Fits a forecaster and shows the progress.
  ///
  /// - Parameters:
  ///   - panel: The series.
  ///   - label: What the forecaster is for.
  func callAsFunction(
    _ panel: [PanelSeries], label: String
  ) throws -> PanelForecaster<Float> {
    // Shorter series have no forecast. The error is reported when they are forecast.
    let panel = panel.filter { $0.values.count >= options.fewestValues }
    return try BadInput.naming(name) {
      guard options.components.contains(.network) else {
        return try PanelForecaster(fitting: panel, options: options, threads: threads)
      }
      var training = try PanelTraining<Float>(fitting: panel, options: options)
      var progress = ProgressLine(
        .init(epochs: training.epochs, stepsPerEpoch: training.stepsPerEpoch, label: label))
      defer { progress.end() }
      while let step = try training.step(threads: threads) {
        if !isQuiet.load(ordering: .relaxed) { progress.show(step) }
      }
      return try training.forecaster(calibratedOn: panel, threads: threads)
    }
  }

  /// Fits a forecaster to the series without the last values of a backtest; nil if all are too short.
  func withoutLast(
    _ origins: Int, _ panel: [PanelSeries]
  ) throws -> PanelForecaster<Float>? {
    let horizon = options.horizon
    let known = panel.filter { $0.values.count - origins * horizon >= options.fewestForBacktest }
      .map { $0.prefix($0.values.count - origins * horizon, horizon: horizon) }
    guard !known.isEmpty else { return nil }
    return try self(known, label: "backtest")
  }
}

extension PanelOptions {
  /// The fewest values before an origin: enough for windows, the calibration and the baselines.
  var fewestForBacktest: Int { period + 1 + 2 * horizon }
}
