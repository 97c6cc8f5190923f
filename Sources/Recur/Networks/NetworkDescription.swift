// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The sizes and options of a network, apart from its parameters. An option that the cell does not have
/// reads as one that is not set.
public struct NetworkDescription: Sendable {
  let plan: NetworkPlan

  var inC: recur_network { plan.inC }
  private var cell: String { plan.cell }
  private var usualActivation: Activation { plan.usualActivation }

  /// G: 1 for the simple and the residual cell, 3 for a GRU, 4 for an LSTM, and 3 if it is coupled.
  public var gates: Int { plan.gates }

  /// P: the size of h. H, or the projection size of an LSTM that has one.
  public var stateSize: Int { plan.stateSize }

  /// The parts of the parameter vector.
  public var parts: [ParameterPart] { plan.parts }

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

  /// Of the gates; of a simple or residual cell, the one there is.
  public var activation: Activation { Activation(inC.cell.f) }

  /// Of the candidate of a GRU or an LSTM.
  public var candidateActivation: Activation { Activation(inC.cell.g) }

  /// Of an LSTM's c on its way out.
  public var outputActivation: Activation { Activation(inC.cell.h) }

  /// Whether there are biases.
  public var bias: Bool { inC.cell.bias }

  /// What the inputs of activations are clamped to.
  public var clip: Double? { inC.cell.gate_clamp == 0 ? nil : inC.cell.gate_clamp }

  /// Whether W_ih x and W_hh h are normalised, in a GRU or an LSTM.
  public var layerNormalization: Bool { inC.cell.layer_norm }

  /// Of a GRU.
  public var reset: GRUReset {
    inC.cell.reset == RECUR_RESET_AFTER ? .afterProduct : .beforeProduct
  }

  /// Of an LSTM.
  public var forgetGate: LSTMForgetGate { inC.cell.coupled ? .coupledToInput : .independent }

  /// Of an LSTM.
  public var peepholes: LSTMPeepholes { inC.cell.peepholes ? .diagonal : .none }

  /// Of an LSTM that has a projection: P.
  public var projectionSize: Int? {
    inC.cell.projection_size == 0 ? nil : inC.cell.projection_size
  }

  /// What an LSTM's c is clamped to.
  public var cellClip: Double? { inC.cell.cell_clamp == 0 ? nil : inC.cell.cell_clamp }

  /// The chance of a layer's output not to reach the next in training.
  public var dropout: Double { inC.dropout }

  /// The chance of h_{t−1} not to reach W_hh in training, at all steps or none.
  public var recurrentDropout: Double { inC.recurrent_dropout }

  /// The chance of h to stay as it was in training; in inference, the share that does.
  public var zoneout: Double { inC.zoneout }

  /// The same of an LSTM's c.
  public var cellZoneout: Double { inC.cell_zoneout }

  /// Whether a training pass draws masks, and so needs a ``DropoutSeed``: with any of these four.
  public var drawsMasks: Bool {
    [dropout, recurrentDropout, zoneout, cellZoneout].contains { $0 > 0 }
  }

  /// What every cell's initializer says, and what it changes of the cell.
  init(
    _ cell: String, _ make: (Int, Int) -> recur_network, inputSize: Int, hiddenSize: Int,
    layers: Int,
    bidirectional: Bool, bias: Bool, clip: Double?, random: RandomOptions,
    _ configure: (inout recur_cell) throws(RecurError) -> Void
  ) throws(RecurError) {
    try requireSize("inputSize", inputSize, atLeast: 1)
    try requireSize("hiddenSize", hiddenSize, atLeast: 1)
    try requireSize("layers", layers, atLeast: 1)
    var network = make(inputSize, hiddenSize)
    let usualActivation = Activation(network.cell.f)
    network.layers = layers
    network.directions = bidirectional ? 2 : 1
    network.dropout = random.dropout
    network.recurrent_dropout = random.recurrentDropout
    network.zoneout = random.zoneout
    network.cell_zoneout = random.cellZoneout
    network.cell.bias = bias
    network.cell.gate_clamp = try limit("clip", clip)
    try configure(&network.cell)
    var sizes = recur_network_sizes()
    try check(
      recur_network_measure(&network, &sizes), networkArgumentNames)
    self.plan = NetworkPlan(
      inC: network, cell: cell, usualActivation: usualActivation, gates: sizes.gates,
      stateSize: sizes.state_size, parts: try ParameterLayout.pytorch.parts(of: network))
  }
}

extension NetworkDescription: CustomStringConvertible, Equatable {
  /// The initializer's call, without what it may leave out: `LSTM(inputSize: 40, hiddenSize: 128)`.
  public var description: String { "\(cell)(\(arguments))" }

  var arguments: String {
    let all = [
      "inputSize: \(inputSize)",
      "hiddenSize: \(hiddenSize)",
      layers == 1 ? nil : "layers: \(layers)",
      directions == 1 ? nil : "bidirectional: true",
      projectionSize.map { "projectionSize: \($0)" },
      peepholes == .none ? nil : "peepholes: .\(peepholes)",
      forgetGate == .independent ? nil : "forgetGate: .\(forgetGate)",
      reset == .afterProduct ? nil : "reset: .\(reset)",
      activation == usualActivation ? nil : "activation: .\(activation)",
      candidateActivation == .tanh ? nil : "candidateActivation: .\(candidateActivation)",
      outputActivation == .tanh ? nil : "outputActivation: .\(outputActivation)",
      bias ? nil : "bias: false",
      layerNormalization ? "layerNormalization: true" : nil,
      clip.map { "clip: \($0)" },
      cellClip.map { "cellClip: \($0)" },
      dropout == 0 ? nil : "dropout: \(dropout)",
      recurrentDropout == 0 ? nil : "recurrentDropout: \(recurrentDropout)",
      zoneout == 0 ? nil : "zoneout: \(zoneout)",
      cellZoneout == 0 ? nil : "cellZoneout: \(cellZoneout)",
    ]
    return all.compactMap(\.self).joined(separator: ", ")
  }

  /// What a description leaves out is the same in all that read alike.
  public static func == (a: Self, b: Self) -> Bool { a.description == b.description }
}

extension RecurrentNetwork {
  /// Prints the initializer's call, `LSTM<Float>(inputSize: 40, hiddenSize: 128)`, and no parameters.
  public func write(to target: inout some TextOutputStream) {
    target.write("\(Self.self)(\(description.arguments))")
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
