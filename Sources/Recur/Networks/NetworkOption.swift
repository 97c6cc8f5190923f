// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// A field of a configuration: its name in Swift and in the C library's messages, and the conversion of
/// its value.
struct NetworkOption: Sendable {
  let name: String
  let nameInC: String

  /// Returns the argument in an initializer's call, or nil if the first configuration has the value of
  /// the second, the default.
  let argument: @Sendable (NetworkConfiguration, NetworkConfiguration) -> String?

  let write: @Sendable (NetworkConfiguration, inout recur_network) throws(RecurError) -> Void
  let read: @Sendable (recur_network, inout NetworkConfiguration) -> Void

  /// All fields except the cell, in the order of the initializers' arguments.
  static let all: [NetworkOption] = [
    size("inputSize", \.inputSize, "network->input_size", \.input_size),
    size("hiddenSize", \.hiddenSize, "network->hidden_size", \.hidden_size),
    size("layers", \.layers, "network->layers", \.layers),
    same("bidirectional", \.bidirectional, "network->directions", \.bidirectional),
    projection("projectionSize", \.projectionSize, "network->cell.projection_size"),
    same("peepholes", \.peepholes, "network->cell.peepholes", \.cell.peepholes),
    same("coupledGates", \.coupledGates, "network->cell.coupled_gates", \.cell.coupled_gates),
    reset("reset", \.reset, "network->cell.reset"),
    activation("activation", \.activation, "network->cell.f", \.cell.f),
    activation("candidateActivation", \.candidateActivation, "network->cell.g", \.cell.g),
    activation("outputActivation", \.outputActivation, "network->cell.h", \.cell.h),
    same("bias", \.bias, "network->cell.bias", \.cell.bias),
    same(
      "layerNormalization", \.layerNormalization, "network->cell.layer_normalization",
      \.cell.layer_normalization),
    clamp("gateClamp", \.gateClamp, "network->cell.gate_clamp", \.cell.gate_clamp),
    clamp("cellClamp", \.cellClamp, "network->cell.cell_clamp", \.cell.cell_clamp),
    same("dropout", \.dropout, "network->dropout", \.dropout),
    same(
      "recurrentDropout", \.recurrentDropout, "network->recurrent_dropout", \.recurrent_dropout),
    same("zoneout", \.zoneout, "network->zoneout", \.zoneout),
    same("cellZoneout", \.cellZoneout, "network->cell_zoneout", \.cell_zoneout),
    storage("weightStorage", \.weightStorage, "network->weight_storage"),
  ]
}

// Conversion between Swift and C

extension NetworkConfiguration {
  /// Creates a configuration from the C library's struct.
  init(_ network: recur_network) {
    self.init(
      Cell(network.cell.kind), inputSize: network.input_size, hiddenSize: network.hidden_size)
    for option in NetworkOption.all { option.read(network, &self) }
  }

  /// Returns the C library's struct. It checks only what C cannot represent; C checks the rest.
  func inC() throws(RecurError) -> recur_network {
    var network = recur_network()
    network.cell.kind = cell.inC
    for option in NetworkOption.all { try option.write(self, &network) }
    return network
  }

  /// Throws an error unless a network can have this configuration.
  ///
  /// - Throws: ``RecurError/invalid(argument:reason:)`` with the name of the field, if a size is below 1,
  ///   a value is out of range, the cell does not have an option, or there are too many parameters to
  ///   count.
  public func validate() throws(RecurError) {
    var network = try inC()
    var (slices, count) = (0, 0)
    try check(
      recur_parameters_count(&network, ParameterLayout.pytorch.inC, &slices, &count),
      networkArgumentNames)
  }
}

extension NetworkConfiguration.Cell {
  fileprivate init(_ inC: recur_cell_kind) {
    switch inC {
    case RECUR_CELL_RESIDUAL: self = .residual
    case RECUR_CELL_GRU: self = .gru
    case RECUR_CELL_LSTM: self = .lstm
    case RECUR_CELL_RNN: self = .simple
    default: preconditionFailure("no cell of kind \(inC)")
    }
  }

  fileprivate var inC: recur_cell_kind {
    switch self {
    case .simple: RECUR_CELL_RNN
    case .residual: RECUR_CELL_RESIDUAL
    case .gru: RECUR_CELL_GRU
    case .lstm: RECUR_CELL_LSTM
    }
  }
}

extension recur_network {
  fileprivate var bidirectional: Bool {
    get { directions == 2 }
    set { directions = newValue ? 2 : 1 }
  }
}

// Kinds of fields

