// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

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
