// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A batch normalization in inference: y = (x − mean) / √(variance + ε) γ + β for each channel.
struct BatchNormalization {
  var gamma: [Double]
  var beta: [Double]
  var mean: [Double]
  var variance: [Double]
  var epsilon: Double

  /// The parameters of a scale: w = γ / √(variance + ε) and b = β − mean w.
  var scale: (weight: [Double], bias: [Double]) {
    let weight = gamma.indices.map { gamma[$0] / (variance[$0] + epsilon).squareRoot() }
    return (weight, weight.indices.map { beta[$0] - mean[$0] * weight[$0] })
  }
}
