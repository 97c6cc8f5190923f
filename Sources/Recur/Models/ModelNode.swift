// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A named value of a model, and the layer that computes it from the values of earlier nodes.
public struct ModelNode: Sendable, Hashable {
  /// The name: 1 to 79 printable ASCII characters without spaces and quotation marks, unique in the model.
  public var name: String

  /// The layer.
  public var layer: ModelLayer

  /// The names of the earlier nodes that the layer reads; at most 8.
  public var sources: [String]

  /// Whether the value is an output of the model.
  public var isOutput: Bool

  /// Creates a node.
  ///
  /// - Parameters:
  ///   - name: The name: 1 to 79 printable ASCII characters without spaces and quotation marks, unique in the
  ///     model.
  ///   - layer: The layer.
  ///   - sources: The names of the earlier nodes that the layer reads; at most 8.
  ///   - isOutput: Whether the value is an output of the model.
  public init(
    _ name: String, _ layer: ModelLayer, of sources: String..., isOutput: Bool = false
  ) {
    self.init(name, layer, sources: sources, isOutput: isOutput)
  }

  /// Creates a node from a list of sources.
  ///
  /// - Parameters:
  ///   - name: The name: 1 to 79 printable ASCII characters without spaces and quotation marks, unique in the
  ///     model.
  ///   - layer: The layer.
  ///   - sources: The names of the earlier nodes that the layer reads; at most 8.
  ///   - isOutput: Whether the value is an output of the model.
  public init(_ name: String, _ layer: ModelLayer, sources: [String], isOutput: Bool = false) {
    self.name = name
    self.layer = layer
    self.sources = sources
    self.isOutput = isOutput
  }
}
