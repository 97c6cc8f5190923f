// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The nodes of a model in order, each after the nodes that it reads: everything except the parameters.
///
/// ```swift
/// let lstm = NetworkConfiguration(
///   .lstm, inputSize: 1, hiddenSize: 40)
/// let graph = ModelGraph([
///   ModelNode("x", .features(1)),
///   ModelNode("lstm", .network(lstm), of: "x"),
///   ModelNode("head", .dense(size: 1), of: "lstm"),
///   ModelNode("y", .add, of: "head", "x", isOutput: true),
/// ])
/// let model = try Model<Float>(graph, seed: 1)
/// ```
///
/// A graph is plain data, and its fields can have any value. The initializers of a ``Model`` throw an error for
/// a graph that is invalid. ``ModelValue`` is a shorter notation.
public struct ModelGraph: Sendable, Hashable {
  /// The nodes, 1 to 4,096.
  public var nodes: [ModelNode]

  /// Creates a graph.
  ///
  /// - Parameter nodes: The nodes, each after those that it reads.
  public init(_ nodes: [ModelNode]) { self.nodes = nodes }

  /// The node with a name, or nil if there is none.
  ///
  /// - Parameter name: The name of the node.
  public subscript(name: String) -> ModelNode? { nodes.first { $0.name == name } }
}
