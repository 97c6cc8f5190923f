// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The nodes of a graph as the C library's structs, with memory for their names.
struct NodesInC: ~Copyable {
  private let nodes: [recur_node]
  private let names: CStrings

  init(_ nodes: [ModelNode]) throws(RecurError) {
    var structs: [recur_node] = []
    var names = CStrings()
    for (k, node) in nodes.enumerated() {
      structs.append(try node.inC(number: k, &names))
    }
    self.nodes = structs
    self.names = names
  }

  func withNodes<Result>(_ body: (UnsafeBufferPointer<recur_node>) -> Result) -> Result {
    nodes.withUnsafeBufferPointer(body)
  }
}

extension ModelNode {
  /// Returns the C library's struct. It checks only what C cannot represent; C checks the rest.
  fileprivate func inC(number: Int, _ names: inout CStrings) throws(RecurError) -> recur_node {
    var node = recur_node()
    node.name = try Self.copy(name, &names)
    node.output = isOutput
    let most = Int(RECUR_NODE_SOURCES)
    guard sources.count <= most else {
      throw .invalid(
        argument: "nodes",
        reason: "[\(number)] \"\(name)\" reads \(sources.count) values, expected at most \(most)")
    }
    var pointers: [UnsafePointer<CChar>] = []
    for name in sources { pointers.append(try Self.copy(name, &names)) }
    withUnsafeMutableBytes(of: &node.from) { from in
      let from = from.assumingMemoryBound(to: UnsafePointer<CChar>?.self)
      for (k, pointer) in pointers.enumerated() { from[k] = pointer }
    }
    do throws(RecurError) {
      try layer.write(to: &node)
    } catch {
      throw .invalid(argument: "nodes", reason: "[\(number)] \"\(name)\": \(error)")
    }
    return node
  }

  private static func copy(
    _ name: String, _ names: inout CStrings
  ) throws(RecurError) -> UnsafePointer<CChar> {
    guard let copy = names.copy(name) else {
      throw .invalid(argument: "nodes", reason: "has a name with a NUL character")
    }
    return copy
  }
}

extension ModelLayer {
  fileprivate func write(to node: inout recur_node) throws(RecurError) {
    node.kind = kindInC
    switch self {
    case .features(let size), .tokens(let size), .embedding(let size), .reshape(let size):
      try node.set(size: size)
    case .network(let configuration):
      node.network = try configuration.inCForModel()
    case .dense(let size, let bias):
      try node.set(size: size)
      node.bias = bias
    case .convolution(let convolution):
      node.convolution = try convolution.inC
      node.bias = convolution.bias
    case .activation(let activation):
      node.activation = activation.inC
    case .prelu(let shared):
      node.shared = shared
    case .layerNormalization(let epsilon):
      node.epsilon = epsilon
    case .slice(let channels):
      try requireSize("channels.lowerBound", channels.lowerBound, atLeast: 0)
      node.first = channels.lowerBound
      try node.set(size: channels.count)
    case .scale, .add, .multiply, .concatenate, .softmax, .magnitude, .firstStep, .lastStep, .mean,
      .maximum:
      break
    }
  }

  private var kindInC: recur_node_kind {
    switch self {
    case .features: RECUR_NODE_FEATURES
    case .tokens: RECUR_NODE_TOKENS
    case .embedding: RECUR_NODE_EMBEDDING
    case .network: RECUR_NODE_NETWORK
    case .dense: RECUR_NODE_DENSE
    case .convolution: RECUR_NODE_CONVOLUTION
    case .activation: RECUR_NODE_ACTIVATION
    case .prelu: RECUR_NODE_PRELU
    case .layerNormalization: RECUR_NODE_LAYER_NORMALIZATION
    case .scale: RECUR_NODE_SCALE
    case .add: RECUR_NODE_ADD
    case .multiply: RECUR_NODE_MULTIPLY
    case .concatenate: RECUR_NODE_CONCATENATE
    case .slice: RECUR_NODE_SLICE
    case .reshape: RECUR_NODE_RESHAPE
    case .softmax: RECUR_NODE_SOFTMAX
    case .magnitude: RECUR_NODE_MAGNITUDE
    case .firstStep: RECUR_NODE_FIRST_STEP
    case .lastStep: RECUR_NODE_LAST_STEP
    case .mean: RECUR_NODE_MEAN
    case .maximum: RECUR_NODE_MAXIMUM
    }
  }
}

extension recur_node {
  fileprivate mutating func set(size: Int) throws(RecurError) {
    try requireSize("size", size, atLeast: 0)
    self.size = size
  }
}

extension NetworkConfiguration {
  /// Returns the C library's struct, in which an input size of 0 stands for that of the source.
  fileprivate func inCForModel() throws(RecurError) -> recur_network {
    guard inputSize == 0 else { return try inC() }
    var configuration = self
    configuration.inputSize = 1
    var network = try configuration.inC()
    network.input_size = 0
    return network
  }
}
