// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

/// What a network was made with can be read back, and reads like the call that made it.
@Suite struct DescriptionTests {
  private func lstm() throws -> LSTM<Double> {
    try LSTM(
      inputSize: 3, hiddenSize: 5, layers: 2, bidirectional: true, projectionSize: 4,
      peepholes: .diagonal, forgetGate: .coupledToInput, activation: .hardSigmoid(),
      candidateActivation: .softsign, outputActivation: .elu(alpha: 0.5), bias: false,
      layerNormalization: true, clip: 3, cellClip: 2.5, dropout: 0.1, recurrentDropout: 0.2,
      zoneout: 0.3, cellZoneout: 0.4)
  }

  @Test func optionsAreReadBack() throws {
    let options = try lstm().description
    #expect(options.projectionSize == 4 && options.stateSize == 4)
    #expect(options.peepholes == .diagonal && options.forgetGate == .coupledToInput)
    #expect(options.activation == .hardSigmoid(alpha: 0.2, beta: 0.5))
    #expect(options.candidateActivation == .softsign)
    #expect(options.outputActivation == .elu(alpha: 0.5))
    #expect(!options.bias && options.layerNormalization)
    #expect(options.clip == 3 && options.cellClip == 2.5)
    #expect(options.drawsMasks)
    let gru = try GRU<Float>(inputSize: 1, hiddenSize: 1, reset: .beforeProduct).description
    #expect(gru.reset == .beforeProduct && gru.activation == .sigmoid && gru.bias)
    #expect(gru.clip == nil && gru.projectionSize == nil && gru.cellClip == nil)
    #expect(!gru.drawsMasks)
  }

  @Test func descriptionsReadLikeTheInitializer() throws {
    #expect(
      "\(try lstm().description)"
        == "LSTM(inputSize: 3, hiddenSize: 5, layers: 2, bidirectional: true, projectionSize: 4, "
        + "peepholes: .diagonal, forgetGate: .coupledToInput, "
        + "activation: .hardSigmoid(alpha: 0.2, beta: 0.5), candidateActivation: .softsign, "
        + "outputActivation: .elu(alpha: 0.5), bias: false, layerNormalization: true, clip: 3.0, "
        + "cellClip: 2.5, dropout: 0.1, recurrentDropout: 0.2, zoneout: 0.3, cellZoneout: 0.4)")
    #expect(
      "\(try GRU<Float>(inputSize: 1, hiddenSize: 2, reset: .beforeProduct))"
        == "GRU<Float>(inputSize: 1, hiddenSize: 2, reset: .beforeProduct)")
    #expect(
      "\(try RNN<Double>(inputSize: 1, hiddenSize: 2, activation: .sigmoid))"
        == "RNN<Double>(inputSize: 1, hiddenSize: 2, activation: .sigmoid)")
    var printed = ""
    print(try ResidualRNN<Double>(inputSize: 1, hiddenSize: 2), terminator: "", to: &printed)
    #expect(printed == "ResidualRNN<Double>(inputSize: 1, hiddenSize: 2)")
  }

  /// Each of these differs from the first in one option.
  @Test func equalWhereEveryOptionIs() throws {
    let descriptions = try [
      GRU<Double>(inputSize: 2, hiddenSize: 3).description,
      GRU<Double>(inputSize: 3, hiddenSize: 3).description,
      GRU<Double>(inputSize: 2, hiddenSize: 4).description,
      GRU<Double>(inputSize: 2, hiddenSize: 3, layers: 2).description,
      GRU<Double>(inputSize: 2, hiddenSize: 3, bidirectional: true).description,
      GRU<Double>(inputSize: 2, hiddenSize: 3, reset: .beforeProduct).description,
      GRU<Double>(inputSize: 2, hiddenSize: 3, activation: .hardSigmoid()).description,
      GRU<Double>(inputSize: 2, hiddenSize: 3, activation: .hardSigmoid(alpha: 0.3)).description,
      GRU<Double>(inputSize: 2, hiddenSize: 3, candidateActivation: .relu).description,
      GRU<Double>(inputSize: 2, hiddenSize: 3, bias: false).description,
      GRU<Double>(inputSize: 2, hiddenSize: 3, layerNormalization: true).description,
      GRU<Double>(inputSize: 2, hiddenSize: 3, clip: 0.1).description,
      GRU<Double>(inputSize: 2, hiddenSize: 3, clip: 0.1.nextUp).description,
      GRU<Double>(inputSize: 2, hiddenSize: 3, zoneout: 0.1).description,
      RNN<Double>(inputSize: 2, hiddenSize: 3).description,
      ResidualRNN<Double>(inputSize: 2, hiddenSize: 3).description,
      LSTM<Double>(inputSize: 2, hiddenSize: 3).description,
    ]
    for (i, a) in descriptions.enumerated() {
      for (j, b) in descriptions.enumerated() { #expect((a == b) == (i == j), "\(a), \(b)") }
    }
    #expect(try GRU<Float>(inputSize: 2, hiddenSize: 3).description == descriptions[0])
    #expect(try lstm().description == lstm().description)
  }

  @Test func everyActivationComesBack() throws {
    let activations: [Activation] = [
      .tanh, .sigmoid, .relu, .identity, .affine(alpha: 2, beta: 3), .leakyRelu(alpha: 0.2),
      .thresholdedRelu(alpha: 0.3), .scaledTanh(alpha: 0.4, beta: 0.5),
      .hardSigmoid(alpha: 0.6, beta: 0.7), .elu(alpha: 0.8), .softsign, .softplus,
    ]
    for activation in activations {
      let network = try RNN<Double>(inputSize: 1, hiddenSize: 1, activation: activation)
      #expect(network.description.activation == activation)
    }
  }
}
