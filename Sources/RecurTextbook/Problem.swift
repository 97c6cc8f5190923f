// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference

/// A simple network with a softmax head, its input, and the gradient of a loss with respect to
/// every hₜ.
struct Problem {
  var weightIH: [[Double]]
  var weightHH: [[Double]]
  var biasIH: [Double]
  var biasHH: [Double]
  var head: (weight: [[Double]], bias: [Double])?
  var x: Series
  var h0: [[Double]]
  var dh: Series?
}

/// The solution of a ``Problem``.
struct Solution {
  var h: Series = []
  var y: Series = []
  var dx: Series = []
  var dh0: [[Double]] = []
  var dWeightIH: [Double] = []
  var dWeightHH: [Double] = []
  var dBiasIH: [Double] = []
  var dBiasHH: [Double] = []
}

extension Problem {
  /// Solves the problem with the native kernels.
  func solvedNatively() throws -> Solution {
    let network = try RNN<Double>(
      weightIH: Matrix(weightIH), weightHH: Matrix(weightHH), biasIH: biasIH, biasHH: biasHH)
    let pass = try network.trainingPass(batch(x), initialState: .init(hidden: Matrix(h0)))
    let outputs = pass.outputs
    var solution = Solution(h: series(outputs))
    if let head {
      let head = try SoftmaxHead<Double>(weight: Matrix(head.weight), bias: head.bias)
      let y = try head(outputs.matrix)
      solution.y = series(
        try SequenceBatch(steps: outputs.steps, batchSize: outputs.batchSize, matrix: y))
    }
    guard let dh else { return solution }
    let gradients = try pass.backward(outputGradient: batch(dh))
    solution.dx = series(gradients.inputs)
    let dh0 = gradients.initialState.hidden
    solution.dh0 = (0..<dh0.rows).map { b in (0..<dh0.columns).map { dh0[b, $0] } }
    solution.dWeightIH = gradients.parameters.elements(of: "weight_ih_l0") ?? []
    solution.dWeightHH = gradients.parameters.elements(of: "weight_hh_l0") ?? []
    solution.dBiasIH = gradients.parameters.elements(of: "bias_ih_l0") ?? []
    solution.dBiasHH = gradients.parameters.elements(of: "bias_hh_l0") ?? []
    return solution
  }

  private func batch(_ series: Series) throws -> SequenceBatch<Double> {
    try SequenceBatch(
      steps: series.count, batchSize: series[0].count, features: series[0][0].count,
      elements: rows(series))
  }

  private func series(_ batch: SequenceBatch<Double>) -> Series {
    (0..<batch.steps).map { t in
      (0..<batch.batchSize).map { b in (0..<batch.features).map { batch[t, b, $0] } }
    }
  }

  /// Solves the problem with the reference implementation, one sequence after another.
  func solvedByReference() -> Solution {
    let network = ReferenceRNN<Double>(
      activation: .tanh, weightIH: weightIH, weightHH: weightHH, biasIH: biasIH, biasHH: biasHH)
    var hiddens: [[[Double]]] = []
    var outputs: [[[Double]]] = []
    var inputGradients: [[[Double]]] = []
    var solution = Solution()
    for b in h0.indices {
      let x = x.map { $0[b] }
      let h = network.forward(x, h0: h0[b])
      hiddens.append(h)
      if let head {
        let layer = ReferenceLinear(weight: head.weight, bias: head.bias)
        outputs.append(h.map { ReferenceSoftmax.softmax(layer($0)) })
      }
      guard let dh else { continue }
      let backward = network.backward(
        x: x, h0: h0[b], dh: dh.map { $0[b] },
        dhT: Array(repeating: 0, count: biasHH.count))
      inputGradients.append(backward.dx)
      solution.dh0.append(backward.dh0)
      add(backward.gradients.weightIH.flatMap { $0 }, to: &solution.dWeightIH)
      add(backward.gradients.weightHH.flatMap { $0 }, to: &solution.dWeightHH)
      add(backward.gradients.biasIH, to: &solution.dBiasIH)
      add(backward.gradients.biasHH, to: &solution.dBiasHH)
    }
    solution.h = timeMajor(hiddens)
    solution.y = timeMajor(outputs)
    solution.dx = timeMajor(inputGradients)
    return solution
  }

  private func timeMajor(_ sequences: [[[Double]]]) -> Series {
    guard let first = sequences.first else { return [] }
    return first.indices.map { t in sequences.map { $0[t] } }
  }

  private func add(_ values: [Double], to sum: inout [Double]) {
    sum = sum.isEmpty ? values : zip(sum, values).map(+)
  }
}
