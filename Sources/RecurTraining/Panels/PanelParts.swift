// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The forecasts of the components for one series.
struct PanelParts {
  /// The scale of the series.
  let scale: SeriesScale

  /// The quantiles of each component and step, on the scale of the series. A component that the
  /// series is too short for is absent.
  var quantiles: [ForecastComponent: [[Double]]] = [:]

  /// Returns the weighted means of the quantiles, with calibrated distances from the median.
  func combined(
    _ components: [ForecastComponent], _ calibration: ForecastCalibration?, _ levels: [Double]
  ) -> [[Double]] {
    let present = components.indices.filter { quantiles[components[$0]] != nil }
    return ForecastCalibration.combined(
      present.map { quantiles[components[$0]]! }, calibration?.ofComponents(present), levels)
  }
}

extension ForecastCalibration {
  /// Returns the calibration for some of the components.
  fileprivate func ofComponents(_ indices: [Int]) -> ForecastCalibration {
    guard indices.count < weights.count else { return self }
    let sum = indices.reduce(0) { $0 + weights[$1] }
    // Components of weight 0 that remain alone share the weight.
    let shares = indices.map { sum > 0 ? weights[$0] / sum : 1 / Double(indices.count) }
    return ForecastCalibration(weights: shares, factors: factors, error: error)
  }
}

extension PanelForecaster {
  /// The maximum number of series in one pass of the network. The workspace of a pass grows with it.
  private static var blockSize: Int { 256 }

  /// Computes the forecasts of the components, and calls a function with those of each series.
  func parts<Result: Sendable>(
    of panel: [PanelSeries], _ threads: Threads?,
    _ body: @Sendable (PanelSeries, PanelParts) throws(RecurError) -> Result
  ) throws(RecurError) -> [Result] {
    let workers = threads?.count ?? 1
    let size = max(1, min(Self.blockSize, (panel.count + workers - 1) / workers))
    let blocks = stride(from: 0, to: panel.count, by: size).map {
      panel[$0..<min($0 + size, panel.count)]
    }
    let results = try concurrently(blocks.count, threads: threads) { block throws(RecurError) in
      let series = Array(blocks[block])
      var results: [Result] = []
      for (series, parts) in zip(series, try self.parts(of: series)) {
        results.append(try body(series, parts))
      }
      return results
    }
    return results.flatMap(\.self)
  }

  private func parts(of panel: [PanelSeries]) throws(RecurError) -> [PanelParts] {
    var (all, windows): ([PanelParts], [PanelWindow]) = ([], [])
    for series in panel {
      let scale = options.ofOneSeries.scale(for: series.values)
      let numbers = try series.numbers(on: scale)
      var parts = PanelParts(scale: scale)
      for component in options.components where component != .network {
        parts.quantiles[component] = try quantiles(of: component, numbers)
      }
      all.append(parts)
      windows.append(
        PanelWindow(
          numbers, known: numbers.count, options, typicalChange: scaling.typicalChange))
    }
    guard let model else { return all }
    for (index, quantiles) in try networkQuantiles(model, panel, windows).enumerated() {
      all[index].quantiles[.network] = quantiles
    }
    return all
  }

  private func quantiles(
    of component: ForecastComponent, _ numbers: [Double]
  ) throws(RecurError) -> [[Double]]? {
    guard numbers.count >= options.fewestValuesWithoutNetwork else { return nil }
    return try component.model(
      fitting: numbers, period: options.period, horizon: options.horizon
    )!.quantiles(after: numbers, horizon: options.horizon, levels: options.levels)
  }

  private func networkQuantiles(
    _ model: SequenceModel<Scalar>, _ panel: [PanelSeries], _ windows: [PanelWindow]
  ) throws(RecurError) -> [[[Double]]] {
    let (size, levels) = (panel.count, options.levels.count)
    let inputs = options.networkInputs
    var batch = try SequenceBatch<Scalar>(
      steps: options.networkSteps, batchSize: size, features: inputs)
    let rows = try batch.uniqueBase()
    for (b, window) in windows.enumerated() {
      window.write(to: rows + b * inputs, stride: size * inputs, panel[b], scaling)
    }
    let output = try model(.features(batch)).output
    return withExtendedLifetime(output) {
      (0..<size).map { b in
        (0..<options.horizon).map { step in
          let row = output.base + ((options.window + step) * size + b) * levels
          // Quantiles are learned independently and may cross.
          return (0..<levels).map { windows[b].number(Double(row[$0]), step: step) }.sorted()
        }
      }
    }
  }
}
