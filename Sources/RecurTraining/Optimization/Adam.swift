// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Adam, ``Optimizer/adam(beta1:beta2:epsilon:weightDecay:)``, and AdamW,
/// ``Optimizer/adamW(beta1:beta2:epsilon:weightDecay:)``, which differ in weight decay.
struct Adam: UpdateRule {
  enum Decay {
    /// Adam's decay, which is a part of the gradient.
    case inGradient

    /// AdamW's decay, which applies directly to the parameters.
    case decoupled
  }

  let beta1: Double
  let beta2: Double
  let epsilon: Double
  let weightDecay: Double
  let decay: Decay

  var memoryNames: [String] { ["mean", "square"] }

  func validate() throws(RecurError) {
    try require("beta1", beta1, 0..<1 ~= beta1, "0 to below 1")
    try require("beta2", beta2, 0..<1 ~= beta2, "0 to below 1")
    try require("epsilon", epsilon, epsilon.isNotNegative, "at least 0")
    try require("weightDecay", weightDecay, weightDecay.isNotNegative, "at least 0")
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func update<Scalar: RecurScalar>(_ step: UpdateStep<Scalar>) {
    let (correction1, correction2) = (1 - power(beta1, step.number), 1 - power(beta2, step.number))
    let (eta, root2) = (Scalar(step.learningRate / correction1), Scalar(correction2.squareRoot()))
    let lambda = Scalar(decay == .inGradient ? weightDecay : 0)
    let share = Scalar(1 - step.learningRate * (decay == .decoupled ? weightDecay : 0))
    let (oneMinusB1, b2, oneMinusB2) = (Scalar(1 - beta1), Scalar(beta2), Scalar(1 - beta2))
    let (small, p, m, s) = (Scalar(epsilon), step.parameters, step.memory[0], step.memory[1])
    for k in 0..<step.count {
      // p ← (1 − η λ) p, or g ← g + λ p
      let kept = p.old[k] * share
      let g = step.gradients[k] + lambda * kept
      // m ← β₁ m + (1 − β₁) g; s ← β₂ s + (1 − β₂) g²
      let mean = m.old[k] + oneMinusB1 * (g - m.old[k])
      let square = s.old[k] * b2 + oneMinusB2 * g * g
      m.new[k] = mean
      s.new[k] = square
      // p ← p − η/(1 − β₁ᵏ) m / (√s/√(1 − β₂ᵏ) + ε)
      p.new[k] = kept - eta * mean / (square.squareRoot() / root2 + small)
    }
  }
}
