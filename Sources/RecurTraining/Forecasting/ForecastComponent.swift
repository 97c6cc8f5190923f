// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// A method whose forecasts a ``SeriesForecaster`` combines.
public enum ForecastComponent: String, Sendable, Codable, CaseIterable {
  /// The ensemble of recurrent networks.
  case network

  /// An ``Autoregression`` of the series in the form that ``SeriesForm/init(of:period:horizon:)``
  /// chooses, or of its seasonal differences if the series is too short to calibrate.
  case autoregressive

  /// ``ExponentialSmoothing``.
  case exponentialSmoothing = "exponential-smoothing"
}

/// A model of a series that needs no network. Its errors are normally distributed.
protocol ClassicalModel {
  /// Predicts the values that follow a series which begins with the values of the fit.
  func forecast(after values: [Double], horizon: Int) -> [Double]

  /// Returns the influence of an error eₜ = 1 on the predictions of yₜ, yₜ₊₁, …
  func impulseResponse(horizon: Int) -> [Double]

  /// The standard deviation of eₜ.
  var deviation: Double { get }
}

extension ClassicalModel {
  /// Predicts the quantiles of the values that follow a series. The standard deviation of step h is
  /// σ (c₀² + … + cₕ₋₁²)^½, where c is the impulse response.
  func quantiles(after values: [Double], horizon: Int, levels: [Double]) -> [[Double]] {
    let normal = levels.map(normalQuantile)
    var squares = 0.0
    return zip(forecast(after: values, horizon: horizon), impulseResponse(horizon: horizon)).map {
      median, response in
      squares += response * response
      let width = deviation * squares.squareRoot()
      return normal.map { $0 == 0 ? median : median + width * $0 }
    }
  }
}

extension ForecastComponent {
  /// Fits the model of a component to a series; nil for the network.
  ///
  /// - Parameters:
  ///   - values: the series, on its scale; at least period + 2 values.
  ///   - period: the number of values per season; 1 without a season.
  ///   - horizon: the number of values to predict.
  ///   - form: the form of the autoregressive model; the one that suits the series if nil.
  func model(
    fitting values: [Double], period: Int, horizon: Int, form: SeriesForm? = nil
  ) throws(RecurError) -> (any ClassicalModel)? {
    switch self {
    case .network: nil
    case .autoregressive:
      try SeasonalAutoregression(
        fitting: values, period: period, horizon: horizon, form: form)
    case .exponentialSmoothing: try ExponentialSmoothing(fitting: values, period: period)
    }
  }
}

/// Returns the quantile of the standard normal distribution, by bisection.
func normalQuantile(_ level: Double) -> Double {
  guard level != 0.5 else { return 0 }
  var (low, high) = (-40.0, 40.0)
  while true {
    let middle = (low + high) / 2
    guard middle > low, middle < high else { return middle }
    // Φ(x) = erfc(−x/√2)/2
    if erfc(-middle / 2.0.squareRoot()) / 2 < level { low = middle } else { high = middle }
  }
}
