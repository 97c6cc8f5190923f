// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// How the inputs and the features of a panel are standardized.
struct PanelScaling: Sendable, Equatable, Codable {
  /// Whether an input has the values 0 and 1 only, which are not standardized. Other inputs are
  /// standardized within each window, as prices of different goods differ.
  private let isBinary: [Bool]

  /// The means and deviations of the features over the series of the training data.
  private let features: [SeriesScaling.Scale]

  /// The typical mean change over a season relative to the magnitude of a series: the median over the
  /// training data. A series of one value has no change of its own.
  let typicalChange: Double

  init(_ panel: [PanelSeries], _ options: PanelOptions) {
    isBinary = (0..<options.knownInputs + options.pastInputs).map { input in
      panel.allSatisfy { $0.inputs(input).allSatisfy { $0 == 0 || $0 == 1 } }
    }
    features = (0..<options.features).map { index in
      SeriesScaling.Scale(of: panel.map { $0.features[index] })
    }
    let changes = panel.compactMap { $0.relativeChange(period: options.period) }.sorted()
    typicalChange = changes.isEmpty ? 0 : changes[changes.count / 2]
  }

  /// Throws an error unless the scaling is one of a panel with these options.
  func require(_ options: PanelOptions) throws(RecurError) {
    guard isBinary.count == options.knownInputs + options.pastInputs,
      features.count == options.features, typicalChange.isNotNegative,
      features.allSatisfy({ $0.mean.isFinite && 0..<Double.infinity ~= $0.deviation })
    else { throw .invalid(argument: "scaling", reason: "does not match the options") }
  }

  /// Returns the standardized values of an input within a window.
  func scaled(_ values: ArraySlice<Double>, ofInput input: Int) -> [Double] {
    guard !isBinary[input] else { return Array(values) }
    let scale = SeriesScaling.Scale(of: Array(values))
    return values.map(scale.scaled)
  }

  func scaled(feature value: Double, _ index: Int) -> Double {
    limited(features[index].scaled(value))
  }
}

extension PanelSeries {
  /// The mean of |yₜ − yₜ₋ₚ| divided by the mean of |yₜ|; nil for a short series or one of zeros.
  fileprivate func relativeChange(period: Int) -> Double? {
    guard values.count > period, case let size = values.reduce(0, { $0 + $1.magnitude }), size > 0
    else { return nil }
    let change = ForecastScore.unit(values, period: period) * Double(values.count) / size
    return change.isFinite ? change : nil
  }

  /// The values of an input: those known ahead come first.
  func inputs(_ index: Int) -> [Double] {
    index < known.count ? known[index] : past[index - known.count]
  }
}

/// Limits an input of a network: a single number far from all others must not saturate all units.
func limited(_ number: Double) -> Double { max(-20, min(20, number)) }
