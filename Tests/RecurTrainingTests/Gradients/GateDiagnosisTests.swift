// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import Testing
import TestSupport

/// Tests of the gates of a layer.
extension GradientDiagnosisTests {
  @Test func saturationByHand() throws {
    // Without weights, a unit is tanh(b) or sigmoid(b) at every step. With a threshold of 5%, tanh
    // is saturated where |b| > artanh(√0.95) = 2.178, and sigmoid where |b| > 4.357.
    let bias = [0, 2.17, -2.19, 4.3, -4.4]
    let simple = try constant(
      RNN<Double>(NetworkConfiguration(.simple, inputSize: 1, hiddenSize: 5)), bias)
    #expect(simple.layers[0].gates.map(\.name) == ["h"])
    #expect(simple.layers[0].gates[0].saturatedShares == Array(repeating: 0.6, count: Self.T))
    let lstm = try constant(
      LSTM<Double>(NetworkConfiguration(.lstm, inputSize: 1, hiddenSize: 5)),
      bias + bias + bias + bias)
    #expect(lstm.layers[0].gates.map(\.name) == ["i", "f", "g", "o"])
    #expect(lstm.layers[0].gates.map { $0.saturatedShares[3] } == [0.2, 0.2, 0.6, 0.2])
    let gru = try constant(
      GRU<Double>(NetworkConfiguration(.gru, inputSize: 1, hiddenSize: 5)), bias + bias + bias)
    #expect(gru.layers[0].gates.map(\.name) == ["r", "z", "n"])
    #expect(gru.layers[0].gates.map { $0.saturatedShares[3] } == [0.2, 0.2, 0.6])
  }

  /// The largest slope is not below the threshold of 100 %.
  @Test func theLargestSlopeIsNotSaturated() throws {
    var configuration = NetworkConfiguration(.simple, inputSize: 1, hiddenSize: 5)
    configuration.activation = .relu
    let diagnosis = try constant(
      RNN<Double>(configuration), [1, -1, 2, -2, 3], saturatedBelow: 1)
    #expect(diagnosis.layers[0].gates[0].saturatedShares == Array(repeating: 0.4, count: Self.T))
  }

  private func constant<N: RecurrentNetwork<Double>>(
    _ network: N, _ bias: [Double], saturatedBelow share: Double = 0.05
  ) throws -> GradientDiagnosis {
    var network = network
    try network.parameters.set(
      "bias_ih_l0", to: Matrix(rows: bias.count, columns: 1, elements: bias))
    return try model(network).diagnoseGradients(
      .meanSquaredError, of: batch(), saturatedBelow: share)
  }
}
