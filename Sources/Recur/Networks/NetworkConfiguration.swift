// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The cell, the sizes and the options of a recurrent network: everything but its parameters.
///
/// The networks' initializers make one, a network reports it, and a model file stores it.
///
/// ```swift
/// var configuration = NetworkConfiguration(.lstm, inputSize: 40, hiddenSize: 128)
/// configuration.layers = 2
/// let network = try configuration.network(of: Float.self, seed: 1)
/// ```
///
/// A configuration is plain data: its fields may have any value. ``validate()``, and every initializer
/// that takes a configuration, refuses what no network has: a size below 1, a value out of its range,
/// or an option that the cell does not have.
public struct NetworkConfiguration: Sendable, Hashable, Codable {
  /// The kinds of cells.
  public enum Cell: String, Sendable, Codable, CaseIterable {
    /// ``RNN``.
    case simple

    /// ``ResidualRNN``.
    case residual

    /// ``Recur/GRU``.
    case gru

    /// ``Recur/LSTM``.
    case lstm
  }

  /// Where a GRU's reset gate acts: two different networks are called GRU.
  public enum Reset: String, Sendable, Codable, CaseIterable {
    /// After the product, n = tanh(W_n x + b_in + r ∘ (U_n h + b_hn)): PyTorch, cuDNN, Keras.
    case afterProduct

    /// Before it, n = tanh(W_n x + b_in + U_n (r ∘ h) + b_hn): the textbook (6.66), ONNX's default.
    case beforeProduct
  }

  public var cell: Cell

  /// I.
  public var inputSize: Int

  /// H.
  public var hiddenSize: Int

  /// L.
  public var layers = 1

  /// Whether each layer has a second, reverse direction: D = 2.
  public var bidirectional = false

  /// Whether there are biases.
  public var bias = true

  /// The activation of the gates; of a simple or residual cell, the only one. By default tanh in simple
  /// and residual cells and sigmoid in the others.
  public var activation: Activation

  /// GRU, LSTM: the activation of the candidate.
  public var candidateActivation = Activation.tanh

  /// LSTM: the activation of the cell state at the output.
  public var outputActivation = Activation.tanh

  /// The input of every gate's activation is clamped to ±gateClamp.
  public var gateClamp: Double?

  /// GRU: where the reset gate acts.
  public var reset = Reset.afterProduct

  /// GRU, LSTM: whether W_ih x and W_hh h are normalised before they are added.
  public var layerNormalization = false

  /// LSTM: whether the gates see the cell state, i and f c_{t−1}, o c_t.
  public var peepholes = false

  /// LSTM: whether f = 1 − i, which leaves three gates, i g o.
  public var coupledGates = false

  /// LSTM: P, from 1 to H − 1: h_t is projected to this size.
  public var projectionSize: Int?

  /// LSTM: c_t is clamped to ±cellClamp.
  public var cellClamp: Double?

  /// In training, the dropout probability between layers; from 0 to below 1.
  public var dropout = 0.0

  /// In training, the dropout probability of h_{t−1} in its product with W_hh, with one mask for all
  /// steps; from 0 to below 1.
  public var recurrentDropout = 0.0

  /// In training, the probability that an element of h keeps its previous value; from 0 to below 1. In
  /// inference, the share of the previous value.
  public var zoneout = 0.0

  /// LSTM: the same for c.
  public var cellZoneout = 0.0

  /// A configuration with the default of every option.
  ///
  /// - Parameters:
  ///   - cell: the kind of the cells.
  ///   - inputSize: I, at least 1.
  ///   - hiddenSize: H, at least 1.
  public init(_ cell: Cell, inputSize: Int, hiddenSize: Int) {
    self.cell = cell
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    switch cell {
    case .simple, .residual: activation = .tanh
    case .gru, .lstm: activation = .sigmoid
    }
  }
}

// What follows from the fields

extension NetworkConfiguration {
  /// D: 1, or 2 for a bidirectional network.
  public var directions: Int { bidirectional ? 2 : 1 }

