// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import Foundation
import Testing

@testable import Recur

/// A network returns the configuration of its initializer, and conversions to C, JSON and text
/// preserve it.
@Suite struct NetworkConfigurationTests {
  private typealias Change = @Sendable (inout NetworkConfiguration) -> Void

  /// Each change sets one field of a cell that supports it to another value than the default.
  private static let changes: [(NetworkConfiguration.Cell, Change)] = [
    (.simple, { $0.inputSize = 7 }),
    (.simple, { $0.hiddenSize = 7 }),
    (.simple, { $0.layers = 2 }),
    (.simple, { $0.bidirectional = true }),
    (.simple, { $0.bias = false }),
    (.simple, { $0.activation = .relu }),
    (.residual, { $0.gateClamp = 0.5 }),
    (.gru, { $0.activation = .hardSigmoid() }),
    (.gru, { $0.activation = .hardSigmoid(alpha: 0.3) }),
    (.gru, { $0.candidateActivation = .relu }),
    (.gru, { $0.reset = .beforeProduct }),
    (.gru, { $0.layerNormalization = true }),
    (.gru, { $0.gateClamp = 0.1 }),
    (.gru, { $0.gateClamp = 0.1.nextUp }),
    (.lstm, { $0.outputActivation = .elu(alpha: 0.5) }),
    (.lstm, { $0.peepholes = true }),
    (.lstm, { $0.coupledGates = true }),
    (.lstm, { $0.projectionSize = 2 }),
    (.lstm, { $0.cellClamp = 0.5 }),
    (.gru, { ($0.layers, $0.dropout) = (2, 0.1) }),
    (.gru, { $0.recurrentDropout = 0.1 }),
    (.gru, { $0.zoneout = 0.1 }),
    (.lstm, { $0.cellZoneout = 0.1 }),
  ]

  /// The defaults of every cell, and one configuration for each change.
  private static let configurations: [NetworkConfiguration] =
    NetworkConfiguration.Cell.allCases.map { NetworkConfiguration($0, inputSize: 3, hiddenSize: 5) }
    + changes.map { cell, change in
      var configuration = NetworkConfiguration(cell, inputSize: 3, hiddenSize: 5)
      change(&configuration)
      return configuration
    }

  /// An LSTM with all its options set.
  private func lstm() throws -> LSTM<Double> {
    try LSTM(
      inputSize: 3, hiddenSize: 5, layers: 2, bidirectional: true, projectionSize: 4,
      peepholes: true, coupledGates: true, activation: .hardSigmoid(),
      candidateActivation: .softsign, outputActivation: .elu(alpha: 0.5), bias: false,
      layerNormalization: true, gateClamp: 3, cellClamp: 2.5, dropout: 0.1, recurrentDropout: 0.2,
      zoneout: 0.3, cellZoneout: 0.4, seed: 0)
  }

  @Test func optionsAreReadBack() throws {
    let options = try lstm().configuration
    #expect(options.cell == .lstm && options.inputSize == 3 && options.hiddenSize == 5)
    #expect(options.layers == 2 && options.bidirectional)
    #expect(options.projectionSize == 4 && options.stateSize == 4)
    #expect(options.peepholes && options.coupledGates)
    #expect(options.activation == .hardSigmoid(alpha: 0.2, beta: 0.5))
    #expect(options.candidateActivation == .softsign)
    #expect(options.outputActivation == .elu(alpha: 0.5))
    #expect(!options.bias && options.layerNormalization)
    #expect(options.gateClamp == 3 && options.cellClamp == 2.5)
    #expect(options.dropout == 0.1 && options.recurrentDropout == 0.2)
    #expect(options.zoneout == 0.3 && options.cellZoneout == 0.4)
    #expect(options.drawsMasks)
    let gru = try GRU<Float>(
      inputSize: 1, hiddenSize: 1, reset: .beforeProduct, seed: 0
    ).configuration
    #expect(gru.reset == .beforeProduct && gru.activation == .sigmoid && gru.bias)
    #expect(gru.gateClamp == nil && gru.projectionSize == nil && gru.cellClamp == nil)
    #expect(!gru.drawsMasks)
  }

