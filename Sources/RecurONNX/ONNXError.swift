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

/// Calls a function of Recur.
func recur<Result>(_ body: () throws(RecurError) -> Result) throws(ONNXError) -> Result {
  do throws(RecurError) { return try body() } catch { throw .recur(error) }
}

/// The bounds of what is read, so that a crafted file cannot take much time or memory.
enum Limit {
  /// The number of bytes of a file.
  static let bytes = 1 << 30

  /// The depth of graphs within attributes of nodes.
  static let depth = 16

  /// Returns the number of nodes, tensors, inputs and outputs, those in nested graphs included. Each takes up to
  /// 1,000 bytes of memory, and a file may take 16 times its size and a megabyte.
  static func parts(ofFile bytes: Int) -> Int { min(1000 + bytes / 64, 1 << 16) }

  /// The number of inputs of a node. A network that is written out for each step has one for each.
  static let nodeInputs = 1 << 14

  /// The number of attributes of a node.
  static let attributes = 32

  /// The number of layers before those that no output needs are removed, and scales are merged into others.
  static let layers = 1 << 13

  /// The number of layers of a model in C.
  static let modelLayers = 4096

  /// The number of axes of a tensor.
  static let rank = 8

  /// The number of elements of a tensor.
  static let elements = 1 << 28

  /// The number of elements of a constant that is computed from fewer elements, and of one of integers.
  static let computed = 1 << 14

  /// The number of elements of a state.
  static let state = 1 << 20

  /// The size of a padding, a stride or a dilation.
  static let padding = 1 << 24

  /// Returns the number of parameters of a model of a file with this number of bytes. Layers can share weights,
  /// and a number can stand for all channels.
  static func parameters(ofFile bytes: Int) -> Int { (1 << 15) + 2 * bytes }

  /// Returns the number of elements of all constants and states that are computed in an interpretation of the
  /// inputs, of 8 bytes each.
  static func memory(ofFile bytes: Int) -> Int { (1 << 15) + bytes + bytes / 2 }

  /// Returns the number of such elements in all interpretations. A node counts as ``nodeTime`` elements.
  static func time(ofFile bytes: Int) -> Int { (1 << 22) + 16 * bytes }

  static let nodeTime = 64

  /// The number of interpretations of the axes of all inputs that are tried.
  static let interpretations = 1024
}