extension NetworkOption {
  private typealias Path<Root, Value> = WritableKeyPath<Root, Value> & Sendable

  private init<Value: Equatable & Sendable, InC>(
    _ name: String, _ path: Path<NetworkConfiguration, Value>,
    _ nameInC: String, _ pathInC: Path<recur_network, InC>,
    toC: @escaping @Sendable (Value) throws(RecurError) -> InC,
    fromC: @escaping @Sendable (InC) -> Value,
    text: @escaping @Sendable (Value) -> String = { "\($0)" }
  ) {
    self.name = name
    self.nameInC = nameInC
    argument = { configuration, defaults in
      let value = configuration[keyPath: path]
      return value == defaults[keyPath: path] ? nil : "\(name): \(text(value))"
    }
    write = { configuration, network throws(RecurError) in
      network[keyPath: pathInC] = try toC(configuration[keyPath: path])
    }
    read = { network, configuration in
      configuration[keyPath: path] = fromC(network[keyPath: pathInC])
    }
  }

  /// Returns an option whose value is the same in Swift and C.
  private static func same<Value: Equatable & Sendable>(
    _ name: String, _ path: Path<NetworkConfiguration, Value>,
    _ nameInC: String, _ pathInC: Path<recur_network, Value>
  ) -> NetworkOption {
    .init(name, path, nameInC, pathInC, toC: { $0 }, fromC: { $0 })
  }

  /// C's sizes are unsigned, so negative ones are refused here.
  private static func size(
    _ name: String, _ path: Path<NetworkConfiguration, Int>,
    _ nameInC: String, _ pathInC: Path<recur_network, Int>
  ) -> NetworkOption {
    .init(
      name, path, nameInC, pathInC,
      toC: { size throws(RecurError) in
        try requireSize(name, size, atLeast: 1)
        return size
      },
      fromC: { $0 })
  }

  /// In C, 0 means none.
  private static func projection(
    _ name: String, _ path: Path<NetworkConfiguration, Int?>, _ nameInC: String
  ) -> NetworkOption {
    .init(
      name, path, nameInC, \.cell.projection_size,
      toC: { size throws(RecurError) in
        guard let size else { return 0 }
        try requireSize(name, size, atLeast: 1)
        return size
      },
      fromC: { $0 == 0 ? nil : $0 },
      text: { "\($0!)" })
  }

  /// In C, 0 means none.
  private static func clamp(
    _ name: String, _ path: Path<NetworkConfiguration, Double?>,
    _ nameInC: String, _ pathInC: Path<recur_network, Double>
  ) -> NetworkOption {
    .init(
      name, path, nameInC, pathInC,
      toC: { limit throws(RecurError) in
        guard let limit else { return 0 }
        guard limit > 0, limit.isFinite else {
          throw .invalid(argument: name, reason: "is \(limit), expected a finite number above 0")
        }
        return limit
      },
      fromC: { $0 == 0 ? nil : $0 },
      text: { "\($0!)" })
  }

  private static func activation(
    _ name: String, _ path: Path<NetworkConfiguration, Activation>,
    _ nameInC: String, _ pathInC: Path<recur_network, recur_activation>
  ) -> NetworkOption {
    .init(
      name, path, nameInC, pathInC, toC: { $0.inC }, fromC: { Activation($0) },
      text: { ".\($0)" })
  }

  private static func storage(
    _ name: String, _ path: Path<NetworkConfiguration, NetworkConfiguration.WeightStorage>,
    _ nameInC: String
  ) -> NetworkOption {
    .init(
      name, path, nameInC, \.weight_storage,
      toC: { storage in
        switch storage {
        case .full: RECUR_STORAGE_FULL
        case .half: RECUR_STORAGE_HALF
        case .bfloat16: RECUR_STORAGE_BFLOAT16
        case .int8: RECUR_STORAGE_INT8
        }
      },
      fromC: { storage in
        switch storage {
        case RECUR_STORAGE_HALF: .half
        case RECUR_STORAGE_BFLOAT16: .bfloat16
        case RECUR_STORAGE_INT8: .int8
        default: .full
        }
      },
      text: { ".\($0)" })
  }

  private static func reset(
    _ name: String, _ path: Path<NetworkConfiguration, NetworkConfiguration.Reset>,
    _ nameInC: String
  ) -> NetworkOption {
    .init(
      name, path, nameInC, \.cell.reset,
      toC: { $0 == .afterProduct ? RECUR_RESET_AFTER : RECUR_RESET_BEFORE },
      fromC: { $0 == RECUR_RESET_AFTER ? .afterProduct : .beforeProduct },
      text: { ".\($0)" })
  }
}
