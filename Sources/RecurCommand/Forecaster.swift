// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// A simple recurrent network and a linear layer on its last state.
struct Forecaster {
  var network: RNN<Double>
  var head: Linear<Double>

  init(hiddenSize: Int, outputSize: Int, seed: UInt64) throws {
    network = try RNN(
      inputSize: 1, hiddenSize: hiddenSize, initialization: .uniform(seed: seed))
    head = try Linear(
      inputSize: hiddenSize, outputSize: outputSize, initialization: .uniform(seed: seed &+ 1))
  }

  func callAsFunction(_ input: SequenceBatch<Double>) throws -> Matrix<Double> {
    try head(network(input).finalState.hidden)
  }

  struct Gradients {
    var loss: Double
    var network: ParameterVector<Double>
    var head: ParameterVector<Double>

    /// Of all parameters together.
    var norm: Double { hypot(network.norm, head.norm) }

    mutating func scale(by factor: Double) {
      network.scale(by: factor)
      head.scale(by: factor)
    }
  }

  /// The mean squared error of a batch and its gradients.
  func gradients(
    _ input: SequenceBatch<Double>, _ target: Matrix<Double>
  ) throws -> Gradients {
    let networkPass = try network.trainingPass(input)
    let headPass = try head.trainingPass(networkPass.finalState.hidden)
    let (loss, lossGradient) = try meanSquaredError(headPass.outputs, target)
    let headGradients = try headPass.backward(outputGradients: lossGradient)
    let networkGradients = try networkPass.backward(
      finalStateGradient: .init(hidden: headGradients.input))
    return Gradients(
      loss: loss, network: networkGradients.parameters, head: headGradients.parameters)
  }

  private func meanSquaredError(
    _ output: Matrix<Double>, _ target: Matrix<Double>
  ) throws -> (loss: Double, gradient: Matrix<Double>) {
    let differences = zip(output.elements, target.elements).map { $0 - $1 }
    let count = Double(differences.count)
    let loss = differences.reduce(0) { $0 + $1 * $1 } / count
    let gradient = try Matrix(
      rows: output.rows, columns: output.columns, elements: differences.map { 2 * $0 / count })
    return (loss, gradient)
  }
}

/// Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1.
struct Adam {
  private let decay1 = 0.9
  private let decay2 = 0.999
  private let epsilon = 1e-8
  private var moment1: [Double]
  private var moment2: [Double]
  private var step = 0

  init(count: Int) {
    moment1 = Array(repeating: 0, count: count)
    moment2 = moment1
  }

  mutating func update(
    _ parameters: inout ParameterVector<Double>, with gradients: ParameterVector<Double>,
    rate: Double
  ) {
    step += 1
    let correction1 = 1 - power(decay1, step)
    let correction2 = 1 - power(decay2, step)
    gradients.withSpan { g in
      parameters.withMutableSpan { p in
        for i in g.indices {
          moment1[i] = decay1 * moment1[i] + (1 - decay1) * g[i]
          moment2[i] = decay2 * moment2[i] + (1 - decay2) * g[i] * g[i]
          let mean = moment1[i] / correction1
          p[i] -= rate * mean / ((moment2[i] / correction2).squareRoot() + epsilon)
        }
      }
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}