  /// The names of the gates in the order of the parameters' rows: r z n of a GRU, i f g o of an LSTM, i g o
  /// of a coupled one, and h of simple and residual cells, which have one.
  public var gateNames: [String] {
    switch cell {
    case .simple, .residual: ["h"]
    case .gru: ["r", "z", "n"]
    case .lstm: coupledGates ? ["i", "g", "o"] : ["i", "f", "g", "o"]
    }
  }

  /// G.
  public var gateCount: Int { gateNames.count }

  /// P: the size of h. H, or the projection size of an LSTM that has one.
  public var stateSize: Int { projectionSize ?? hiddenSize }

  /// D·P: the number of features of each layer's output.
  public var outputSize: Int { directions * stateSize }

  /// Whether a state has a cell state, c, in addition to h.
  public var hasCellState: Bool { cell == .lstm }

  /// Whether a training pass draws masks, and so needs a ``DropoutSeed``: with dropout, recurrent dropout
  /// or zoneout.
  public var drawsMasks: Bool {
    dropout > 0 || recurrentDropout > 0 || zoneout > 0 || cellZoneout > 0
  }

  /// Every layer and direction, in the order of a state's rows.
  package var recurrences: [(layer: Int, direction: Direction)] {
    (0..<layers).flatMap { layer in
      Direction.allCases.prefix(directions).map { (layer, $0) }
    }
  }
}

// Networks of a configuration

extension NetworkConfiguration {
  /// A network with all parameters zero, to be set.
  ///
  /// - Parameter scalar: the precision, `Float` or `Double`.
  /// - Returns: an ``RNN``, ``ResidualRNN``, ``Recur/GRU`` or ``Recur/LSTM``.
  /// - Throws: ``RecurError`` for a configuration that no network has.
  public func network<Scalar: RecurScalar>(
    of scalar: Scalar.Type
  ) throws(RecurError) -> any RecurrentNetwork<Scalar> {
    switch cell {
    case .simple: try RNN<Scalar>(self)
    case .residual: try ResidualRNN<Scalar>(self)
    case .gru: try GRU<Scalar>(self)
    case .lstm: try LSTM<Scalar>(self)
    }
  }

  /// A network with new parameters.
  ///
  /// - Parameters:
  ///   - scalar: the precision, `Float` or `Double`.
  ///   - initialization: how the parameters are drawn.
  ///   - seed: the seed of the random numbers.
  /// - Returns: an ``RNN``, ``ResidualRNN``, ``Recur/GRU`` or ``Recur/LSTM``.
  /// - Throws: ``RecurError`` for a configuration that no network has, or an initialization that
  ///   the cell does not have.
  public func network<Scalar: RecurScalar>(
    of scalar: Scalar.Type, initialization: Initialization = .uniform, seed: UInt64
  ) throws(RecurError) -> any RecurrentNetwork<Scalar> {
    switch cell {
    case .simple: try RNN<Scalar>(self, initialization: initialization, seed: seed)
    case .residual: try ResidualRNN<Scalar>(self, initialization: initialization, seed: seed)
    case .gru: try GRU<Scalar>(self, initialization: initialization, seed: seed)
    case .lstm: try LSTM<Scalar>(self, initialization: initialization, seed: seed)
    }
  }
}

extension NetworkConfiguration: CustomStringConvertible {
  /// The call of the initializer that makes such a network, with what differs from the defaults:
  /// `LSTM(inputSize: 40, hiddenSize: 128, layers: 2)`.
  public var description: String { "\(cell.typeName)(\(arguments))" }

  var arguments: String {
    let defaults = NetworkConfiguration(cell, inputSize: inputSize, hiddenSize: hiddenSize)
    let options = NetworkOption.all.compactMap { $0.argument(self, defaults) }
    return (["inputSize: \(inputSize)", "hiddenSize: \(hiddenSize)"] + options)
      .joined(separator: ", ")
  }
}

extension NetworkConfiguration.Cell {
  fileprivate var typeName: String {
    switch self {
    case .simple: "RNN"
    case .residual: "ResidualRNN"
    case .gru: "GRU"
    case .lstm: "LSTM"
    }
  }
}
