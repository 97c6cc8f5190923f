// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining

/// The course of gradient descent on one batch.
struct GradientDescent: Codable {
  /// The loss before each update, and after the last one.
  var losses: [Double] = []

  /// The gradient norm of each loss, before clipping.
  var gradientNorms: [Double] = []

  /// Whether the descent ended because the loss or a gradient was not finite.
  var wasNotFinite = false

  init(
    _ problem: GradientProblem, _ cell: NetworkConfiguration.Cell, _ clipping: GradientClipping,
    learningRate: Double, updates: Int
  ) throws {
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
