// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference

/// The gradients of a batch by the kernels against those by the pure-Swift reference.
struct GradientCheck {
  #if arch(x86_64)
    typealias Wide = Float80
  #else
    typealias Wide = Double
  #endif

  /// The largest absolute difference over all parameters.
  let largestDifference: Double

  /// The largest magnitude of a gradient, to compare with.
  let largestGradient: Double

  /// How far they may differ: the tolerance rule, 2 · operations · ε · magnitude.
  let bound: Double

  var agrees: Bool { largestDifference <= bound }

  init(
    _ model: Forecaster, _ input: SequenceBatch<Double>, _ target: Matrix<Double>,
    _ gradients: Forecaster.Gradients
  ) {
    let expected = GradientCheck.reference(model, input, target)
    let given = gradients.network.elements + gradients.head.elements
    let differences = zip(given, expected).map { Double(abs(Wide($0) - $1)) }
    let comparable = given.count == expected.count && differences.allSatisfy(\.isFinite)
    largestDifference = comparable ? differences.max() ?? 0 : .infinity
    largestGradient = given.map(abs).max() ?? 0
    // A sum over all steps and windows, of error terms that sum over two matrices a step.
    let (steps, hidden) = (input.steps, model.network.hiddenSize)
    let operations = steps * (2 * hidden + input.features + 10) + steps * input.batchSize
    bound = 2 * Double(operations) * Double.ulpOfOne * largestGradient
  }

  /// All gradients in the order of the parameter vectors, one sequence of the batch after another.
  private static func reference(
    _ model: Forecaster, _ input: SequenceBatch<Double>, _ target: Matrix<Double>
  ) -> [Wide] {
    let network = ReferenceRNN<Wide>(
      activation: .tanh,
      weightIH: rows(model.network.parameters["weight_ih_l0"]),
      weightHH: rows(model.network.parameters["weight_hh_l0"]),
      biasIH: rows(model.network.parameters["bias_ih_l0"]).flatMap { $0 },
      biasHH: rows(model.network.parameters["bias_hh_l0"]).flatMap { $0 })
    let head = ReferenceLinear<Wide>(
      weight: rows(model.head.parameters["weight"]),
      bias: rows(model.head.parameters["bias"]).flatMap { $0 })
    var sum = Array(
      repeating: Wide(0), count: model.network.parameters.count + model.head.parameters.count)
    let zero = Array(repeating: Wide(0), count: model.network.hiddenSize)
    let zeros = Array(repeating: zero, count: input.steps)
    let targets = rows(target)
    let scale = 2 / Wide(target.rows * target.columns)
    for (x, target) in zip(input.batchFirst, targets) {
      let x = x.map { $0.map(Wide.init) }
      let h = network.forward(x, h0: zero)
      let last = h.last ?? zero
      let dy = zip(head(last), target).map { scale * ($0 - $1) }
      var headGradients = head.zeroGradients
      let dLast = head.backward(x: last, dy: dy, into: &headGradients)
      let g = network.backward(x: x, h0: zero, dh: zeros, dhT: dLast).gradients
      let all = [
        g.weightIH.flatMap { $0 }, g.weightHH.flatMap { $0 }, g.biasIH, g.biasHH,
        headGradients.weight.flatMap { $0 }, headGradients.bias,
      ].joined()
      for (index, value) in all.enumerated() { sum[index] += value }
    }
    return sum
  }

  private static func rows(_ matrix: Matrix<Double>?) -> [[Wide]] {
    guard let matrix else { return [] }
    return (0..<matrix.rows).map { row in (0..<matrix.columns).map { Wide(matrix[row, $0]) } }
  }
}
