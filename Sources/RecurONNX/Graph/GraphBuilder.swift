// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A parameter of a node, computed when the graph is complete: row by row in Recur's order.
///
/// A struct, because a closure with a typed error returns a wrong value when it is an element of a dictionary
/// (Swift 6.3).
struct Parameter {
  private let body: () throws(Refusal) -> [Double]

  init(_ body: @escaping () throws(Refusal) -> [Double]) { self.body = body }

  init(_ elements: [Double]) { body = { () throws(Refusal) in elements } }

  func elements() throws(Refusal) -> [Double] { try body() }
}

/// The tensors of an ONNX recurrent operator, or of one that is written out.
struct RecurrentWeights {
  var w: Parameter
  var r: Parameter
  var b: Parameter?
  var p: Parameter?
}

/// The nodes of the Recur model while the ONNX graph is read.
struct GraphBuilder {
  struct Node {
    var layer: ModelLayer
    var sources: [Int]

    /// The name of an input.
    var name: String?

    /// The parameters by name. Those of normalizations and scales that are left out are 1 and 0.
    var parameters: [String: Parameter] = [:]

    /// The parameters of a recurrent network.
    var weights: RecurrentWeights?
    var isOutput = false
  }

  var nodes: [Node] = []

  /// Adds a node and returns its number.
  mutating func add(
    _ layer: ModelLayer, of sources: [Int], _ parameters: [String: Parameter] = [:]
  ) -> Int {
    nodes.append(Node(layer: layer, sources: sources, parameters: parameters))
    return nodes.count - 1
  }

  subscript(node: Int) -> Node {
    get { nodes[node] }
    set { nodes[node] = newValue }
  }
}
