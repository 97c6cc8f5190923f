// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

func concatenate(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let values = try call.inputs.indices.map { k throws(Refusal) in try call.input(k) }
  guard let rank = values.first?.dims?.count else { throw Refusal("has no input of known shape") }
  let axis = try normalized(call.integer("axis", default: 0), rank: rank)
  if values.count == 1 { return values }
  let terms = values.compactMap {
    if case .step(let term)? = $0.pending, term.kind == .hidden { term } else { nil }
  }
  if terms.count == values.count, axis == 0 { return [try RNNTerm.joined(terms, lowering)] }
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
  try requireSameAxes(values, except: axis)
  let factors = Set(values.flatMap { $0.axes[axis] })
  let others = first.axes(except: axis)
  if factors.isSubset(of: [.channels]), !others.joined().contains(.channels) {
    guard values.allSatisfy({ $0.positions == first.positions }) else {
      throw Refusal("joins values of several numbers of positions")
    }
    var result = lowering.joinedColumns(values)
    result.axes[axis] = [.channels]
    return result
  }
  if values.allSatisfy({ [[.positions, .channels], [.channels]].contains($0.axes[axis]) }) {
    return lowering.joinedColumns(values.map(lowering.flattened))
  }
  if factors.isSubset(of: [.positions]), values.allSatisfy({ $0.channels == first.channels }) {
    let flat = lowering.joinedColumns(values.map { lowering.reshaped($0, positions: 1) })
    var result = lowering.reshaped(flat, positions: values.reduce(0) { $0 + $1.positions })
    result.axes[axis] = [.positions]
    return result
  }
  throw Refusal(
    "joins \(names(first.axes[axis])), which is supported only for channels and positions")
}

/// Throws an error unless all axes but one have the same meanings and sizes.
private func requireSameAxes(_ values: [Tracked], except axis: Int) throws(Refusal) {
  let first = values[0]
  guard
    values.allSatisfy({ $0.axes.count == first.axes.count && !$0.isTokens && $0.padding == nil })
  else { throw Refusal("joins values of several kinds") }
  guard
    values.allSatisfy({
      $0.axes(except: axis) == first.axes(except: axis) && $0.steps == first.steps
        && $0.sequences == first.sequences && $0.isPerSequence == first.isPerSequence
    })
  else { throw Refusal("joins values with different axes or numbers of steps") }
}

extension Tracked {
  fileprivate func axes(except axis: Int) -> [[Factor]] {
    axes.enumerated().filter { $0.offset != axis }.map(\.element)
  }
}

extension Lowering {
  /// Joins the channels of values; the axes are those of the first.
  fileprivate func joinedColumns(_ values: [Tracked]) -> Tracked {
    var result = values[0]
    result.node = concatenated(values.map(\.node))
    result.channels = values.reduce(0) { $0 + $1.channels }
    return result
  }

  /// Joins the channels of any number of nodes; a node reads at most 8.
  func concatenated(_ nodes: [Int]) -> Int {
    var nodes = nodes
    while nodes.count > 8 {
      nodes.replaceSubrange(0..<8, with: [builder.add(.concatenate, of: Array(nodes[..<8]))])
    }
    return nodes.count == 1 ? nodes[0] : builder.add(.concatenate, of: nodes)
  }
}
