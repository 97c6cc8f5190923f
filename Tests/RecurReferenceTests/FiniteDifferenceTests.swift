// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import RecurReference
import TestSupport
import Testing

/// The gradients of a step and of a sequence against central differences of the forward pass.
@Suite struct FiniteDifferenceTests {
  @Test(arguments: Case.all) func sequence(c: Case) throws {
    let p = Problem<Wide>(c)
    try #require(p.smallestKinkDistance > differenceReach)
    let got = p.backward()
    func expectClose(
      _ got: [Wide], at point: [Wide], _ change: (inout Problem<Wide>, [Wide]) -> Void
    ) {
      let want = centralDifferences(at: point) { value in
        var changed = p
        change(&changed, value)
        return changed.loss
      }
      #expect(largestDifference(got, want) <= p.differenceBound(c))
    }

    expectClose(got.gradients.parameters, at: p.network.parameters) { $0.network.parameters = $1 }
    expectClose(got.dh0, at: p.h0) { $0.h0 = $1 }
    expectClose(got.dx.flatMap { $0 }, at: p.x.flatMap { $0 }) { $0.x = rows($1, of: c.inputs) }
  }

  @Test(arguments: Case.single) func step(c: Case) throws {
    let p = Problem<Wide>(c)
    try #require(p.smallestKinkDistance > differenceReach)
    let network = p.network
    let (x, dh) = (p.x[0], p.dh[0])
    var gradients = network.zeroGradients
    let (dx, dhPrev) = network.stepBackward(
      x: x, hPrev: p.h0, h: network.step(x, p.h0), dh: dh, into: &gradients)

    let bound = p.differenceBound(c)
    let wantX = centralDifferences(at: x) { dot(dh, network.step($0, p.h0)) }
    #expect(largestDifference(dx, wantX) <= bound)
    let wantPrev = centralDifferences(at: p.h0) { dot(dh, network.step(x, $0)) }
    #expect(largestDifference(dhPrev, wantPrev) <= bound)
    let want = centralDifferences(at: network.parameters) { value in
      var changed = network
      changed.parameters = value
      return dot(dh, changed.step(x, p.h0))
    }
    #expect(largestDifference(gradients.parameters, want) <= bound)
  }
}

/// Farther than any z_t moves when one number moves by the step of the differences.
private let differenceReach = 1000 * differenceStep(Wide.self)

extension Problem {
  /// L = sum_t dh_t . h_t + dhT . h_T
  fileprivate var loss: R {
    let h = self.h
    return zip(dh, h).reduce(dot(dhT, h.last ?? h0)) { $0 + dot($1.0, $1.1) }
  }

  /// The tolerance rule for a central difference of the loss.
  fileprivate func differenceBound(_ c: Case) -> R {
    let forward = Tolerance.rnnForward(steps: c.steps, inputs: c.inputs, hidden: c.hidden)
    let m = network.forwardMagnitudes(x, h0: h0)
    let lossMagnitude = zip(dh, m).reduce(magnitudeDot(dhT, m.last ?? h0)) {
      $0 + magnitudeDot($1.0, $1.1)
    }
    return Tolerance.difference(
      operations: forward + (c.steps + 1) * c.hidden, magnitude: lossMagnitude)
  }

  private func magnitudeDot(_ u: [R], _ v: [R]) -> R {
    dot(u.map { $0.magnitude }, v.map { $0.magnitude })
  }

  /// How far the nearest z_t is from 0, where relu has no derivative; infinite for tanh.
  fileprivate var smallestKinkDistance: R {
    guard network.activation == .relu else { return .infinity }
    // |z| = relu(z) + relu(-z)
    var negated = network
    negated.parameters = network.parameters.map { -$0 }
    let before = [h0] + h
    let distances = x.indices.flatMap { t in
      zip(network.step(x[t], before[t]), negated.step(x[t], before[t])).map { $0 + $1 }
    }
    return distances.min() ?? .infinity
  }
}
