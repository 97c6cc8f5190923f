// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The cell, the sizes and the options of a recurrent network: everything except its parameters.
///
/// The networks' initializers create a configuration, a network returns it, and a model file stores it.
///
/// ```swift
/// var configuration = NetworkConfiguration(
///   .lstm, inputSize: 40, hiddenSize: 128)
/// configuration.layers = 2
/// let network = try configuration.network(of: Float.self, seed: 1)
/// ```
///
/// A configuration is plain data, and its fields can have any value. ``validate()``, and every
/// initializer that takes a configuration, throws an error for a size below 1, a value out of range, or
/// an option that the cell does not have.
public struct NetworkConfiguration: Sendable, Hashable, Codable {
  /// The kinds of cells.
  public enum Cell: String, Sendable, Codable, CaseIterable {
    /// The simple cell of an ``RNN``.
    case simple

    /// The residual cell of a ``ResidualRNN``.
    case residual

    /// The gated recurrent unit of a ``Recur/GRU``.
    case gru

    /// The long short-term memory of an ``Recur/LSTM``.
    case lstm
  }

  /// The position of a GRU's reset gate. Two different networks are called GRU.
  public enum Reset: String, Sendable, Codable, CaseIterable {
    /// After the product: n = tanh(Wₙ x + bᵢₙ + r ∘ (Uₙ h + bₕₙ)). This is the GRU of PyTorch, cuDNN and
    /// Keras.
    case afterProduct

    /// Before the product: n = tanh(Wₙ x + bᵢₙ + Uₙ (r ∘ h) + bₕₙ). This is the textbook's equation 6.66
    /// and ONNX's default.
    case beforeProduct
  }

  /// How packed weights store Wᵢₕ, Wₕₕ and the projection Wₕᵣ in inference. Biases keep the precision of the
  /// network.
  ///
  /// Outputs are bit-identical for any batch size, number of threads and instruction set. Another storage than
  /// ``full`` requires the precision `Float` and a large Wₕₕ, because a small one is faster if it is full.
  public enum WeightStorage: String, Sendable, Codable, CaseIterable {
    /// The precision of the network, without rounding.
    case full

    /// IEEE 754 binary16, with half the memory of `Float`. Products and sums keep single precision, so the
    /// outputs are bit-identical to those of a network with the rounded parameters. Elements must be below
    /// 65,520 in magnitude, and Wₕₕ must have at least 65,536 elements.
    case half

    /// The upper 16 bits of `Float`, with half its memory: 8 significant bits, whereas ``half`` has 11, and faster
    /// than ``half``. Products and sums keep single precision, so the outputs are bit-identical to those of a
    /// network with the rounded parameters. Elements must be below 3.396 · 10³⁸ in magnitude, and Wₕₕ must have at
    /// least 16,384 elements.
    case bfloat16

    /// Integers from −127 to 127 with a scale for each row of Wᵢₕ and Wₕₕ: a quarter of the memory of `Float`. Wₕᵣ
    /// remains full. In products, x and h are rounded in the same way, with a scale for each sequence and step:
    /// the error is up to 0.4% of the largest element. Sums are exact. Wₕₕ must have at least 16,384 elements,
    /// and x and h at most 8,192.
    case int8
  }

  /// The kind of cell.
  public var cell: Cell

  /// The number of input features, I.
  public var inputSize: Int

  /// The hidden size, H.
  public var hiddenSize: Int

  /// The number of layers, L.
  public var layers = 1

  /// Whether each layer has a second, reverse direction: D = 2.
  public var bidirectional = false

  /// Whether the cells have biases.
  public var bias = true

  /// The activation of the gates, or the only activation of a simple or residual cell. The default is
  /// tanh in simple and residual cells and sigmoid in the others.
  public var activation: Activation

  /// The activation of the candidate, in a GRU or an LSTM.
  public var candidateActivation = Activation.tanh

  /// The activation of the cell state at the output, in an LSTM.
  public var outputActivation = Activation.tanh

  /// The maximum absolute value of the input of every gate's activation; larger values are clamped.
  public var gateClamp: Double?

  /// The position of the reset gate, in a GRU.
  public var reset = Reset.afterProduct

  /// Whether Wᵢₕ x and Wₕₕ h are normalized before they are added, in a GRU or an LSTM.
  public var layerNormalization = false

  /// Whether the gates read the cell state, in an LSTM: i and f read cₜ₋₁, and o reads cₜ.
  public var peepholes = false

  /// Whether f = 1 − i, in an LSTM, which leaves the three gates i, g and o.
  public var coupledGates = false

  /// The size P to which hₜ is projected, in an LSTM; from 1 to H − 1.
  public var projectionSize: Int?

  /// The maximum absolute value of cₜ, in an LSTM; larger values are clamped.
  public var cellClamp: Double?

  /// The dropout probability between layers in training; at least 0 and below 1.
  public var dropout = 0.0

  /// The dropout probability of hₜ₋₁ in its product with Wₕₕ in training, with one mask for all steps; at
  /// least 0 and below 1.
  public var recurrentDropout = 0.0

