// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A network's sizes and options, as a file has them. What a cell does not have is nil.
struct SavedNetwork: Codable, Equatable {
  var cell: RecurrentCell
  var inputSize: Int
  var hiddenSize: Int
  var layers: Int
  var bidirectional: Bool
  var activation: Activation
  var bias: Bool
  var clip: Double?
  var dropout: Double
  var recurrentDropout: Double
  var zoneout: Double

  // GRU and LSTM
  var candidateActivation: Activation?
  var layerNormalization: Bool?

  // GRU
  var reset: GRUReset?

  // LSTM
  var projectionSize: Int?
  var peepholes: LSTMPeepholes?
  var forgetGate: LSTMForgetGate?
  var outputActivation: Activation?
  var cellClip: Double?
  var cellZoneout: Double?
}

extension SavedNetwork {
  init<Scalar: RecurScalar>(_ network: any RecurrentNetwork<Scalar>) throws(RecurError) {
    self.init(try RecurrentCell(of: network), network.description)
  }

  private init(_ cell: RecurrentCell, _ options: NetworkDescription) {
    self.cell = cell
    inputSize = options.inputSize
    hiddenSize = options.hiddenSize
    layers = options.layers
    bidirectional = options.directions == 2
    activation = options.activation
    bias = options.bias
    clip = options.clip
    dropout = options.dropout
    recurrentDropout = options.recurrentDropout
    zoneout = options.zoneout
    if cell == .gru || cell == .lstm {
      candidateActivation = options.candidateActivation
      layerNormalization = options.layerNormalization
    }
    if cell == .gru { reset = options.reset }
    if cell == .lstm {
      projectionSize = options.projectionSize
      peepholes = options.peepholes
      forgetGate = options.forgetGate
      outputActivation = options.outputActivation
      cellClip = options.cellClip
      cellZoneout = options.cellZoneout
    }
  }

  /// The network, all of its parameters zero.
  ///
  /// - Throws: `RecurError` for sizes and options that no network has, one that the cell does not have
  ///   among them, or one missing that it has.
  func network<Scalar: RecurScalar>() throws(RecurError) -> any RecurrentNetwork<Scalar> {
    let network: any RecurrentNetwork<Scalar> = try make()
    guard try SavedNetwork(network) == self else {
      throw .invalid(argument: "network", reason: "has not the options of its cell, \(cell)")
    }
    return network
  }

  private func make<Scalar: RecurScalar>() throws(RecurError) -> any RecurrentNetwork<Scalar> {
    switch cell {
    case .simple:
      try RNN<Scalar>(
        inputSize: inputSize, hiddenSize: hiddenSize, layers: layers, bidirectional: bidirectional,
        activation: activation, bias: bias, clip: clip, dropout: dropout,
        recurrentDropout: recurrentDropout, zoneout: zoneout, initialization: .zeros)
    case .residual:
      try ResidualRNN<Scalar>(
        inputSize: inputSize, hiddenSize: hiddenSize, layers: layers, bidirectional: bidirectional,
        activation: activation, bias: bias, clip: clip, dropout: dropout,
        recurrentDropout: recurrentDropout, zoneout: zoneout, initialization: .zeros)
    case .gru:
      try GRU<Scalar>(
        inputSize: inputSize, hiddenSize: hiddenSize, layers: layers, bidirectional: bidirectional,
        reset: reset ?? .afterProduct, activation: activation,
        candidateActivation: candidateActivation ?? .tanh, bias: bias,
        layerNormalization: layerNormalization ?? false, clip: clip, dropout: dropout,
        recurrentDropout: recurrentDropout, zoneout: zoneout, initialization: .zeros)
    case .lstm:
      try LSTM<Scalar>(
        inputSize: inputSize, hiddenSize: hiddenSize, layers: layers, bidirectional: bidirectional,
        projectionSize: projectionSize, peepholes: peepholes ?? .none,
        forgetGate: forgetGate ?? .independent, activation: activation,
        candidateActivation: candidateActivation ?? .tanh,
        outputActivation: outputActivation ?? .tanh, bias: bias,
        layerNormalization: layerNormalization ?? false, clip: clip, cellClip: cellClip,
        dropout: dropout, recurrentDropout: recurrentDropout, zoneout: zoneout,
        cellZoneout: cellZoneout ?? 0, initialization: .zeros)
    }
  }
}
