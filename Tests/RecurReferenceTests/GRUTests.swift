// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurReference
import TestSupport
import Testing

@Suite struct ReferenceGRUTests {
  /// All combinations of options.
  static let options = ReferenceReset.allCases.flatMap { reset in
    [(0.0, true), (0.5, true), (0, false), (0.5, false)].flatMap { gateClamp, bias in
      [false, true].map {
        ReferenceGRUOptions(gateClamp: gateClamp, reset: reset, bias: bias, layerNormalization: $0)
      }
    }
  }

  /// Every function for every gate.
  static let activations = ReferenceReset.allCases.flatMap { reset in
    ReferenceActivation.all.flatMap { phi in
      [
        ReferenceGRUOptions(f: phi, reset: reset),
        ReferenceGRUOptions(g: phi, gateClamp: 0.5, reset: reset),
      ]
    }
  }

  @Test(arguments: options + activations)
  func gradientsAreTheDerivatives(_ options: ReferenceGRUOptions) {
    let problem = CellProblem<ReferenceGRU<Wide>>(options, seed: 5)
    problem.checkGradients("\(options), seed 5")
  }

  /// r = 2 + 3 · 5, z = 0.5, n = 7 + 17 · (11 · 5) or 7 + 11 · (17 · 5),
  /// with x = 1 and h = 5.
  @Test(arguments: ReferenceReset.allCases)
  func gatesByHand(_ reset: ReferenceReset) {
    let options = ReferenceGRUOptions(f: .identity, g: .identity, reset: reset, bias: false)
    let cell = ReferenceGRU(
      options, inputSize: 1, hiddenSize: 1, parameters: [2, 0.5, 7, 3, 0, 11])
    let previous = ReferenceState<Double>(hidden: [5])
    #expect(cell.gates([1], previous) == [[17], [0.5], [942]])
    // (1 − z) n + z h
    #expect(cell.step([1], previous).hidden == [473.5])
  }

  /// b_hn = 13 is multiplied by r = 2 if the reset gate acts after the product.
  @Test func theBiasOfTheCandidateTellsTheVariantsApart() {
    for (reset, n) in [(ReferenceReset.after, 26.0), (.before, 13)] {
      let options = ReferenceGRUOptions(f: .identity, g: .identity, reset: reset)
      let cell = ReferenceGRU(
        options, inputSize: 1, hiddenSize: 1,
        parameters: [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13])
      #expect(cell.gates([1], ReferenceState<Double>(hidden: [0])) == [[2], [0], [n]])
    }
  }

  /// For z → 1, the state stays the same and its gradient passes through.
  @Test(arguments: ReferenceReset.allCases)
  func anUpdateGateOfOneKeepsTheState(_ reset: ReferenceReset) {
    var problem = CellProblem<ReferenceGRU<Wide>>(
      ReferenceGRUOptions(reset: reset), T: 9, seed: 6)
    let H = problem.cell.shape.hiddenSize
    problem.cell.parameters.input[1].bias = [Wide](repeating: 1e4, count: H)
    problem.dh = problem.dh.map { $0.map { _ in 0 } }
    #expect(problem.cell.states(problem.x, from: problem.initial).last == problem.initial)
    #expect(problem.backward.dInitial == problem.dFinal)
  }

  @Test(arguments: ReferenceReset.allCases)
  func onlyAClipThatIsReachedMatters(_ reset: ReferenceReset) {
    func hidden(_ gateClamp: Double) -> [ReferenceState<Wide>] {
      let problem = CellProblem<ReferenceGRU<Wide>>(
        ReferenceGRUOptions(gateClamp: gateClamp, reset: reset), seed: 7)
      return problem.cell.states(problem.x, from: problem.initial)
    }
    #expect(hidden(1e6) == hidden(0))
    #expect(hidden(0.5) != hidden(0))
  }
}
