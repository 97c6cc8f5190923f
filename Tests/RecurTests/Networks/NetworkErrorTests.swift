// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

/// Arguments that a network rejects, and the messages.
@Suite struct NetworkErrorTests {
  private let lstm: LSTM<Double>
  private let x: SequenceBatch<Double>

  init() throws {
    lstm = try LSTM(inputSize: 3, hiddenSize: 4, layers: 2, bidirectional: true, seed: 0)
    x = try SequenceBatch(steps: 5, batchSize: 2, features: 3)
  }

  private func expect(_ message: String, _ body: () throws -> Void) {
    #expect(performing: body, throws: { "\($0)" == message })
  }

  @Test func optionsOutOfRange() {
    expect("dropout is 0.5, expected 0 for a network of one layer") {
      _ = try GRU<Float>(inputSize: 1, hiddenSize: 1, dropout: 0.5, seed: 0)
    }
    expect("dropout is 1, expected at least 0 and below 1") {
      _ = try GRU<Float>(inputSize: 1, hiddenSize: 1, layers: 2, dropout: 1, seed: 0)
    }
    expect("recurrentDropout is -0.5, expected at least 0 and below 1") {
      _ = try GRU<Float>(inputSize: 1, hiddenSize: 1, recurrentDropout: -0.5, seed: 0)
    }
    expect("zoneout is 1, expected at least 0 and below 1") {
      _ = try RNN<Float>(inputSize: 1, hiddenSize: 1, zoneout: 1, seed: 0)
    }
    expect("cellZoneout is nan, expected at least 0 and below 1") {
      _ = try LSTM<Float>(inputSize: 1, hiddenSize: 1, cellZoneout: .nan, seed: 0)
    }
    expect("projectionSize is 4, expected less than H = 4") {
      _ = try LSTM<Float>(inputSize: 1, hiddenSize: 4, projectionSize: 4, seed: 0)
    }
    expect("projectionSize is 0, expected at least 1") {
      _ = try LSTM<Float>(inputSize: 1, hiddenSize: 4, projectionSize: 0, seed: 0)
    }
    expect("gateClamp is -1.0, expected a finite number above 0") {
      _ = try RNN<Float>(inputSize: 1, hiddenSize: 4, gateClamp: -1, seed: 0)
    }
    expect("cellClamp is nan, expected a finite number above 0") {
      _ = try LSTM<Float>(inputSize: 1, hiddenSize: 4, cellClamp: .nan, seed: 0)
    }
    expect("layers is 0, expected at least 1") {
      _ = try ResidualRNN<Float>(inputSize: 1, hiddenSize: 4, layers: 0, seed: 0)
    }
    #expect(throws: RecurError.self) {
      try RNN<Float>(inputSize: 1, hiddenSize: 4, activation: .elu(alpha: .infinity), seed: 0)
    }
  }

  @Test func initializationsWithoutMeaning() {
    expect("initialization.forgetGateBias is set, but the cell has no forget gate with a bias") {
      _ = try GRU<Float>(
        inputSize: 1, hiddenSize: 4, initialization: .orthogonal(forgetGateBias: 1), seed: 1)
    }
    expect("initialization.bias is orthogonal, expected zeros or uniform") {
      _ = try LSTM<Float>(
        inputSize: 1, hiddenSize: 4,
        initialization: .init(input: .glorot, recurrent: .glorot, bias: .orthogonal), seed: 1)
    }
    expect("initialization.forgetGateBias applies to LSTMs, not to output layers") {
      _ = try Linear<Float>(
        inputSize: 1, outputSize: 4, initialization: .orthogonal(forgetGateBias: 1), seed: 1)
    }
    expect(
      "initialization.input is block orthogonal, expected zeros, uniform, glorot or orthogonal"
    ) {
      _ = try Linear<Float>(
        inputSize: 1, outputSize: 4,
        initialization: .init(input: .blockOrthogonal, recurrent: .zeros), seed: 1)
    }
    expect("initialization.bias is orthogonal, expected zeros or uniform") {
      _ = try Linear<Float>(
        inputSize: 1, outputSize: 4,
        initialization: .init(input: .glorot, recurrent: .zeros, bias: .orthogonal), seed: 1)
    }
  }

  @Test func passesThatCannotBe() throws {
    expect("step requires one direction: the reverse direction needs future inputs") {
      _ = try lstm.step(Matrix(rows: 2, columns: 3))
    }
    #expect(
      throws: RecurError.unsupported(
        argument: "segmentLength",
        reason: "is 2, but segments are not supported with two directions")
    ) {
      _ = try lstm.trainingPass(x, segmentLength: 2)
    }
    expect("dropoutSeed is given, but the network has neither dropout nor zoneout") {
      _ = try lstm.trainingPass(x, dropoutSeed: 1)
    }
    let dropping = try RNN<Double>(inputSize: 3, hiddenSize: 4, layers: 2, dropout: 0.5, seed: 0)
    let forgetful = try RNN<Double>(inputSize: 3, hiddenSize: 4, recurrentDropout: 0.5, seed: 0)
    let zoning = try RNN<Double>(inputSize: 3, hiddenSize: 4, zoneout: 0.5, seed: 0)
    for network in [dropping, forgetful, zoning] {
      expect("dropoutSeed is missing, but the network has dropout or zoneout") {
        _ = try network.trainingPass(x)
      }
      #expect(throws: Never.self) { _ = try network.trainingPass(x, dropoutSeed: 1) }
    }
    let cell = try LSTM<Double>(inputSize: 3, hiddenSize: 4, cellZoneout: 0.5, seed: 0)
    expect("dropoutSeed is missing, but the network has dropout or zoneout") {
      _ = try cell.trainingPass(x)
    }
    for network in [forgetful, zoning] {
      expect(
        "errorTerms require one layer and direction, and no clamp, recurrent dropout or zoneout"
      ) {
        let outputs = try network.trainingPass(x, dropoutSeed: 1).outputs
        _ = try network.errorTerms(step: 0, gradient: outputs.step(0), outputs: outputs)
      }
    }
    #expect(throws: RecurError.self) {
      _ = try dropping.trainingPass(x, dropoutSeed: DropoutSeed(1, firstStep: 1 << 32))
    }
    let folded = try RNN<Double>(
      inputSize: 3, hiddenSize: 4, activation: .leakyRelu(alpha: -0.1), seed: 0)
    #expect(throws: Never.self) { _ = try folded(x) }
    expect(
      "activation is leaky ReLU with alpha -0.1, expected at least 0 for training, which computes slopes "
        + "from values"
    ) {
      _ = try folded.trainingPass(x)
    }
    let checkpointed = try GRU<Double>(inputSize: 3, hiddenSize: 4, seed: 0)
      .trainingPass(SequenceBatch(steps: 64, batchSize: 1, features: 3), segmentLength: 63)
    expect("the pass stores one segment of steps, expected all T steps") {
      _ = try checkpointed.gates()
    }
    let whole = try GRU<Double>(inputSize: 3, hiddenSize: 4, seed: 0)
      .trainingPass(SequenceBatch(steps: 64, batchSize: 1, features: 3), segmentLength: 64)
    #expect(try whole.gates().steps == 64)
  }

  @Test func lengthsOutOfRange() {
    expect("lengths has 6 for sequence 1, expected at most T = 5") {
      _ = try lstm(x, lengths: [5, 6])
    }
    expect("lengths has -1 for sequence 1, expected at least 0") {
      _ = try lstm(x, lengths: [5, -1])
    }
    expect("lengths is 1 x 1, expected 2 x 1") { _ = try lstm.trainingPass(x, lengths: [5]) }
  }

  @Test func statesAndGradientsOfOtherShapes() throws {
    var state = try lstm.zeroState(batchSize: 2)
    state.cell = try Matrix(rows: 8, columns: 5)
    expect("initialState.cell is 8 x 5, expected 8 x 4") {
      _ = try lstm(x, initialState: state)
    }
    expect("finalStateGradient.cell is 8 x 5, expected 8 x 4") {
      _ = try lstm.trainingPass(x).backward(finalStateGradient: state)
    }
    expect("initialState.hidden is 2 x 4, expected 8 x 4") {
      _ = try lstm(x, initialState: lstm.state(hidden: Matrix(rows: 2, columns: 4)))
    }
    let pass = try lstm.trainingPass(x)
    expect("layer is 2, expected 0 to 1") { _ = try pass.gates(layer: 2) }
    expect("layer is -1, expected 0 to 1") { _ = try pass.outputs(ofLayer: -1) }
    expect("direction is reverse, but the network has only the forward direction") {
      let one = try RNN<Double>(inputSize: 3, hiddenSize: 4, seed: 0)
      _ = try one.rows(of: Matrix(rows: 2, columns: 4), layer: 0, direction: .reverse)
    }
  }

  @Test func layoutsWithoutAPlace() throws {
    let residual = try ResidualRNN<Float>(inputSize: 1, hiddenSize: 4, seed: 0)
    let projected = try LSTM<Float>(inputSize: 1, hiddenSize: 4, projectionSize: 2, seed: 0)
    let coupled = try LSTM<Float>(inputSize: 1, hiddenSize: 4, coupledGates: true, seed: 0)
    for layout in [ParameterLayout.onnx, .keras, .oneDNN] {
      #expect(throws: RecurError.self) { try residual.parameters(in: layout) }
    }
    expect("projectionSize is not supported by the layout of ONNX") {
      _ = try projected.parameters(in: .onnx)
    }
    let normalized = try GRU<Float>(inputSize: 1, hiddenSize: 4, layerNormalization: true, seed: 0)
    for (layout, name) in [(ParameterLayout.onnx, "ONNX"), (.keras, "Keras"), (.oneDNN, "oneDNN")] {
      expect("layerNormalization is not supported by the layout of \(name)") {
        _ = try normalized.parameters(in: layout)
      }
    }
    expect("coupledGates is not supported by the layout of Keras") {
      _ = try coupled.parameters(in: .keras)
    }
    var other = coupled
    #expect(throws: RecurError.self) {
      try other.setParameters(projected.parameters, in: .onnx)
    }
    #expect(other.parameters == coupled.parameters)
  }
}
