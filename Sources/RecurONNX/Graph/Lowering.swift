// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// One interpretation of the graph: the nodes so far, and the states that they have.
final class Lowering {
  let opset: Int
  var builder = GraphBuilder()

  /// The parts of the final state that tensors refer to.
  var parts: [StatePart] = []

  /// The initial states that inputs give: a part, and an element for each of its elements.
  var initialStates: [(part: Int, state: StateTensor)] = []

  /// The number of nodes of the ONNX graph that have been read.
  var progress = 0

  /// The number of parameters that the model may still have.
  private var parameters: Int

  /// The number of elements that constants and states may still have.
  private var memory: Int

  init(opset: Int, fileSize: Int) {
    self.opset = opset
    parameters = Limit.parameters(ofFile: fileSize)
    memory = Limit.memory(ofFile: fileSize)
  }

  /// Counts elements of constants and states that were computed.
  func addElements(_ count: Int) throws(Refusal) {
    memory -= count
    guard memory >= 0 else { throw Refusal("computes too many constants") }
  }

  /// Counts parameters; an error if there are far more than the file has.
  func addParameters(_ count: Int) throws(Refusal) {
    parameters -= count
    guard parameters >= 0 else { throw Refusal("has more parameters than the file can have") }
  }

  /// Adds a layer of one value that keeps its shape and axes.
  func map(
    _ layer: ModelLayer, _ value: Tracked, _ parameters: [String: Parameter] = [:]
  ) -> Tracked {
    var result = value
    result.node = builder.add(layer, of: [value.node], parameters)
    return result
  }

  /// Returns a value with another number of positions. The axes are the caller's to change.
  func reshaped(_ value: Tracked, positions: Int) -> Tracked {
    guard positions != value.positions else { return value }
    var result = value
    result.positions = positions
    result.channels = value.columns / positions
    // Two reshapes in a row are one, or none.
    var source = value.node
    while case .reshape = builder[source].layer { source = builder[source].sources[0] }
    let isOriginal = positions == 1 && originalPositions(of: source) == 1
    result.node = isOriginal ? source : builder.add(.reshape(positions: positions), of: [source])
    return result
  }

  /// The number of positions of a node's value if it is certainly 1; otherwise nil.
  private func originalPositions(of node: Int) -> Int? {
    switch builder[node].layer {
    case .features, .embedding, .network, .dense: 1
    default: nil
    }
  }

  /// Returns a value whose columns are all channels of one position, in the same order. Its axes with column
  /// parts must be one, or one of positions followed by one of channels.
  func flattened(_ value: Tracked) -> Tracked {
    var result = reshaped(value, positions: 1)
    var found = false
    result.axes = value.axes.map { axis in
      axis.compactMap { factor in
        guard factor.isColumn else { return factor }
        defer { found = true }
        return found ? nil : .channels
      }
    }
    return result
  }
}

/// A node with its inputs.
struct Call {
  let node: NodeProto
  let inputs: [Value?]
  let opset: Int

  func optional(_ k: Int) -> Value? { k < inputs.count ? inputs[k] : nil }

  func input(_ k: Int) throws(Refusal) -> Value {
    guard let value = optional(k) else { throw Refusal("has no input \(k + 1)") }
    return value
  }

  func constant(_ k: Int) throws(Refusal) -> Constant {
    guard let constant = try input(k).constant else {
      throw Refusal("has an input \(k + 1) that depends on the model's inputs, expected a constant")
    }
    return constant
  }

  func optionalConstant(_ k: Int) throws(Refusal) -> Constant? {
    optional(k) == nil ? nil : try constant(k)
  }

  /// An input that the model computes: features without padding.
  func tracked(_ k: Int) throws(Refusal) -> Tracked {
    let tracked = try trackedOrPadded(k)
    guard tracked.padding == nil else {
      throw Refusal("reads the result of Pad, which only Conv can")
    }
    return tracked
  }

  func trackedOrPadded(_ k: Int) throws(Refusal) -> Tracked {
    let value = try input(k)
    guard let tracked = value.tracked else {
      if let pending = value.pending {
        throw Refusal(
          "reads \(pending.description), which Recur computes only as a part of a layer")
      }
      throw Refusal(
        value.constant == nil
          ? "reads a state, which only a recurrent network can"
          : "has a constant input \(k + 1), expected one that depends on the model's inputs")
    }
    guard !tracked.isTokens else { throw Refusal("reads tokens, which only Gather can") }
    return tracked
  }
}

// Attributes

extension Call {
  func integer(_ name: String, default value: Int) throws(Refusal) -> Int {
    guard let attribute = node.attributes[name] else { return value }
    guard let integer = attribute.integer else { throw wrong(name, "an integer") }
    return integer
  }

  func float(_ name: String, default value: Double) throws(Refusal) -> Double {
    guard let attribute = node.attributes[name] else { return value }
    guard let float = attribute.float, float.isFinite else { throw wrong(name, "a finite number") }
    return shortest(float)
  }

  func string(_ name: String, default value: String) throws(Refusal) -> String {
    guard let attribute = node.attributes[name] else { return value }
    guard let string = attribute.string else { throw wrong(name, "a string") }
    return string
  }

  func integers(_ name: String) throws(Refusal) -> [Int]? {
    guard let attribute = node.attributes[name] else { return nil }
    guard !attribute.integers.isEmpty || (attribute.integer == nil && attribute.float == nil) else {
      throw wrong(name, "a list of integers")
    }
    return attribute.integers
  }

  /// A list that is an attribute in earlier versions of an operator and an input in later ones.
  func integers(_ name: String, orInput k: Int) throws(Refusal) -> [Int]? {
    if let list = try integers(name) { return list }
    return try optionalConstant(k)?.numbers().elements
  }

  /// The axes that are an attribute in earlier versions of an operator and an input in later ones.
  func axes(input k: Int, rank: Int) throws(Refusal) -> [Int]? {
    guard let list = try integers("axes", orInput: k) else { return nil }
    return try normalized(list, rank: rank)
  }

  private func wrong(_ name: String, _ expected: String) -> Refusal {
    Refusal("has the attribute \(name) of another type, expected \(expected)")
  }
}

/// The decimal number that a 32-bit number stands for, such as 0.1. Its nearest 32-bit number is the same.
func shortest(_ float: Float) -> Double { Double("\(float)") ?? Double(float) }

func normalized(_ axis: Int, rank: Int) throws(Refusal) -> Int {
  guard axis >= -rank, axis < rank else { throw Refusal("has the axis \(axis) of \(rank)") }
  return axis < 0 ? axis + rank : axis
}

func normalized(_ axes: [Int], rank: Int) throws(Refusal) -> [Int] {
  let axes = try axes.map { axis throws(Refusal) in try normalized(axis, rank: rank) }
  guard Set(axes).count == axes.count else { throw Refusal("has an axis twice: \(axes)") }
  return axes
}
