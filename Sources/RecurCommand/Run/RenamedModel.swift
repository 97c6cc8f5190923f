// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurONNX

/// A model as it is written to a file: its nodes have the names that the inputs and outputs have in the original
/// file. The axes of their tensors are those of Recur.
struct RenamedModel<Scalar: RecurScalar> {
  let loaded: LoadedModel<Scalar>

  /// The new names of all nodes, by the old ones.
  let names: [String: String]

  init(_ original: LoadedModel<Scalar>) throws {
    guard original.onnx != nil else {
      loaded = original.withoutInitialState
      names = Dictionary(
        uniqueKeysWithValues: original.model.graph.nodes.map { ($0.name, $0.name) })
      return
    }
    var graph = original.model.graph
    let ports = try original.inputs + original.outputs
    let names = Self.names(of: graph, ports)
    // The networks of final states are outputs only because of these.
    let outputs = Set(try original.outputs.map(\.node))
    let read = Set(graph.nodes.flatMap(\.sources))
    for k in graph.nodes.indices {
      let name = graph.nodes[k].name
      graph.nodes[k].isOutput = outputs.contains(name) || !read.contains(name)
      graph.nodes[k].name = names[name]!
      graph.nodes[k].sources = graph.nodes[k].sources.map { names[$0]! }
    }
    self.names = names
    loaded = LoadedModel(
      original.path,
      try BadInput.naming(original.path) {
        var model = try Model<Scalar>(graph)
        try model.parameters.setElements(original.model.parameters.elements)
        return model
      })
  }

  private static func names(of graph: ModelGraph, _ ports: [ModelPort]) -> [String: String] {
    var names = Dictionary(uniqueKeysWithValues: graph.nodes.map { ($0.name, $0.name) })
    for port in ports where names[port.node] == port.node && port.name.isNodeName {
      if !names.values.contains(port.name) { names[port.node] = port.name }
    }
    return names
  }
}

extension String {
  /// Whether a node can have this name.
  fileprivate var isNodeName: Bool {
    1...79 ~= utf8.count
      && utf8.allSatisfy { 0x21...0x7e ~= $0 && $0 != UInt8(ascii: "\"") }
  }
}
