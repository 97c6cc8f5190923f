// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import RecurReference
import TestSupport
import Testing

/// Back-propagation through time against other ways to the same gradients, in Double.
@Suite struct BackwardTests {
  @Test(arguments: Case.all) func agreesWithRealTimeRecurrentLearning(c: Case) {
    let p = Problem<Double>(c)
    let got = p.backward()
    let want = p.network.realTimeRecurrentLearning(x: p.x, h0: p.h0, dh: p.dh, dhT: p.dhT)
    let m = p.backwardMagnitudes()
    let operations = Tolerance.rnnBackward(steps: c.steps, hidden: c.hidden)

    let bound = Tolerance.bound(
      operations: operations, magnitude: largestMagnitude(m.gradients.parameters), of: Double.self)
    #expect(largestDifference(got.gradients.parameters, want.gradients.parameters) <= bound)
    let boundStart = Tolerance.bound(
      operations: operations, magnitude: largestMagnitude(m.dh0), of: Double.self)
    #expect(largestDifference(got.dh0, want.dh0) <= boundStart)
  }

  @Test(arguments: Case.all) func agreesWithDoubleSums(c: Case) {
    let p = Problem<Double>(c)
    let got = p.backward().gradients
    let want = p.network.doubleSums(x: p.x, h0: p.h0, h: p.h, dh: p.dhWithLast)
    let bound = Tolerance.bound(
      operations: Tolerance.rnnDoubleSums(steps: c.steps, hidden: c.hidden),
      magnitude: largestMagnitude(p.backwardMagnitudes().gradients.parameters), of: Double.self)
    #expect(largestDifference(got.parameters, want.parameters) <= bound)
  }

  /// dz_k, by way of a bias gradient, is the sum over t of delta_{t,k}.
  @Test(arguments: Case.all) func errorTermsSumToTheirStep(c: Case) {
    let p = Problem<Double>(c)
    let (h, dh, whole, m) = (p.h, p.dhWithLast, p.backward(), p.backwardMagnitudes())
    let terms = p.x.indices.map { t in p.network.errorTerms(h: h, t: t, dh: dh[t]) }
    #expect(terms.map(\.count) == p.x.indices.map { $0 + 1 })

    let bound = Tolerance.bound(
      operations: Tolerance.rnnDoubleSums(steps: c.steps, hidden: c.hidden),
      magnitude: largestMagnitude(m.gradients.biasIH), of: Double.self)
    for k in p.x.indices {
      var total = [Double](repeating: 0, count: c.hidden)
      for t in k..<c.steps { total = zip(total, terms[t][k]).map { $0 + $1 } }
      var step = p.network.zeroGradients
      _ = p.network.stepBackward(
        x: p.x[k], hPrev: k == 0 ? p.h0 : h[k - 1], h: h[k], dh: whole.stateGradients[k],
        into: &step)
      #expect(largestDifference(total, step.biasIH) <= bound)
    }
  }

  /// dL/dh_t is what the loss gives for h_t directly, and the dh0 of all that comes after.
  @Test(arguments: Case.all) func stateGradientsAreThoseOfTheRest(c: Case) {
    let p = Problem<Double>(c)
    let (h, whole) = (p.h, p.backward())
    #expect(whole.stateGradients.count == c.steps)
    for t in p.x.indices {
      let rest = p.network.backward(
        x: Array(p.x[(t + 1)...]), h0: h[t], h: Array(h[(t + 1)...]),
        dh: Array(p.dh[(t + 1)...]), dhT: p.dhT)
      #expect(whole.stateGradients[t] == zip(p.dh[t], rest.dh0).map { $0 + $1 })
    }
  }

  @Test(arguments: Case.all) func floatIsWithinToleranceOfWide(c: Case) {
    let p = Problem<Float>(c)
    let w = Problem<Wide>(widening: p)
    let h = p.h.map { $0.map { Wide($0) } }
    let got = p.backward()
    let want = w.network.backward(x: w.x, h0: w.h0, h: h, dh: w.dh, dhT: w.dhT)
    let m = w.network.backwardMagnitudes(x: w.x, h0: w.h0, h: h, dh: w.dh, dhT: w.dhT)
    func bound(_ magnitude: Wide) -> Wide {
      Tolerance.bound(
        operations: Tolerance.rnnBackward(steps: c.steps, hidden: c.hidden), magnitude: magnitude,
        of: Float.self)
    }
    #expect(largestDifference(got.dx, want.dx) <= bound(largestMagnitude(m.dx)))
    #expect(largestDifference(got.dh0, want.dh0) <= bound(largestMagnitude(m.dh0)))
    #expect(
      largestDifference(got.stateGradients, want.stateGradients)
        <= bound(largestMagnitude(m.stateGradients)))
    #expect(
      largestDifference(got.gradients.parameters, want.gradients.parameters)
        <= bound(largestMagnitude(m.gradients.parameters)))
  }
}
