// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The kinds of recurrent networks, for where one is chosen while a program runs.
public enum RecurrentCell: String, Sendable, Codable, CaseIterable {
  case simple, residual, gru, lstm

  /// The kind of a network.
  ///
  /// - Throws: `RecurError` if it is none of these.
  public init<Scalar: RecurScalar>(
    of network: any RecurrentNetwork<Scalar>
  ) throws(RecurError) {
    switch network {
    case is RNN<Scalar>: self = .simple
    case is ResidualRNN<Scalar>: self = .residual
    case is GRU<Scalar>: self = .gru
    case is LSTM<Scalar>: self = .lstm
    default:
      throw .unsupported(argument: "network", reason: "is a \(type(of: network)), of no known cell")
    }
  }

  /// A network with new parameters, its other options as they usually are.
  public func network<Scalar: RecurScalar>(
    inputSize: Int, hiddenSize: Int, layers: Int = 1, dropout: Double = 0,
    initialization: Initialization = .uniform(seed: 0)
  ) throws(RecurError) -> any RecurrentNetwork<Scalar> {
    switch self {
    case .simple:
      try RNN<Scalar>(
        inputSize: inputSize, hiddenSize: hiddenSize, layers: layers, dropout: dropout,
        initialization: initialization)
    case .residual:
      try ResidualRNN<Scalar>(
        inputSize: inputSize, hiddenSize: hiddenSize, layers: layers, dropout: dropout,
        initialization: initialization)
    case .gru:
      try GRU<Scalar>(
        inputSize: inputSize, hiddenSize: hiddenSize, layers: layers, dropout: dropout,
        initialization: initialization)
    case .lstm:
      try LSTM<Scalar>(
        inputSize: inputSize, hiddenSize: hiddenSize, layers: layers, dropout: dropout,
        initialization: initialization)
    }
  }
}
