// Trains a network to repeat its input from 3 steps before, in sequences of 10,000 steps, by truncated
// backpropagation through time: run a chunk of 20 steps, carry the state, run the next. The state
// passes from chunk to chunk, gradients stay within one. Run it in this folder:
//
//   swift run -c release echo
//
// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

@main
struct Echo {
  static let (steps, batchSize, delay, chunk) = (10_000, 16, 3, 20)

  static func main() throws {
    let bits = try randomBits()
    let carried = try train(on: bits, carryingState: true)
    let forgotten = try train(on: bits, carryingState: false)
    print("mean squared error of the last 1000 steps:")
    print("  state carried from chunk to chunk    \(rounded(carried))")
    print("  state forgotten after every chunk    \(rounded(forgotten))")
  }

  /// Sequences of −1 and 1.
  static func randomBits() throws -> SequenceBatch<Float> {
    var random = SplitMix64(seed: 1)
    return try SequenceBatch(
      steps: steps, batchSize: batchSize, features: 1,
      elements: (0..<steps * batchSize).map { _ in Bool.random(using: &random) ? 1 : -1 })
  }

  /// Reads the sequence once and returns the error towards its end.
  static func train(on bits: SequenceBatch<Float>, carryingState: Bool) throws -> Float {
    var network = try LSTM<Float>(
      inputSize: 1, hiddenSize: 24,
      initialization: .blockOrthogonal(forgetGateBias: 1), seed: 1)
    var head = try Linear<Float>(inputSize: 24, outputSize: 1, seed: 0)
    var state: LSTMState<Float>?
    var recent: [Float] = []
    for first in stride(from: delay, to: steps - chunk + 1, by: chunk) {
      let pass = try network.trainingPass(bits[steps: first..<first + chunk], initialState: state)
      if carryingState { state = pass.finalState }

      // The mean of squares and its gradient, back through the head and through time.
      let headPass = try head.trainingPass(pass.outputs)
      let errors = try headPass.outputs - bits[steps: first - delay..<first - delay + chunk]
      let count = Float(errors.elements.count)
      let headGradients = try headPass.backward(outputGradient: 2 / count * errors)
      let gradients = try pass.backward(outputGradient: headGradients.inputs).parameters

      try descend(&network.parameters, gradients)
      try descend(&head.parameters, headGradients.parameters)
      if first >= steps - 1000 { recent.append(errors.elements.reduce(0) { $0 + $1 * $1 } / count) }
    }
    return recent.reduce(0, +) / Float(recent.count)
  }

  /// A step of gradient descent; a gradient with a norm above 1 is scaled to norm 1.
  static func descend(
    _ parameters: inout ParameterVector<Float>, _ gradients: ParameterVector<Float>
  ) throws {
    try parameters.add(gradients, times: -0.5 / max(1, gradients.norm))
  }

  static func rounded(_ value: Float) -> Float { (value * 1000).rounded() / 1000 }
}
