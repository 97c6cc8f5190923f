// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension SequenceModel {
  /// The model as a graph, without its parameters: the input `x`, and the nodes `embedding`, `network` and
  /// `head`. Before a head of the last step, a bidirectional network has further nodes, because its reverse
  /// direction ends at the first step.
  public var graph: ModelGraph {
    Self.graph(
      vocabularySize: embedding?.vocabularySize, network.configuration, reading,
      outputSize: outputSize, bias: places.head.count == 2)
  }

  /// The same model as a `Model`, which can be streamed, and exported to other formats.
  ///
  /// - Throws: `RecurError` if memory allocation fails.
  public var model: Model<Scalar> {
    get throws(RecurError) {
      var model = try Model<Scalar>(graph)
      model.parameters = parameters
      return model
    }
  }

  /// Creates a model of a graph, with all parameters zero.
  ///
  /// - Parameter graph: a graph with the nodes of ``graph``.
  /// - Throws: `RecurError` if the graph is another one, or if memory allocation fails.
  public init(_ graph: ModelGraph) throws(RecurError) {
    // Only the sizes of the graph's own nodes are known to fit in memory.
    guard let parts = Self.parts(of: graph) else { throw Self.otherGraph }
    let (vocabularySize, configuration, reading, outputSize, bias) = parts
    var embedding: Embedding<Scalar>?
    if let vocabularySize {
      embedding = try Embedding(
        weight: Matrix(rows: vocabularySize, columns: configuration.inputSize))
    }
    let network: any RecurrentNetwork<Scalar> = try configuration.network(of: Scalar.self)
    try self.init(
      embedding: embedding, network: network,
      head: Linear(zeros: network.outputSize, outputSize, bias: bias), reading: reading)
  }

  /// The parts of the graph of a model; nil for any other graph.
  private static func parts(
    of graph: ModelGraph
  ) -> (
    vocabularySize: Int?, NetworkConfiguration, ModelReading, outputSize: Int, bias: Bool
  )? {
    guard case .network(let configuration)? = graph["network"]?.layer,
      case .dense(let outputSize, let bias)? = graph["head"]?.layer
    else { return nil }
    var vocabularySize: Int?
    if case .tokens(let size)? = graph["x"]?.layer { vocabularySize = size }
    let reading =
      graph.nodes.contains { $0.layer == .lastStep } ? ModelReading.lastStep : .everyStep
    let expected = self.graph(
      vocabularySize: vocabularySize, configuration, reading, outputSize: outputSize, bias: bias)
    return graph == expected ? (vocabularySize, configuration, reading, outputSize, bias) : nil
  }

  /// Whether a model has such a graph.
  package static func canExpress(_ graph: ModelGraph) -> Bool { parts(of: graph) != nil }

  private static var otherGraph: RecurError {
    .invalid(
      argument: "graph",
      reason: "is not a network with a head, and perhaps an embedding: use Model instead")
  }

  private static func graph(
    vocabularySize: Int?, _ configuration: NetworkConfiguration, _ reading: ModelReading,
    outputSize: Int, bias: Bool
  ) -> ModelGraph {
    var nodes: [ModelNode] = []
    func add(_ name: String, _ layer: ModelLayer, of sources: String...) {
      nodes.append(ModelNode(name, layer, sources: sources))
    }
    if let vocabularySize {
      add("x", .tokens(vocabularySize: vocabularySize))
      add("embedding", .embedding(size: configuration.inputSize), of: "x")
    } else {
      add("x", .features(configuration.inputSize))
    }
    add("network", .network(configuration), of: nodes[nodes.count - 1].name)
    if reading == .lastStep {
      add("last", .lastStep, of: "network")
      if configuration.directions == 2 {
        let size = configuration.stateSize
        add("first", .firstStep, of: "network")
        add("forward", .slice(0..<size), of: "last")
        add("reverse", .slice(size..<2 * size), of: "first")
        add("ends", .concatenate, of: "forward", "reverse")
      }
    }
    add("head", .dense(size: outputSize, bias: bias), of: nodes[nodes.count - 1].name)
    nodes[nodes.count - 1].isOutput = true
    return ModelGraph(nodes)
  }
}
