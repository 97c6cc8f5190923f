// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

/// Checks that every cell must pass.
extension CellProblem {
  /// Compares backpropagation with central differences and with forward mode, and with the latter
  /// also under a recurrent mask.
  func checkGradients(_ label: String) {
    checkDifferences(label)
    checkForwardMode(label)
    var random = SplitMix64(seed: 1)
    var masked = self
    masked.cell.recurrentMask = random.vector(cell.shape.stateSize)
    masked.checkForwardMode("\(label), masked")
  }

  /// Compares backpropagation with central differences.
  private func checkDifferences(_ label: String) {
    let backward = backward
    let results: [(String, [Wide], [Wide])] = [
      ("parameters", backward.gradients.elements, differences(\.parameters)),
      ("dx", Array(backward.dx.joined()), differences(\.inputs)),
      ("dh0", backward.dInitial.hidden, differences(\.initial.hidden)),
      ("dc0", backward.dInitial.cell, differences(\.initial.cell)),
    ]
    let bound = Differences.bound * scale(backward)
    for (name, got, want) in results {
      #expect(largestDifference(got, want) <= bound, "\(name) of \(label)")
    }
  }

  /// Compares backpropagation with forward mode.
  private func checkForwardMode(_ label: String) {
    let backward = backward
    let forward = cell.realTimeRecurrentLearning(x: x, initial: initial, dh: dh, dFinal: dFinal)
    let results: [(String, [Wide], [Wide])] = [
      ("parameters", backward.gradients.elements, forward.gradients.elements),
      ("dh0", backward.dInitial.hidden, forward.dInitial.hidden),
      ("dc0", backward.dInitial.cell, forward.dInitial.cell),
    ]
    let shape = cell.shape
    let operations = NetworkOperations(
      T: x.count, B: 1, I: shape.inputSize, H: shape.hiddenSize, P: shape.stateSize,
      G: shape.gates)
    let tolerance = Tolerance(operations: operations.parameters, magnitude: scale(backward))
    for (name, got, want) in results {
      let difference = largestDifference(got, want)
      #expect(
        difference <= tolerance.bound(epsilon: Double(Wide.ulpOfOne)), "\(name) of \(label)")
    }
  }

  /// The maximum magnitude among the summed values: gradients and states.
  private func scale(_ backward: ReferenceBackward<Wide>) -> Double {
    let states = cell.states(x, from: initial)
    return magnitude(
      backward.gradients.elements, backward.dInitial.hidden, backward.dInitial.cell,
      Array(backward.stateGradients.joined()), states.flatMap(\.hidden), states.flatMap(\.cell))
  }
}

extension ReferenceActivation {
  /// All functions, with their default constants and with others.
  static let all: [ReferenceActivation] = [
    .tanh, .sigmoid, .relu, .identity, .affine(), .leakyRelu(), .thresholdedRelu(), .scaledTanh(),
    .hardSigmoid(), .elu(), .softsign, .softplus,
    .hardTanh(min: -0.6, max: 0.4), .silu,
    .affine(alpha: 0.75, beta: -0.25), .leakyRelu(alpha: 0.25), .thresholdedRelu(alpha: 0.125),
    .scaledTanh(alpha: 1.5, beta: 0.75), .hardSigmoid(alpha: 0.875, beta: 0.375),
    .elu(alpha: 0.625),
  ]
}
