// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

/// The error terms of one step's loss, with small integers, so that every product is exact.
@Suite struct ErrorTermTests {
  private func terms<Scalar: RecurScalar>(
    _ activation: Activation, _ scalar: Scalar.Type
  ) throws -> [Scalar] {
    let network = try RNN<Scalar>(
      weightIH: Matrix([[1], [1]]), weightHH: Matrix([[1, 2], [-1, 1]]), biasIH: [0, 0],
      biasHH: [0, 0], activation: activation)
    let outputs = try SequenceBatch<Scalar>(
      steps: 3, batchSize: 2, features: 2, elements: [1, 0, 0, 1, 1, 1, 0, 1, 9, 9, 9, 9])
    let terms = try network.errorTerms(
      step: 1, gradient: Matrix([[3, 5], [2, 4]]), outputs: outputs)
    #expect(terms.steps == 2 && terms.batchSize == 2 && terms.features == 2)
    return terms.elements
  }

  /// δ₁ = ∂L₁/∂h₁ ∘ φ′ and δ₀ = Wᵀ δ₁ ∘ φ′, where φ′ is 1, or 0 where a ReLU is 0.
  @Test func termsByHand() throws {
    #expect(try terms(.identity, Double.self) == [-2, 11, -2, 8, 3, 5, 2, 4])
    #expect(try terms(.identity, Float.self) == [-2, 11, -2, 8, 3, 5, 2, 4])
    #expect(try terms(.relu, Double.self) == [-2, 0, 0, 4, 3, 5, 0, 4])
    #expect(try terms(.relu, Float.self) == [-2, 0, 0, 4, 3, 5, 0, 4])
  }
}
