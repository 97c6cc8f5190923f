// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurReference
import TestSupport
import Testing

/// What backward gives to the last bit.
@Suite struct ExactBackwardTests {
  @Test(arguments: Case.all.filter { $0.steps == 0 }) func noSteps(c: Case) {
    let p = Problem<Double>(c)
    #expect(p.h.isEmpty)
    let got = p.backward()
    #expect(got.dx.isEmpty && got.stateGradients.isEmpty)
    #expect(got.dh0 == p.dhT)
    #expect(got.gradients == p.network.zeroGradients)
    let forwardMode = p.network.realTimeRecurrentLearning(
      x: p.x, h0: p.h0, dh: p.dh, dhT: p.dhT)
    #expect(forwardMode.dh0 == p.dhT)
    #expect(forwardMode.gradients == p.network.zeroGradients)
  }

  @Test(arguments: Case.single) func oneStep(c: Case) {
    let p = Problem<Double>(c)
    #expect(p.h == [p.network.step(p.x[0], p.h0)])
    var gradients = p.network.zeroGradients
    let dh = p.dhWithLast[0]
    let (dx, dhPrev) = p.network.stepBackward(
      x: p.x[0], hPrev: p.h0, h: p.h[0], dh: dh, into: &gradients)
    let want = ReferenceBackward(dx: [dx], dh0: dhPrev, gradients: gradients, stateGradients: [dh])
    #expect(p.backward() == want)
  }

  @Test(arguments: Case.single) func gradientsAreAddedTo(c: Case) {
    let p = Problem<Double>(c)
    var gradients = p.network.zeroGradients
    func step() {
      _ = p.network.stepBackward(
        x: p.x[0], hPrev: p.h0, h: p.h[0], dh: p.dh[0], into: &gradients)
    }
    step()
    let once = gradients.parameters
    step()
    #expect(gradients.parameters == once.map { 2 * $0 })
    #expect(once.contains { $0 != 0 } || c.activation == .relu)
  }

  /// Positive numbers, where relu is the identity, and W_hh = s times a permutation: every step
  /// back scales the gradient by s and permutes it, and the norms' ratio is s^T exactly.
  @Test(arguments: [0.5, 1, 2], [1, 4, 31]) func gradientScalesExactly(s: Double, steps: Int) {
    // h_i comes from h_{i+1}: back in time, element i goes to i + 1.
    let network = ReferenceRNN<Double>(
      activation: .relu, weightIH: [[1], [2], [3]], weightHH: [[0, s, 0], [0, 0, s], [s, 0, 0]],
      biasIH: [1, 1, 1], biasHH: [0, 1, 2])
    let x = [[Double]](repeating: [1], count: steps)
    let h0: [Double] = [1, 2, 3]
    let dhT: [Double] = [3, -4, 12]
    let got = network.backward(
      x: x, h0: h0, h: network.forward(x, h0: h0),
      dh: [[Double]](repeating: [0, 0, 0], count: steps), dhT: dhT)

    let scale = (0..<steps).reduce(1) { power, _ in power * s }
    func norm(_ v: [Double]) -> Double { dot(v, v).squareRoot() }
    #expect(norm(got.dh0) / norm(dhT) == scale)
    #expect(got.dh0 == (0..<3).map { i in dhT[(i + 2 * steps) % 3] * scale })
    #expect(got.stateGradients.last == dhT)
  }

  /// A state that is not a number lets relu's gradient pass, and makes tanh's not a number.
  @Test func throughNotANumber() {
    func dhPrev(_ phi: ReferenceActivation) -> Double {
      let network = ReferenceRNN<Double>(
        activation: phi, weightIH: [[1]], weightHH: [[2]], biasIH: [0], biasHH: [0])
      var gradients = network.zeroGradients
      return network.stepBackward(x: [1], hPrev: [1], h: [.nan], dh: [3], into: &gradients)
        .dhPrev[0]
    }
    #expect(dhPrev(.relu) == 6)
    #expect(dhPrev(.tanh).isNaN)
  }

  /// phi'(z) = 0 where h = 0.
  @Test func reluPassesNothingAtZero() {
    let network = ReferenceRNN<Double>(
      activation: .relu, weightIH: [[1]], weightHH: [[1]], biasIH: [0], biasHH: [0])
    var gradients = network.zeroGradients
    let back = network.stepBackward(x: [1], hPrev: [1], h: [0], dh: [1], into: &gradients)
    #expect(back.dx == [0] && back.dhPrev == [0] && gradients == network.zeroGradients)
  }
}
