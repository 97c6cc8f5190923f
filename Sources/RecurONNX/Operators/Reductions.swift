// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Returns the lowering of a mean or a maximum over some axes.
private func reduce(_ layer: ModelLayer) -> Operation.Lower {
  { lowering, call throws(Refusal) in
    let input = try call.input(0)
    let rank = try input.rank(of: call)
    let axes = try call.axes(input: 1, rank: rank) ?? []
    let keepsAxes = try call.integer("keepdims", default: 1) != 0
    if axes.isEmpty, try call.integer("noop_with_empty_axes", default: 0) != 0 { return [input] }
    if layer == .mean, keepsAxes, let term = NormalizationTerm.mean(of: input, axes: axes) {
      return [term.value]
    }
    let value = try call.tracked(0)
    let reduced = axes.isEmpty ? Array(0..<rank) : axes
    return [Value(try lowering.reduced(value, layer, reduced, keepsAxes))]
  }
}

extension Value {
  fileprivate func rank(of call: Call) throws(Refusal) -> Int {
    if case .normalization(let term)? = pending { return term.x.axes.count }
    return try call.tracked(0).axes.count
  }
}

extension Lowering {
  fileprivate func reduced(
    _ value: Tracked, _ layer: ModelLayer, _ axes: [Int], _ keepsAxes: Bool
  ) throws(Refusal) -> Tracked {
    var result = value
    for axis in axes where !value.axes[axis].isEmpty {
      guard value.axes[axis] == [.steps] else {
        throw Refusal("reduces \(names(value.axes[axis])), expected steps")
      }
      result.node = builder.add(layer, of: [value.node])
      result.steps = Size(1)
      result.isPerSequence = true
    }
    result.dropOnes()
    if !keepsAxes {
      result.axes = result.axes.enumerated().filter { !axes.contains($0.offset) }.map(\.element)
    }
    return result
  }
}

private func global(_ layer: ModelLayer) -> Operation {
  let lower: Operation.Lower = { lowering, call throws(Refusal) in
    let input = try call.input(0)
    if layer == .mean, try input.rank(of: call) == 3,
      let term = NormalizationTerm.mean(of: input, axes: [2])
    {
      return [term.value]
    }
    let value = try call.tracked(0)
    guard value.axes.count >= 3 else {
      throw Refusal("has \(value.axes.count) axes, expected at least 3")
    }
    return [Value(try lowering.reduced(value, layer, Array(2..<value.axes.count), true))]
  }
  return Operation(inputs: 1, lower: lower)
}

private func foldReduction(_ body: @escaping @Sendable (Size, Size) -> Size, _ start: Int)
  -> Operation.Fold
{
  { call throws(Refusal) in
    let constant = try call.constant(0)
    guard !constant.type.isFloating, try call.axes(input: 1, rank: 1) ?? [0] == [0] else {
      throw Refusal("reduces constants that are not a list of integers")
    }
    let sizes = try constant.sizes()
    guard sizes.dims.count == 1 else {
      throw Refusal("reduces a constant of the shape \(sizes.dims)")
    }
    let total = sizes.elements.reduce(Size(start), body)
    let keepsAxes = try call.integer("keepdims", default: 1) != 0
    return [Constant(NDArray(dims: keepsAxes ? [1] : [], elements: [total]), constant.type)]
  }
}

private let reductionAttributes: Set<String> = ["axes", "keepdims", "noop_with_empty_axes"]

let reductionOperations: [String: Operation] = [
  "ReduceMean": Operation(inputs: 2, reductionAttributes, lower: reduce(.mean)),
  "ReduceMax": Operation(inputs: 2, reductionAttributes, lower: reduce(.maximum)),
  "ReduceProd": Operation(inputs: 2, reductionAttributes, fold: foldReduction(*, 1)),
  "ReduceSum": Operation(inputs: 2, reductionAttributes, fold: foldReduction(+, 0)),
  "GlobalAveragePool": global(.mean),
  "GlobalMaxPool": global(.maximum),
]
