// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A way to forecast the series of a panel: one network for all series, or one forecaster for each.
public protocol PanelMethod: Sendable {
  /// The number of values per season, and of steps ahead.
  var period: Int { get }
  var horizon: Int { get }

  /// The levels of the quantiles, ascending.
  var levels: [Double] { get }

  /// The fewest values of a series.
  var fewestValues: Int { get }

  /// Forecasts the continuation of series.
  ///
  /// - Parameters:
  ///   - panel: the series.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the forecast of each series.
  /// - Throws: `RecurError` if a series cannot be forecast; ``TrainingError`` if a loss does not stay
  ///   finite.
  func forecast(after panel: [PanelSeries], threads: Threads?) throws -> [Forecast]

  /// Forecasts the last values of series from the values before them.
  ///
  /// - Parameters:
  ///   - panel: the series.
  ///   - origins: the number of origins, one horizon apart, at least 1. Origins that are preceded by
  ///     too few values are left out.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the score of each series; nil for a series that is too short, or without observed
  ///   values.
  /// - Throws: the errors of ``forecast(after:threads:)``.
  func scores(
    of panel: [PanelSeries], origins: Int, threads: Threads?
  ) throws -> [PanelSeriesScore?]
}

extension PanelForecaster: PanelMethod {
  public var period: Int { options.period }
  public var horizon: Int { options.horizon }
  public var levels: [Double] { options.levels }
  public var fewestValues: Int { options.fewestValues }
}
