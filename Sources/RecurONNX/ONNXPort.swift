// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What the index of an axis of an ONNX tensor stands for.
public enum ONNXAxisRole: Sendable, Hashable {
  /// The steps of a sequence, T.
  case steps

  /// The sequences of a batch, B.
  case sequences

  /// The positions within a step, Q.
  case positions

  /// The channels of a position, C.
  case channels
}

/// An axis of an ONNX tensor.
public struct ONNXAxis: Sendable, Hashable {
  /// What the index stands for. An axis without roles has size 1; a merged axis has several, the slowest first.
  public let roles: [ONNXAxisRole]

  /// The size, or nil if it is known only when the model runs.
  public let size: Int?
}

extension ONNXAxis: CustomStringConvertible {
  /// Text such as `steps`, `channels 3` or `1`.
  public var description: String {
    let names = roles.map { "\($0)" }.joined(separator: " x ")
    let number = size.map { "\($0)" } ?? ""
    return names.isEmpty || number.isEmpty ? names + number : "\(names) \(number)"
  }
}

/// An input or output of an ONNX model that Recur computes for each step of each sequence.
public struct ONNXPort: Sendable, Hashable {
  /// The name in the ONNX model.
  public let name: String

  /// The name of the node in ``ONNXModel/model``.
  public let node: String

  /// The axes of the ONNX tensor.
  public let axes: [ONNXAxis]

  /// The number of positions Q of the node's columns.
  public let positions: Int

  /// Whether the tensor has tokens, that is, integers.
  public let isTokens: Bool
}

/// An input or output of an ONNX model that is a state of recurrent networks.
public struct ONNXState: Sendable, Hashable {
  /// The name in the ONNX model.
  public let name: String

  /// Whether the tensor is an input, that is, an initial state.
  public let isInput: Bool

  /// The shape. The axis of sequences is nil if its size is known only when the model runs.
  public let shape: [Int?]

  /// The parts of a `ModelState` that the tensor has elements of, such as `lstm.h`.
  public let parts: [String]
}

extension Factor {
  var role: ONNXAxisRole {
    switch self {
    case .steps: .steps
    case .sequences: .sequences
    case .positions: .positions
    case .channels: .channels
    }
  }
}
