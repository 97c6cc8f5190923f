// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The update rule of ``Optimizer/sgd(momentum:dampening:nesterov:weightDecay:)``.
struct SGD: UpdateRule {
  let momentum: Double
  let dampening: Double
  let nesterov: Bool
  let weightDecay: Double

  var memoryNames: [String] { momentum == 0 ? [] : ["momentum"] }

  func validate() throws(RecurError) {
    try require("momentum", momentum, momentum.isNotNegative, "at least 0")
    try require("dampening", dampening, 0...1 ~= dampening, "0 to 1")
    try require(
      "dampening", dampening, dampening == 0 || momentum > 0, "0 without momentum")
    guard !nesterov || momentum > 0 && dampening == 0 else {
      throw .invalid(argument: "nesterov", reason: "requires momentum and no dampening")
    }
    try require("weightDecay", weightDecay, weightDecay.isNotNegative, "at least 0")
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func update<Scalar: RecurScalar>(_ step: UpdateStep<Scalar>) {
    let (mu, undamped) = (Scalar(momentum), Scalar(1 - dampening))
    let (eta, lambda) = (Scalar(step.learningRate), Scalar(weightDecay))
    let (p, v) = (step.parameters, step.memory.first)
    for k in 0..<step.count {
      // g ← g + λ p; v ← μ v + (1 − τ) g; p ← p − η v, or p ← p − η (g + μ v) with nesterov
      var g = step.gradients[k] + lambda * p.old[k]
      if let v {
        let velocity = step.number == 1 ? g : mu * v.old[k] + undamped * g
        v.new[k] = velocity
        g = nesterov ? g + mu * velocity : velocity
      }
      p.new[k] = p.old[k] - eta * g
    }
  }
}