  /// For every cell, compares the arguments of the initializer with a configuration of the same
  /// fields.
  @Test func initializersHaveTheSameDefaults() throws {
    let (I, H) = (3, 5)
    for cell in NetworkConfiguration.Cell.allCases {
      let configuration = NetworkConfiguration(cell, inputSize: I, hiddenSize: H)
      let made: any RecurrentNetwork<Float> =
        switch cell {
        case .simple: try RNN(inputSize: I, hiddenSize: H, seed: 8)
        case .residual: try ResidualRNN(inputSize: I, hiddenSize: H, seed: 8)
        case .gru: try GRU(inputSize: I, hiddenSize: H, seed: 8)
        case .lstm: try LSTM(inputSize: I, hiddenSize: H, seed: 8)
        }
      #expect(made.configuration == configuration)
      let network = try configuration.network(of: Float.self, seed: 8)
      #expect(type(of: network) == type(of: made) && network.parameters == made.parameters)
      let zero = try configuration.network(of: Float.self)
      #expect(zero.configuration == configuration)
      #expect(zero.parameters.slices == made.parameters.slices && zero.parameters.norm == 0)
    }
  }

  @Test func cAgreesOnDefaultsAndSizes() throws {
    let constructors = [recur_rnn, recur_residual, recur_gru, recur_lstm]
    try #require(constructors.count == NetworkConfiguration.Cell.allCases.count)
    for (cell, constructor) in zip(NetworkConfiguration.Cell.allCases, constructors) {
      #expect(
        NetworkConfiguration(constructor(3, 5))
          == NetworkConfiguration(cell, inputSize: 3, hiddenSize: 5))
    }
    for configuration in try Self.configurations + [lstm().configuration] {
      var network = try configuration.inC()
      var sizes = recur_network_sizes()
      #expect(recur_network_measure(&network, &sizes) == 0)
      #expect(sizes.gates == configuration.gateCount)
      #expect(sizes.state_size == configuration.stateSize)
      #expect(sizes.cell_state == configuration.hasCellState)
    }
  }

  @Test func everyFieldSurvives() throws {
    let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
    for configuration in try Self.configurations + [lstm().configuration] {
      #expect(throws: Never.self) { try configuration.validate() }
      #expect(try NetworkConfiguration(configuration.inC()) == configuration)
      let json = try encoder.encode(configuration)
      #expect(try decoder.decode(NetworkConfiguration.self, from: json) == configuration)
    }
  }

  /// Two values of a field that the table of options lacked would be equal in C, in the
  /// description, or in both.
  @Test func everyFieldIsTold() throws {
    let all = Self.configurations
    for (i, a) in all.enumerated() {
      for (j, b) in all.enumerated() {
        #expect((a == b) == (i == j), "\(a), \(b)")
        #expect((a.description == b.description) == (i == j), "\(a), \(b)")
      }
    }
    #expect(Set(all).count == all.count && Set(all + all).count == all.count)
    let fields = Mirror(reflecting: all[0]).children.compactMap(\.label)
    #expect(Set(fields) == Set(NetworkOption.all.map(\.name) + ["cell"]))
    #expect(fields.count == NetworkOption.all.count + 1)
  }

  @Test func descriptionsReadLikeTheInitializer() throws {
    #expect(
      "\(try lstm().configuration)"
        == "LSTM(inputSize: 3, hiddenSize: 5, layers: 2, bidirectional: true, projectionSize: 4, "
        + "peepholes: true, coupledGates: true, "
        + "activation: .hardSigmoid(alpha: 0.2, beta: 0.5), candidateActivation: .softsign, "
        + "outputActivation: .elu(alpha: 0.5), bias: false, layerNormalization: true, "
        + "gateClamp: 3.0, cellClamp: 2.5, dropout: 0.1, recurrentDropout: 0.2, zoneout: 0.3, "
        + "cellZoneout: 0.4)")
    #expect(
      "\(try GRU<Float>(inputSize: 1, hiddenSize: 2, reset: .beforeProduct, seed: 0))"
        == "GRU<Float>(inputSize: 1, hiddenSize: 2, reset: .beforeProduct)")
    #expect(
      "\(try RNN<Double>(inputSize: 1, hiddenSize: 2, activation: .sigmoid, seed: 0))"
        == "RNN<Double>(inputSize: 1, hiddenSize: 2, activation: .sigmoid)")
    var printed = ""
    print(
      try ResidualRNN<Double>(inputSize: 1, hiddenSize: 2, seed: 0), terminator: "", to: &printed)
    #expect(printed == "ResidualRNN<Double>(inputSize: 1, hiddenSize: 2)")
  }

  @Test func everyActivationComesBack() throws {
    let activations: [Activation] = [
      .tanh, .sigmoid, .relu, .identity, .affine(alpha: 2, beta: 3), .leakyRelu(alpha: 0.2),
      .thresholdedRelu(alpha: 0.3), .scaledTanh(alpha: 0.4, beta: 0.5),
      .hardSigmoid(alpha: 0.6, beta: 0.7), .elu(alpha: 0.8), .softsign, .softplus,
      .hardTanh(min: -0.4, max: 0.3), .silu,
    ]
    try #require(activations.count == Int(RECUR_ACTIVATION_KINDS.rawValue))
    for activation in activations {
      var configuration = NetworkConfiguration(.simple, inputSize: 1, hiddenSize: 1)
      configuration.activation = activation
      #expect(try NetworkConfiguration(configuration.inC()).activation == activation)
    }
  }

  @Test func gatesHaveTheOrderOfTheParameters() {
    var configuration = NetworkConfiguration(.lstm, inputSize: 1, hiddenSize: 1)
    #expect(configuration.gateNames == ["i", "f", "g", "o"])
    configuration.coupledGates = true
    #expect(configuration.gateNames == ["i", "g", "o"] && configuration.gateCount == 3)
    configuration.cell = .gru
    #expect(configuration.gateNames == ["r", "z", "n"])
    configuration.cell = .residual
    #expect(configuration.gateNames == ["h"])
  }
}

