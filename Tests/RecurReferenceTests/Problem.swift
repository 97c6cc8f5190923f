// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import RecurReference
import TestSupport
import Testing

#if arch(x86_64)
  typealias Wide = Float80
#else
  typealias Wide = Double
#endif

/// What a test is run for; a failure prints it, seed and all.
struct Case: Sendable, CustomTestStringConvertible {
  var activation: ReferenceActivation
  var steps: Int
  var inputs: Int
  var hidden: Int
  var seed: UInt64

  var testDescription: String {
    "\(activation), T = \(steps), I = \(inputs), H = \(hidden), seed \(seed)"
  }

  /// Every small shape, for each activation.
  static let all: [Case] = {
    var cases: [Case] = []
    for activation in ReferenceActivation.allCases {
      for steps in [0, 1, 2, 5] {
        for inputs in [1, 3] {
          for hidden in [1, 2, 4] {
            let seed = UInt64(cases.count + 1)
            cases.append(
              Case(
                activation: activation, steps: steps, inputs: inputs, hidden: hidden, seed: seed))
          }
        }
      }
    }
    return cases
  }()

  static let single = all.filter { $0.steps == 1 }
}

/// A network, its input, and the gradient of a loss: L = sum_t dh_t . h_t + dhT . h_T.
struct Problem<R: Real & BinaryFloatingPoint> {
  var network: ReferenceRNN<R>
  var x: [[R]]
  var h0: [R]
  var dh: [[R]]
  var dhT: [R]

  init(_ c: Case) {
    var random = SeededGenerator(seed: c.seed)
    network = ReferenceRNN(
      activation: c.activation,
      weightIH: random.matrix(c.hidden, c.inputs, scale: 0.75),
      weightHH: random.matrix(c.hidden, c.hidden, scale: 0.75),
      biasIH: random.vector(c.hidden, scale: 0.5), biasHH: random.vector(c.hidden, scale: 0.5))
    x = random.matrix(c.steps, c.inputs)
    h0 = random.vector(c.hidden)
    dh = random.matrix(c.steps, c.hidden)
    dhT = random.vector(c.hidden)
  }

  var h: [[R]] { network.forward(x, h0: h0) }

  /// The loss gradient with dhT in the last row of dh, as `doubleSums` takes it.
  var dhWithLast: [[R]] {
    var result = dh
    if let last = result.indices.last { result[last] = zip(result[last], dhT).map { $0 + $1 } }
    return result
  }

  func backward() -> ReferenceBackward<R> {
    network.backward(x: x, h0: h0, h: h, dh: dh, dhT: dhT)
  }

  func backwardMagnitudes() -> ReferenceBackward<R> {
    network.backwardMagnitudes(x: x, h0: h0, h: h, dh: dh, dhT: dhT)
  }

  /// The same numbers in a wider type.
  init<S>(widening p: Problem<S>) {
    func wide(_ v: [S]) -> [R] { v.map { R($0) } }
    let n = p.network
    network = ReferenceRNN(
      activation: n.activation, weightIH: n.weightIH.map(wide), weightHH: n.weightHH.map(wide),
      biasIH: wide(n.biasIH), biasHH: wide(n.biasHH))
    x = p.x.map(wide)
    h0 = wide(p.h0)
    dh = p.dh.map(wide)
    dhT = wide(p.dhT)
  }
}

func dot<R: Real>(_ u: [R], _ v: [R]) -> R {
  zip(u, v).reduce(0) { $0 + $1.0 * $1.1 }
}

func rows<R>(_ flat: [R], of width: Int) -> [[R]] {
  stride(from: 0, to: flat.count, by: width).map { Array(flat[$0..<$0 + width]) }
}
