// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The reason why a model could not be read or run.
public enum ONNXError: Error, Equatable, Sendable {
  /// The file cannot be read, or a size exceeds a limit.
  case file(reason: String)

  /// The bytes are not a valid ONNX model.
  case malformed(reason: String)

  /// The model has a part that Recur cannot express.
  case unsupported(part: String, reason: String)

  /// Recur cannot compute a node of the ONNX graph.
  case unsupportedNode(operator: String, node: String, reason: String)

  /// An argument does not fit the model.
  case invalid(argument: String, reason: String)

  /// A call of Recur failed.
  case recur(RecurError)
}

extension ONNXError: CustomStringConvertible {
  /// The operator, the node and the reason, on one printable line.
  public var description: String { text.printable(limit: 2000) }

  private var text: String {
    switch self {
    case .file(let reason), .malformed(let reason): reason
    case .unsupported(let part, let reason): "\(part) \(reason)"
    case .unsupportedNode(let name, let node, let reason): "\(name) \"\(node)\": \(reason)"
    case .invalid(let argument, let reason): "\(argument) \(reason)"
    case .recur(let error): "\(error)"
    }
  }
}
