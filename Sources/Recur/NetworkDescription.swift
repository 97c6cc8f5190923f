// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The sizes and options of a network, apart from its parameters.
public struct NetworkDescription: Sendable {
  let inC: recur_network

  /// G: 1 for the simple and the residual cell, 3 for a GRU, 4 for an LSTM, and 3 if it is coupled.
  public let gates: Int

  /// P: the size of h. H, or the projection size of an LSTM that has one.
  public let stateSize: Int

  /// The parts of the parameter vector.
  public let parts: [ParameterPart]

  /// I.
  public var inputSize: Int { inC.input_size }

  /// H.
  public var hiddenSize: Int { inC.hidden_size }

  /// L.
  public var layers: Int { inC.layers }

  /// D: 1, or 2 for a bidirectional network.
  public var directions: Int { inC.directions }

  /// D·P: how many features come out of each layer.
  public var outputSize: Int { directions * stateSize }

  /// The chance of a layer's output not to reach the next in training.
  public var dropout: Double { inC.dropout }

  /// The chance of h_{t−1} not to reach W_hh in training, at all steps or none.
  public var recurrentDropout: Double { inC.recurrent_dropout }

  /// The chance of h to stay as it was in training; in inference, the share that does.
  public var zoneout: Double { inC.zoneout }

  /// The same of an LSTM's c.
  public var cellZoneout: Double { inC.cell_zoneout }

  /// Whether a training pass draws masks.
  var drawsMasks: Bool { [dropout, recurrentDropout, zoneout, cellZoneout].contains { $0 > 0 } }

  /// What every cell's initializer says, and what it changes of the cell.
  init(
    _ make: (Int, Int) -> recur_network, inputSize: Int, hiddenSize: Int, layers: Int,
    bidirectional: Bool, bias: Bool, clip: Double?, random: RandomOptions,
    _ configure: (inout recur_cell) throws(RecurError) -> Void
  ) throws(RecurError) {
    try requireSize("inputSize", inputSize, atLeast: 1)
    try requireSize("hiddenSize", hiddenSize, atLeast: 1)
    try requireSize("layers", layers, atLeast: 1)
    var network = make(inputSize, hiddenSize)
    network.layers = layers
    network.directions = bidirectional ? 2 : 1
    network.dropout = random.dropout
    network.recurrent_dropout = random.recurrentDropout
    network.zoneout = random.zoneout
    network.cell_zoneout = random.cellZoneout
    network.cell.bias = bias
    network.cell.clip = try limit("clip", clip)
    try configure(&network.cell)
    var (gates, stateSize, hasCellState) = (0, 0, CInt(0))
    try check(
      recur_network_sizes(&network, &gates, &stateSize, &hasCellState), networkArgumentNames)
    self.parts = try ParameterLayout.pytorch.parts(of: network)
    self.inC = network
    self.gates = gates
    self.stateSize = stateSize
  }
}

/// What a training pass draws masks for.
struct RandomOptions {
  var dropout: Double
  var recurrentDropout: Double
  var zoneout: Double
  var cellZoneout = 0.0
}

/// What something is clamped to: in C, 0 stands for nothing, which here is nil.
func limit(_ name: String, _ limit: Double?) throws(RecurError) -> Double {
  guard let limit else { return 0 }
  guard limit > 0 else { throw .invalid(argument: name, reason: "is \(limit), expected above 0") }
  return limit
}
