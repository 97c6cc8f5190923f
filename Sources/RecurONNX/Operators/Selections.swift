// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Selects elements of an axis by constant numbers, or rows of a table by tokens.
func gather(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let (value, indices) = (try call.input(0), try call.input(1))
  if let tokens = indices.tracked { return [Value(try embedding(lowering, call, tokens))] }
  guard let dims = value.dims else { throw Refusal("reads a tensor of unknown shape") }
  let axis = try normalized(call.integer("axis", default: 0), rank: dims.count)
  let numbers = try call.constant(1).numbers()
  guard numbers.dims.count + dims.count - 1 <= Limit.rank else {
    throw Refusal("has more than \(Limit.rank) axes")
  }
  if let constant = value.constant {
    guard constant.type.isFloating else {
      return [
        Value(constant: Constant(try constant.sizes().gathered(axis, numbers), constant.type))
      ]
    }
    return [Value(constant: Constant(try constant.values().gathered(axis, numbers), constant.type))]
  }
  let selected = try value.rearranged(lowering, selection(axis, dims[axis], numbers.elements))
  var shape = dims
  shape.replaceSubrange(axis...axis, with: numbers.dims.map { Size($0) })
  return [try selected.rearranged(lowering, .reshape(shape))]
}

private func selection(
  _ axis: Int, _ size: Size, _ numbers: [Int]
) throws(Refusal) -> Rearrangement {
  guard let first = numbers.first else { throw Refusal("selects no elements") }
  guard let n = size.number else {
    if numbers == [0] { return .first(axis: axis) }
    guard numbers == [-1] else {
      throw Refusal("selects element \(first) of an axis of size \(size)")
    }
    return .last(axis: axis)
  }
  guard numbers.allSatisfy({ $0 >= -n && $0 < n }) else {
    throw Refusal("selects an element out of range")
  }
  let numbers = numbers.map { $0 < 0 ? $0 + n : $0 }
  let step = numbers.count > 1 ? numbers[1] - numbers[0] : 1
  guard step != 0, zip(numbers, numbers.dropFirst()).allSatisfy({ $1 - $0 == step }) else {
    throw Refusal("selects elements in an irregular order")
  }
  return .slice(axis: axis, first: numbers[0], step: step, count: numbers.count)
}

extension NDArray {
  fileprivate func gathered(_ axis: Int, _ numbers: NDArray<Int>) throws(Refusal) -> NDArray {
    let n = dims[axis]
    var shape = dims
    shape.replaceSubrange(axis...axis, with: numbers.dims)
    guard numbers.elements.allSatisfy({ $0 >= -n && $0 < n }) else {
      throw Refusal("selects an element out of range")
    }
    let limit = max(Limit.computed, elements.count + numbers.elements.count)
    guard elementCount(shape, limit: limit) != nil else {
      throw Refusal("computes a tensor of the shape \(shape), which is too large")
    }
    let (outer, inner) = (dims[..<axis].reduce(1, *), dims[(axis + 1)...].reduce(1, *))
    var result: [Element] = []
    for k in 0..<outer {
      for number in numbers.elements {
        let start = (k * n + (number < 0 ? number + n : number)) * inner
        result += elements[start..<start + inner]
      }
    }
    return NDArray(dims: shape, elements: result)
  }
}

private func embedding(
  _ lowering: Lowering, _ call: Call, _ tokens: Tracked
) throws(Refusal) -> Tracked {
  guard tokens.isTokens else { throw Refusal("selects elements by features, expected tokens") }
  let table = try call.constant(0)
  let dims = try table.knownDims
  let axis = try normalized(call.integer("axis", default: 0), rank: dims.count)
  guard dims.count == 2, axis == 0, table.type.isFloating, dims[0] > 0, dims[1] > 0 else {
    throw Refusal("selects from a table of the shape \(dims), expected rows of a matrix")
  }
  guard case .tokens(let size) = lowering.builder[tokens.node].layer, size == 1 || size == dims[0]
  else {
    throw Refusal("reads the same tokens as an embedding with another number of rows")
  }
  lowering.builder[tokens.node].layer = .tokens(vocabularySize: dims[0])
  var result = tokens
  result.isTokens = false
  result.node = lowering.builder.add(
    .embedding(size: dims[1]), of: [tokens.node],
    ["weight": Parameter { () throws(Refusal) in try table.values().elements }])
  result.channels = dims[1]
  result.axes.append([.channels])
  result.dropOnes()
  return result
}

// Concatenation

