// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The origins of a backtest, and how forecasters are fitted.
public struct BacktestOptions: Sendable, Equatable {
  /// The number of origins; the last forecast covers the last `horizon` values.
  public var origins: Int

  /// The number of values from one origin to the next; the horizon if nil.
  public var stride: Int?

  /// Whether to fit a new forecaster at each origin. Otherwise, one forecaster makes all forecasts;
  /// it is fitted to the values before the first origin.
  public var refits: Bool

  /// The origins of a backtest, and how forecasters are fitted.
  ///
  /// - Parameters:
  ///   - origins: the number of origins, at least 1.
  ///   - stride: the number of values from one origin to the next, at least 1; the horizon if nil.
  ///   - refits: whether to fit a new forecaster at each origin.
  public init(origins: Int = 1, stride: Int? = nil, refits: Bool = false) {
    self.origins = origins
    self.stride = stride
    self.refits = refits
  }

  /// The number of forecasters to fit.
  public var fits: Int { refits ? origins : 1 }

  /// Returns the number of values before each origin.
  ///
  /// - Parameters:
  ///   - count: the number of values of the series.
  ///   - horizon: the number of values that a forecast predicts.
  /// - Returns: one number per origin, in increasing order.
  package func origins(count: Int, horizon: Int) -> [Int] {
    (0..<origins).map { count - horizon - (origins - 1 - $0) * (stride ?? horizon) }
  }
}
