// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The update rule of ``Optimizer/rmsProp(alpha:epsilon:momentum:centered:weightDecay:)``.
struct RMSProp: UpdateRule {
  let alpha: Double
  let epsilon: Double
  let momentum: Double
  let centered: Bool
  let weightDecay: Double

  var memoryNames: [String] {
    ["square"] + (centered ? ["mean"] : []) + (momentum == 0 ? [] : ["momentum"])
  }

  func validate() throws(RecurError) {
    try require("alpha", alpha, 0..<1 ~= alpha, "0 to below 1")
    try require("epsilon", epsilon, epsilon.isNotNegative, "at least 0")
    try require("momentum", momentum, momentum.isNotNegative, "at least 0")
    try require("weightDecay", weightDecay, weightDecay.isNotNegative, "at least 0")
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func update<Scalar: RecurScalar>(_ step: UpdateStep<Scalar>) {
    let (a, oneMinusA, mu) = (Scalar(alpha), Scalar(1 - alpha), Scalar(momentum))
    let (eta, lambda, small) = (Scalar(step.learningRate), Scalar(weightDecay), Scalar(epsilon))
    let (p, memory) = (step.parameters, step.memory)
    let s = memory[0]
    for k in 0..<step.count {
      // g ← g + λ p; s ← α s + (1 − α) g²
      let g = step.gradients[k] + lambda * p.old[k]
      var square = a * s.old[k] + oneMinusA * g * g
      s.new[k] = square
      if centered {
        // m ← α m + (1 − α) g
        let m = memory[1]
        let mean = m.old[k] + oneMinusA * (g - m.old[k])
        m.new[k] = mean
        square -= mean * mean
      }
      let root = square.squareRoot() + small
      guard momentum != 0 else {
        p.new[k] = p.old[k] - eta * g / root
        continue
      }
      // b ← μ b + g / root
      let b = memory[memory.count - 1]
      let velocity = mu * b.old[k] + g / root
      b.new[k] = velocity
      p.new[k] = p.old[k] - eta * velocity
    }
  }
}