/// Configurations that are rejected, and their messages.
@Suite struct NetworkConfigurationErrorTests {
  private func expect(
    _ message: String, _ cell: NetworkConfiguration.Cell,
    _ change: (inout NetworkConfiguration) -> Void
  ) {
    var configuration = NetworkConfiguration(cell, inputSize: 3, hiddenSize: 4)
    change(&configuration)
    #expect(performing: { try configuration.validate() }, throws: { "\($0)" == message })
    #expect(
      performing: { try configuration.network(of: Float.self, seed: 1) },
      throws: { "\($0)" == message })
    #expect(
      performing: { try configuration.network(of: Double.self) }, throws: { "\($0)" == message })
  }

  @Test func optionsThatTheCellDoesNotHave() {
    expect("peepholes is set, but a GRU does not support it", .gru) { $0.peepholes = true }
    expect("coupledGates is set, but a GRU does not support it", .gru) { $0.coupledGates = true }
    expect("projectionSize is set, but a simple cell does not support it", .simple) {
      $0.projectionSize = 2
    }
    expect("cellClamp is set, but a residual cell does not support it", .residual) {
      $0.cellClamp = 1
    }
    expect("reset is set, but an LSTM does not support it", .lstm) { $0.reset = .beforeProduct }
    expect("layerNormalization is set, but a simple cell does not support it", .simple) {
      $0.layerNormalization = true
    }
    expect("candidateActivation is set, but a simple cell does not support it", .simple) {
      $0.candidateActivation = .relu
    }
    expect("outputActivation is set, but a GRU does not support it", .gru) {
      $0.outputActivation = .relu
    }
    expect("cellZoneout is set, but a GRU does not support it", .gru) { $0.cellZoneout = 0.5 }
  }

  @Test func valuesOutOfRange() {
    expect("inputSize is 0, expected at least 1", .simple) { $0.inputSize = 0 }
    expect("hiddenSize is -1, expected at least 1", .simple) { $0.hiddenSize = -1 }
    expect("layers is 0, expected at least 1", .gru) { $0.layers = 0 }
    expect("projectionSize is 0, expected at least 1", .lstm) { $0.projectionSize = 0 }
    expect("projectionSize is 4, expected less than H = 4", .lstm) { $0.projectionSize = 4 }
    expect("gateClamp is 0.0, expected a finite number above 0", .lstm) { $0.gateClamp = 0 }
    expect("gateClamp is inf, expected a finite number above 0", .lstm) { $0.gateClamp = .infinity }
    expect("cellClamp is nan, expected a finite number above 0", .lstm) { $0.cellClamp = .nan }
    expect("cellZoneout is 1, expected at least 0 and below 1", .lstm) { $0.cellZoneout = 1 }
    expect("dropout is 0.5, expected 0 for a network of one layer", .lstm) {
      $0.dropout = 0.5
    }
    expect("parameters is too large, expected at most \(Int.max) bytes", .simple) {
      ($0.inputSize, $0.hiddenSize) = (1 << 30, 1 << 30)
    }
  }

  @Test func configurationsOfAnotherCell() {
    let gru = NetworkConfiguration(.gru, inputSize: 1, hiddenSize: 1)
    #expect {
      try LSTM<Float>(gru)
    } throws: {
      "\($0)" == "configuration.cell is gru, expected lstm"
    }
    #expect(throws: RecurError.self) { try RNN<Float>(gru, seed: 1) }
    #expect(throws: RecurError.self) { try ResidualRNN<Float>(gru, seed: 1) }
    var lstm = gru
    lstm.cell = .lstm
    #expect(throws: RecurError.self) { try GRU<Float>(lstm, seed: 1) }
  }
}
