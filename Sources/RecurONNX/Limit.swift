// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

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

  /// Returns the number of layers before those that no output needs are removed, and scales are merged into others.
  /// A node of ONNX can be 20 layers.
  static func layers(ofFile bytes: Int) -> Int { min(1000 + bytes / 64, 1 << 13) }

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
