// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

// The last changes of a graph: nodes that no output needs are removed, and constants that follow a layer become
// its parameters.

extension GraphBuilder {
  /// Removes nodes that none of `roots` depends on. Returns the new number of each node.
  mutating func prune(keeping roots: [Int]) -> [Int?] {
    var needed = [Bool](repeating: false, count: nodes.count)
    for root in roots { needed[root] = true }
    for node in nodes.indices.reversed() where needed[node] {
      for source in nodes[node].sources { needed[source] = true }
    }
    return keep { needed[$0] }
  }

  /// Merges each scale into the layer that it reads, if no other node reads it. Returns the new number of each
  /// node.
  mutating func fuse() -> [Int?] {
    var readers = [Int](repeating: 0, count: nodes.count)
    for node in nodes {
      for source in node.sources { readers[source] += 1 }
    }
    var replacement = Array(nodes.indices)
    for k in nodes.indices {
      nodes[k].sources = nodes[k].sources.map { replacement[$0] }
      guard nodes[k].layer == .scale, let source = nodes[k].sources.first,
        readers[source] == 1, !nodes[source].isOutput,
        nodes[source].absorb(nodes[k].parameters)
      else { continue }
      nodes[source].isOutput = nodes[k].isOutput
      readers[source] = readers[k]
      replacement[k] = source
    }
    let numbers = keep { replacement[$0] == $0 }
    return replacement.map { numbers[$0] }
  }

  private mutating func keep(_ isKept: (Int) -> Bool) -> [Int?] {
    var (numbers, kept) = ([Int?](), [Node]())
    for k in nodes.indices {
      numbers.append(isKept(k) ? kept.count : nil)
      guard isKept(k) else { continue }
      kept.append(nodes[k])
      kept[kept.count - 1].sources = nodes[k].sources.map { numbers[$0]! }
    }
    nodes = kept
    return numbers
  }
}

extension GraphBuilder.Node {
  /// Takes the parameters of a scale that follows; false if they would have to be computed.
  fileprivate mutating func absorb(_ scale: [String: Parameter]) -> Bool {
    let (weight, bias) = (scale["weight"], scale["bias"])
    switch layer {
    case .dense(let size, false) where weight == nil:
      layer = .dense(size: size, bias: true)
    case .convolution(var convolution) where weight == nil && !convolution.bias:
      convolution.bias = true
      layer = .convolution(convolution)
    case .layerNormalization where parameters.isEmpty,
      .scale where parameters["bias"] == nil && weight == nil,
      .layerNormalization where parameters["bias"] == nil && weight == nil:
      if let weight { parameters["weight"] = weight }
    default: return false
    }
    if let bias { parameters["bias"] = bias }
    return true
  }
}

// Names

extension GraphBuilder {
  /// Returns a unique name for each node: inputs keep theirs, layers are named after their kind.
  var names: [String] {
    var used: [String: Int] = [:]
    var names = [String](repeating: "", count: nodes.count)
    for (k, node) in nodes.enumerated() {
      if let name = node.name { names[k] = Self.unique(name, &used) }
    }
    for (k, node) in nodes.enumerated() where node.name == nil {
      names[k] = Self.unique(node.layer.kind, &used)
    }
    return names
  }

  /// Returns a name of printable ASCII characters without spaces and quotation marks.
  private static func unique(_ name: String, _ used: inout [String: Int]) -> String {
    let allowed = name.unicodeScalars.map {
      $0.value > 32 && $0.value < 127 && $0 != "\"" ? Character($0) : "_"
    }
    let base = allowed.isEmpty ? "_" : String(allowed.prefix(60))
    while true {
      let count = used[base, default: 0] + 1
      used[base] = count
      if count == 1 { return base }
      let numbered = "\(base)_\(count)"
      if used[numbered] == nil {
        used[numbered] = 1
        return numbered
      }
    }
  }
}

extension ModelLayer {
  fileprivate var kind: String {
    switch self {
    case .network(let configuration):
      configuration.cell == .simple ? "rnn" : configuration.cell.rawValue
    case .activation(let activation): String("\(activation)".prefix { $0 != "(" })
    case .layerNormalization: "layer_normalization"
    case .lastStep: "last_step"
    case .firstStep: "first_step"
    default: String("\(self)".prefix { $0 != "(" })
    }
  }
}
