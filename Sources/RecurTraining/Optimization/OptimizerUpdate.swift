// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// One update of all parameters, number by number, in the order of operations of PyTorch's.
struct OptimizerUpdate<Scalar: RecurScalar> {
  let steps: Int
  let rate: Double
  let count: Int
  let parameters: UnsafeMutablePointer<Scalar>
  let gradients: UnsafePointer<Scalar>
  let memory: [UnsafeMutablePointer<Scalar>]

  func run(_ optimizer: Optimizer) {
    switch optimizer {
    case .sgd(let momentum, let dampening, let nesterov, let weightDecay):
      sgd(momentum, dampening, nesterov, weightDecay)
    case .rmsProp(let alpha, let epsilon, let momentum, let centered, let weightDecay):
      rmsProp(alpha, epsilon, momentum, centered, weightDecay)
    case .adam(let beta1, let beta2, let epsilon, let weightDecay):
      adam(beta1, beta2, epsilon, decay: weightDecay, shrink: 0)
    case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      adam(beta1, beta2, epsilon, decay: 0, shrink: weightDecay)
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func sgd(
    _ momentum: Double, _ dampening: Double, _ nesterov: Bool, _ weightDecay: Double
  ) {
    let (mu, decay) = (Scalar(momentum), Scalar(weightDecay))
    let (share, eta, p, v) = (Scalar(1 - dampening), Scalar(rate), parameters, memory.first)
    for k in 0..<count {
      var g = gradients[k] + decay * p[k]
      if let v {
        v[k] = steps == 1 ? g : mu * v[k] + share * g
        g = nesterov ? g + mu * v[k] : v[k]
      }
      p[k] -= eta * g
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func rmsProp(
    _ alpha: Double, _ epsilon: Double, _ momentum: Double, _ centered: Bool, _ weightDecay: Double
  ) {
    let (a, rest, mu, decay) = (
      Scalar(alpha), Scalar(1 - alpha), Scalar(momentum), Scalar(weightDecay)
    )
    let (eta, small, p, s) = (Scalar(rate), Scalar(epsilon), parameters, memory[0])
    for k in 0..<count {
      let g = gradients[k] + decay * p[k]
      s[k] = a * s[k] + rest * g * g
      var square = s[k]
      if centered {
        let m = memory[1]
        m[k] += rest * (g - m[k])
        square -= m[k] * m[k]
      }
      let root = square.squareRoot() + small
      if momentum == 0 {
        p[k] -= eta * g / root
      } else {
        let b = memory[memory.count - 1]
        b[k] = mu * b[k] + g / root
        p[k] -= eta * b[k]
      }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func adam(
    _ beta1: Double, _ beta2: Double, _ epsilon: Double, decay: Double, shrink: Double
  ) {
    let correction1 = 1 - power(beta1, steps), correction2 = 1 - power(beta2, steps)
    let (kept, rest1, b2, rest2) = (
      Scalar(1 - rate * shrink), Scalar(1 - beta1), Scalar(beta2), Scalar(1 - beta2)
    )
    let (step, root2) = (Scalar(rate / correction1), Scalar(correction2.squareRoot()))
    let (small, l2, p, m, s) = (Scalar(epsilon), Scalar(decay), parameters, memory[0], memory[1])
    for k in 0..<count {
      p[k] *= kept
      let g = gradients[k] + l2 * p[k]
      m[k] += rest1 * (g - m[k])
      s[k] = s[k] * b2 + rest2 * g * g
      p[k] -= step * m[k] / (s[k].squareRoot() / root2 + small)
    }
  }
}