func concatenate(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let values = try call.inputs.indices.map { k throws(Refusal) in try call.input(k) }
  guard let rank = values.first?.dims?.count else { throw Refusal("has no input of known shape") }
  let axis = try normalized(call.integer("axis", default: 0), rank: rank)
  if values.count == 1 { return values }
  let terms = values.compactMap {
    if case .step(let term)? = $0.pending, term.kind == .hidden { term } else { nil }
  }
  if terms.count == values.count, axis == 0 { return [try StepTerm.joined(terms, lowering)] }
  let constants = values.compactMap(\.constant)
  if constants.count == values.count {
    let type = constants[0].type
    guard constants.allSatisfy({ $0.type == type }) else {
      throw Refusal("has inputs of several types")
    }
    if let filled = try joinedFilled(constants, axis) { return [Value(constant: filled)] }
    if type.isFloating {
      let arrays = try constants.map { c throws(Refusal) in try c.values() }
      return [Value(constant: Constant(try .concatenated(arrays, axis: axis), type))]
    }
    let arrays = try constants.map { c throws(Refusal) in try c.sizes() }
    return [Value(constant: Constant(try .concatenated(arrays, axis: axis), type))]
  }
  var refusal = Refusal("joins values with constants, or a state with values")
  var (tracked, state): (Tracked?, StateTensor?) = (nil, nil)
  let (states, trackeds) = (values.compactMap(\.state), values.compactMap(\.tracked))
  if states.count == values.count {
    do throws(Refusal) { state = try joined(states, axis) } catch { refusal = error }
  }
  if trackeds.count == values.count {
    do throws(Refusal) { tracked = try joined(lowering, trackeds, axis) } catch { refusal = error }
  }
  guard tracked != nil || state != nil else { throw refusal }
  return [Value(tracked: tracked, state: state)]
}

/// Joins constants that are the same number everywhere, in shapes that may have named sizes.
private func joinedFilled(_ constants: [Constant], _ axis: Int) throws(Refusal) -> Constant? {
  guard case .filled(let value, var dims) = constants[0].storage else { return nil }
  for constant in constants.dropFirst() {
    guard case .filled(value, var others) = constant.storage, others.count == dims.count else {
      return nil
    }
    let sum = dims[axis] + others[axis]
    (dims[axis], others[axis]) = (sum, sum)
    guard others == dims else { throw Refusal("joins tensors of several shapes") }
  }
  return Constant(filled: value, dims: dims, constants[0].type)
}

private func joined(_ states: [StateTensor], _ axis: Int) throws(Refusal) -> StateTensor {
  let first = states[0]
  guard
    states.allSatisfy({ $0.sequencesAxis == first.sequencesAxis && $0.sequences == first.sequences }
    ),
    axis != first.sequencesAxis
  else { throw Refusal("joins states of several numbers of sequences") }
  return first.with(
    try .concatenated(states.map(\.array), axis: axis), sequencesAxis: first.sequencesAxis)
}

private func joined(
  _ lowering: Lowering, _ values: [Tracked], _ axis: Int
) throws(Refusal) -> Tracked {
  let first = values[0]
  guard
    values.allSatisfy({ $0.axes.count == first.axes.count && !$0.isTokens && $0.padding == nil })
  else {
    throw Refusal("joins values of several kinds")
  }
  let others = { (value: Tracked) in
    value.axes.enumerated().filter { $0.offset != axis }.map(\.element)
  }
  guard
    values.allSatisfy({
      others($0) == others(first) && $0.steps == first.steps && $0.sequences == first.sequences
        && $0.isPerSequence == first.isPerSequence
    })
  else { throw Refusal("joins values with different axes or numbers of steps") }
  let factors = Set(values.flatMap { $0.axes[axis] })
  var result = first
  if factors.isSubset(of: [.channels]), !others(first).joined().contains(.channels) {
    guard values.allSatisfy({ $0.positions == first.positions }) else {
      throw Refusal("joins values of several numbers of positions")
    }
    result.node = lowering.concatenated(values.map(\.node))
    result.channels = values.reduce(0) { $0 + $1.channels }
    result.axes[axis] = [.channels]
  } else if values.allSatisfy({
    $0.axes[axis] == [.positions, .channels] || $0.axes[axis] == [.channels]
  }) {
    let flat = values.map(lowering.flattened)
    result = flat[0]
    result.node = lowering.concatenated(flat.map(\.node))
    result.channels = flat.reduce(0) { $0 + $1.channels }
  } else if factors.isSubset(of: [.positions]), values.allSatisfy({ $0.channels == first.channels })
  {
    let flat = values.map { lowering.reshaped($0, positions: 1) }
    result.positions = 1
    result.node = lowering.concatenated(flat.map(\.node))
    result.channels = flat.reduce(0) { $0 + $1.channels }
    result = lowering.reshaped(result, positions: values.reduce(0) { $0 + $1.positions })
    result.axes[axis] = [.positions]
  } else {
    throw Refusal(
      "joins \(names(first.axes[axis])), which is supported only for channels and positions")
  }
  return result
}

extension Lowering {
  /// Joins the channels of any number of nodes; a node reads at most 8.
  func concatenated(_ nodes: [Int]) -> Int {
    var nodes = nodes
    while nodes.count > 8 {
      nodes.replaceSubrange(0..<8, with: [builder.add(.concatenate, of: Array(nodes[..<8]))])
    }
    return nodes.count == 1 ? nodes[0] : builder.add(.concatenate, of: nodes)
  }
}
