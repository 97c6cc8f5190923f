// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

@Suite struct ReferenceActivationTests {
  @Test(arguments: ReferenceActivation.all)
  func slopeIsTheDerivative(_ phi: ReferenceActivation) {
    let seed: UInt64 = 41
    var random = SplitMix64(seed: seed)
    for z in random.vector(50, 3) as [Wide] {
      let difference =
        (phi(z + Differences.step) - phi(z - Differences.step)) / (2 * Differences.step)
      let dual = phi(Dual(value: z, tangent: [1]))
      let slope = phi.slope(at: z)
      #expect(abs(Double(slope - difference)) <= Differences.bound, "\(phi) at \(z), seed \(seed)")
      let tolerance = Tolerance(operations: 8, magnitude: max(1, Double(abs(slope))))
      let distance = abs(Double(slope - (dual.tangent.first ?? 0)))
      #expect(
        distance <= tolerance.bound(epsilon: Double(Wide.ulpOfOne)), "\(phi) at \(z), seed \(seed)")
      #expect(dual.value == phi(z))
    }
  }

  @Test func slopesAtCornersAreThoseToTheLeft() {
    #expect(ReferenceActivation.relu.slope(at: 0.0) == 0)
    #expect(ReferenceActivation.leakyRelu().slope(at: 0.0) == 0.01)
    #expect(ReferenceActivation.elu(alpha: 0.5).slope(at: 0.0) == 0.5)
    #expect(ReferenceActivation.thresholdedRelu().slope(at: 1.0) == 0)
    #expect(ReferenceActivation.hardSigmoid(alpha: 1, beta: 0).slope(at: 0.0) == 0)
    #expect(ReferenceActivation.hardSigmoid(alpha: 1, beta: 0).slope(at: 1.0) == 0)
  }

  @Test func valuesByHand() {
    #expect(ReferenceActivation.sigmoid(0.0) == 0.5)
    #expect(ReferenceActivation.hardSigmoid()(1.0) == 0.7)
    #expect(ReferenceActivation.hardSigmoid()(3.0) == 1)
    #expect(ReferenceActivation.hardSigmoid()(-3.0) == 0)
    #expect(ReferenceActivation.affine(alpha: 2, beta: 3)(5.0) == 13)
    #expect(ReferenceActivation.leakyRelu()(-2.0) == -0.02)
    #expect(ReferenceActivation.thresholdedRelu()(1.0) == 0)
    #expect(ReferenceActivation.thresholdedRelu()(1.5) == 1.5)
    #expect(ReferenceActivation.softsign(-3.0) == -0.75)
    #expect(ReferenceActivation.scaledTanh(alpha: 2, beta: 0.5)(2.0) == 2 * Double.tanh(1))
    #expect(ReferenceActivation.elu(alpha: 2)(-1.0) == 2 * Double.expMinusOne(-1))
    #expect(ReferenceActivation.softplus(0.0) == Double.log(onePlus: 1))
  }

  @Test func largeInputsAreStable() {
    let large = 1e4
    #expect(ReferenceActivation.sigmoid(large) == 1)
    #expect(ReferenceActivation.sigmoid(-large) == 0)
    #expect(ReferenceActivation.softplus(large) == large)
    #expect(ReferenceActivation.softplus(-large) == 0)
    #expect(ReferenceActivation.softplus(-40.0) == Double.exp(-40))
    #expect(ReferenceActivation.elu()(large) == large)
    for phi in ReferenceActivation.all {
      for z in [large, -large] { #expect(phi.slope(at: z).isFinite, "\(phi) at \(z)") }
      #expect(phi(Double.nan).isNaN, "\(phi)")
    }
  }
}
