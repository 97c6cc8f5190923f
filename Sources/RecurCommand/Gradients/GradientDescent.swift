// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining

/// What gradient descent on one batch comes to.
struct GradientDescent: Codable {
  /// Before each update; the last ones are where it ended.
  var losses: [Double] = []

  /// Of all gradients, before clipping.
  var gradientNorms: [Double] = []

  /// Whether it ended because the loss or a gradient was not finite.
  var wasNotFinite = false

  init(
    _ problem: GradientProblem, _ cell: NetworkConfiguration.Cell, _ clipping: GradientClipping,
    learningRate: Double,
    updates: Int
  )
    throws
  {
    var model = try problem.model(cell)
    let data = try problem.data()
    for _ in 0...updates {
      var gradients = try model.parameters.zeros()
      let (loss, _) = try model.loss(
        GradientProblem.loss, of: data, addingGradientsTo: &gradients)
      let norm = try gradients.clip(clipping)
      losses.append(loss.mean)
      gradientNorms.append(norm)
      wasNotFinite = !(loss.mean.isFinite && norm.isFinite)
      if wasNotFinite { return }
      try model.parameters.add(gradients, times: -learningRate)
    }
  }
}
