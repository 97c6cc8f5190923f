// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Which forecasts a backtest makes.
public struct BacktestOptions: Sendable, Equatable {
  /// How many; the last one is of the last `horizon` values.
  public var origins: Int

  /// How many values lie from one origin to the next; the horizon if nil.
  public var stride: Int?

  /// Whether a forecaster is fitted to the values before each origin; else the one fitted to those before
  /// the first origin makes all forecasts.
  public var refits: Bool

  public init(origins: Int = 1, stride: Int? = nil, refits: Bool = false) {
    self.origins = origins
    self.stride = stride
    self.refits = refits
  }

  /// How many forecasters are fitted.
  public var fits: Int { refits ? origins : 1 }

  /// How many of `count` values are known at each origin.
  package func origins(count: Int, horizon: Int) -> [Int] {
    (0..<origins).map { count - horizon - (origins - 1 - $0) * (stride ?? horizon) }
  }
}
