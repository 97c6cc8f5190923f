// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The origins of a backtest.
public struct BacktestOptions: Sendable, Equatable {
  /// The number of origins; the last forecast covers the last `horizon` values.
  public var origins: Int

  /// The number of values from one origin to the next; the horizon if nil.
  public var stride: Int?

  /// Whether a forecaster is fitted to the values before each origin; otherwise one forecaster,
  /// fitted to the values before the first origin, makes all forecasts.
  public var refits: Bool

  /// The origins of a backtest.
  ///
  /// - Parameters:
  ///   - origins: the number of origins, at least 1.
  ///   - stride: the number of values from one origin to the next, at least 1; the horizon if nil.
  ///   - refits: whether a forecaster is fitted at each origin.
  public init(origins: Int = 1, stride: Int? = nil, refits: Bool = false) {
    self.origins = origins
    self.stride = stride
    self.refits = refits
  }

  /// The number of forecasters that are fitted.
  public var fits: Int { refits ? origins : 1 }

  /// The number of values before each origin.
  ///
  /// - Parameters:
  ///   - count: the number of values of the series.
  ///   - horizon: the number of values that a forecast predicts.
  /// - Returns: one number for each origin, rising.
  package func origins(count: Int, horizon: Int) -> [Int] {
    (0..<origins).map { count - horizon - (origins - 1 - $0) * (stride ?? horizon) }
  }
}
