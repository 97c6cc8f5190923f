// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import Testing
import TestSupport

extension GradientDiagnosisTests {
  @Test func wordsOfVanishingAndExploding() throws {
    func diagnose(_ scale: Double) throws -> GradientDiagnosis {
      var network = try RNN<Double>(inputSize: 1, hiddenSize: 2, activation: .identity, seed: 0)
      network.parameters.scale(by: 0)
      try network.parameters.set("weight_hh_l0", to: Matrix([[0, scale], [-scale, 0]]))
      return try model(network).diagnoseGradients(.meanSquaredError, of: batch())
    }
    // 0.5⁹ is above 10⁻³ and 0.5¹⁰ below; 4⁴ is below 10³ and 4⁵ above.
    let vanishing = try diagnose(0.5)
    #expect(vanishing.flow!.kind == .vanishes)
    #expect(vanishing.flow!.stepsBack == 10)
    #expect(
      vanishing.summary
        == "Gradients vanish: from 10 steps back on, less than 0.001 of them remains. "
        + "On average, each step back multiplies their largest component by 0.5. "
        + "γ σ₁(W_hh) = 1 · 0.5 = 0.5 is below 1, so gradients vanish over enough steps for any input "
        + "(Pascanu, Mikolov and Bengio 2013).")
    let exploding = try diagnose(4)
    #expect(exploding.flow!.kind == .explodes)
    #expect(exploding.flow!.stepsBack == 5)
    #expect(
      exploding.summary.hasPrefix(
        "Gradients explode: 5 steps back, they can grow by a factor above 1000"))
    #expect(exploding.summary.contains("is not below 1, which is necessary"))
  }
}