  /// The probability that an element of h keeps its previous value in training; at least 0 and below 1.
  /// In inference, the weight of the previous value.
  public var zoneout = 0.0

  /// The probability that an element of c keeps its previous value in training, in an LSTM; at least 0
  /// and below 1. In inference, the weight of the previous value.
  public var cellZoneout = 0.0

  /// How packed weights store the matrices in inference. A network whose storage is not
  /// ``WeightStorage/full`` cannot be trained. ``RecurrentNetwork/compressed(_:)`` sets this option.
  public var weightStorage = WeightStorage.full

  /// Creates a configuration with default options.
  ///
  /// - Parameters:
  ///   - cell: The kind of cell.
  ///   - inputSize: The number of input features I, at least 1.
  ///   - hiddenSize: The hidden size H, at least 1.
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

// Derived properties

extension NetworkConfiguration {
  /// The number of directions, D: 2 if the network is bidirectional, else 1.
  public var directions: Int { bidirectional ? 2 : 1 }

  /// The names of the gates in the order of the parameters' rows: r, z, n in a GRU; i, f, g, o in an
  /// LSTM; i, g, o in an LSTM with coupled gates; and h, the only one, in simple and residual cells.
  public var gateNames: [String] {
    switch cell {
    case .simple, .residual: ["h"]
    case .gru: ["r", "z", "n"]
    case .lstm: coupledGates ? ["i", "g", "o"] : ["i", "f", "g", "o"]
    }
  }

  /// The number of gates, G.
  public var gateCount: Int { gateNames.count }

  /// The size of h, P: the projection size of an LSTM that has one, else H.
  public var stateSize: Int { projectionSize ?? hiddenSize }

  /// The number of features of each layer's output, D·P.
  public var outputSize: Int { directions * stateSize }

  /// Whether a state has a cell state c in addition to h.
  public var hasCellState: Bool { cell == .lstm }

  /// Whether a training pass draws random masks and therefore requires a ``DropoutSeed``: with dropout,
  /// recurrent dropout or zoneout.
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
  /// Creates a network with zero parameters.
  ///
  /// - Parameter scalar: The precision, `Float` or `Double`.
  /// - Returns: An ``RNN``, ``ResidualRNN``, ``Recur/GRU`` or ``Recur/LSTM``.
  /// - Throws: ``RecurError`` if the configuration is invalid.
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

  /// Creates a network with new parameters.
  ///
  /// - Parameters:
  ///   - scalar: The precision, `Float` or `Double`.
  ///   - initialization: The initialization of the parameters.
  ///   - seed: The seed of the random numbers.
  /// - Returns: An ``RNN``, ``ResidualRNN``, ``Recur/GRU`` or ``Recur/LSTM``.
  /// - Throws: ``RecurError`` if the configuration is invalid or the cell does not support the
  ///   initialization.
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

extension NetworkConfiguration {
  /// The slices of the parameters of a network.
  package var parameterSlices: [ParameterSlice] {
    get throws(RecurError) { try ParameterLayout.pytorch.slices(of: inC()) }
  }

  /// The slices of the parameters of a network in Keras's layout.
  package var kerasSlices: [ParameterSlice] {
    get throws(RecurError) { try ParameterLayout.keras.slices(of: inC()) }
  }

  /// Returns the parameters by name for those of Keras layers.
  package func parameters(fromKeras numbers: [Double]) throws(RecurError) -> [String: [Double]] {
    try network(of: Double.self).parameters(fromKeras: numbers)
  }

  /// Returns the slices and the values of Keras's layout for parameters by name.
  package func parameters(
    toKeras parameters: [String: [Double]]
  ) throws(RecurError) -> [(slice: ParameterSlice, numbers: [Double])] {
    try network(of: Double.self).parameters(toKeras: parameters)
  }
}

extension RecurrentNetwork<Double> {
  fileprivate func parameters(
    fromKeras numbers: [Double]
  ) throws(RecurError) -> [String: [Double]] {
    var (network, vector) = (self, try parameters(in: .keras))
    try vector.setElements(numbers)
    try network.setParameters(vector, in: .keras)
    let elements = network.parameters.elements
    return Dictionary(
      uniqueKeysWithValues: network.parameters.slices.map {
        ($0.name, Array(elements[$0.range]))
      })
  }
}

extension RecurrentNetwork<Double> {
  fileprivate func parameters(
    toKeras numbers: [String: [Double]]
  ) throws(RecurError) -> [(slice: ParameterSlice, numbers: [Double])] {
    var network = self
    for slice in parameters.slices {
      try network.parameters.set(
        slice.name,
        to: Matrix(rows: slice.rows, columns: slice.columns, elements: numbers[slice.name] ?? []))
    }
    let vector = try network.parameters(in: .keras)
    let elements = vector.elements
    return vector.slices.map { ($0, Array(elements[$0.range])) }
  }
}

extension NetworkConfiguration: CustomStringConvertible {
  /// The call of the initializer that creates such a network, with all options that differ from the
  /// defaults: `LSTM(inputSize: 40, hiddenSize: 128, layers: 2)`.
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
