// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

private func dims(_ call: Call) throws(Refusal) -> [Size] {
  guard let dims = try call.input(0).dims else {
    throw Refusal("reads \(try call.input(0).pending?.description ?? "a tensor of unknown shape")")
  }
  return dims
}

private func rearrange(
  _ lowering: Lowering, _ call: Call, _ changes: Rearrangement...
) throws(Refusal) -> [Value] {
  var value = try call.input(0)
  for change in changes { value = try value.rearranged(lowering, change) }
  return [value]
}

private func identity(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  [try call.input(0)]
}

private func dropout(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  if let training = try call.optionalConstant(2), try training.numbers().elements != [0] {
    throw Refusal("is in training mode")
  }
  return [try call.input(0)]
}

private func transpose(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let rank = try dims(call).count
  let permutation = try call.integers("perm") ?? (0..<rank).reversed()
  guard permutation.sorted() == Array(0..<rank) else {
    throw Refusal("has the permutation \(permutation)")
  }
  return try rearrange(lowering, call, .transpose(permutation))
}

private func unsqueeze(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let dims = try dims(call)
  guard let list = try call.integers("axes", orInput: 1) else {
    throw Refusal("has no axes")
  }
  let rank = dims.count + list.count
  guard rank <= Limit.rank else { throw Refusal("has more than \(Limit.rank) axes") }
  let axes = Set(try normalized(list, rank: rank))
  var rest = dims[...]
  let sizes = (0..<rank).map { axes.contains($0) ? Size(1) : rest.removeFirst() }
  return try rearrange(lowering, call, .reshape(sizes))
}

private func squeeze(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let dims = try dims(call)
  guard let axes = try call.axes(input: 1, rank: dims.count) else {
    guard dims.allSatisfy({ $0.number != nil }) else {
      throw Refusal("removes the axes of size 1 from \(describe(dims)), expected axes")
    }
    return try rearrange(lowering, call, .reshape(dims.filter { !$0.isOne }))
  }
  for axis in axes where !dims[axis].isOne {
    throw Refusal("removes axis \(axis) of \(describe(dims)), whose size is not 1")
  }
  let sizes = dims.indices.filter { !axes.contains($0) }.map { dims[$0] }
  return try rearrange(lowering, call, .reshape(sizes))
}

private func flatten(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let dims = try dims(call)
  let axis = try call.integer("axis", default: 1)
  guard axis >= -dims.count, axis <= dims.count else { throw Refusal("has the axis \(axis)") }
  let split = axis < 0 ? axis + dims.count : axis
  let sizes = [Size.product(Array(dims[..<split])), .product(Array(dims[split...]))]
  return try rearrange(lowering, call, .reshape(sizes))
}

private func reshape(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let dims = try dims(call)
  var sizes = try call.constant(1).sizes().elements
  guard sizes.count <= Limit.rank else { throw Refusal("has more than \(Limit.rank) axes") }
  let keepsZero = try call.integer("allowzero", default: 0) != 0
  if !keepsZero {
    for (k, size) in sizes.enumerated() where size == Size(0) {
      guard k < dims.count else { throw Refusal("copies the size of an axis that does not exist") }
      sizes[k] = dims[k]
    }
  }
  let free = sizes.indices.filter { sizes[$0].number == -1 }
  guard free.count <= 1, sizes.allSatisfy({ $0.number == -1 || $0.factor >= 0 }) else {
    throw Refusal("has the shape \(describe(sizes))")
  }
  if let free = free.first {
    sizes[free] = Size(1)
    guard let rest = Size.product(dims).exactQuotient(.product(sizes)) else {
      throw Refusal("reshapes \(describe(dims)) to \(describe(sizes))")
    }
    sizes[free] = rest
  }
  return try rearrange(lowering, call, .reshape(sizes))
}

// Selections

/// A bound beyond which a slice goes to the end.
private let farAway = Int(Int32.max)

private func slice(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let dims = try dims(call)
  func list(_ name: String, _ k: Int) throws(Refusal) -> [Size]? {
    if let list = try call.integers(name) { return list.map { Size($0) } }
    return try call.optionalConstant(k)?.sizes().elements
  }
  guard let starts = try list("starts", 1), let ends = try list("ends", 2) else {
    throw Refusal("has no starts or ends")
  }
  let axes = try call.axes(input: 3, rank: dims.count) ?? Array(starts.indices)
  let steps = try call.optionalConstant(4)?.numbers().elements ?? starts.map { _ in 1 }
  guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count,
    axes.allSatisfy(dims.indices.contains)
  else { throw Refusal("has lists of several lengths") }
  var value = try call.input(0)
  for (k, axis) in axes.enumerated() {
    guard let change = try selection(axis, dims[axis], starts[k], ends[k], steps[k]) else {
      continue
    }
    value = try value.rearranged(lowering, change)
  }
  return [value]
}

/// Returns the selection of a slice, or nil if it selects all.
private func selection(
  _ axis: Int, _ size: Size, _ start: Size, _ end: Size, _ step: Int
) throws(Refusal) -> Rearrangement? {
  let refusal = Refusal("selects \(start) to \(end) with step \(step) of \(size) elements")
  guard step != 0, step > -farAway, step < farAway else { throw refusal }
  let toEnd = end == size || (end.number ?? 0) >= farAway
  if step == 1, start == Size(0), toEnd { return nil }
  if size.number == nil, step == 1, toEnd, start == Size(-1) || start == size - Size(1) {
    return .last(axis: axis)
  }
  if size.number == nil, step == 1, start == Size(0), end == Size(1) { return .first(axis: axis) }
  guard let n = size.number, let start = start.number, let end = end.number else { throw refusal }
  let ends = step > 0 ? 0...n : -1...max(n - 1, -1)
  // Two bounds count from the end, -1 the last; with a negative step, the clamped end may be -1.
  func clamp(_ bound: Int, _ range: ClosedRange<Int>) -> Int {
    let bound = bound < 0 ? max(bound, -1 - n - 1) + n : bound
    return min(max(bound, range.lowerBound), range.upperBound)
  }
  let first = clamp(start, step > 0 ? 0...n : 0...max(n - 1, 0))
  let last = clamp(end, ends)
  let distance = step > 0 ? last - first : first - last
  let count = n == 0 ? 0 : max(0, (distance + abs(step) - 1) / abs(step))
  return .slice(axis: axis, first: first, step: step, count: count)
}

private func split(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let value = try call.input(0)
  let parts = call.node.outputs.count
  if case .cell(let term)? = value.pending { return try splitGates(term, call) }
  let dims = try dims(call)
  let axis = try normalized(call.integer("axis", default: 0), rank: dims.count)
  guard let n = dims[axis].number else { throw Refusal("splits an axis of unknown size") }
  let sizes = try splitSizes(call, n, parts)
  var (results, first) = ([Value](), 0)
  for size in sizes {
    results.append(
      try value.rearranged(lowering, .slice(axis: axis, first: first, step: 1, count: size)))
    first += size
  }
  return results
}

/// Returns the sizes of the parts of a split of n elements.
func splitSizes(_ call: Call, _ n: Int, _ parts: Int) throws(Refusal) -> [Int] {
  let part = (n + max(parts, 1) - 1) / max(parts, 1)
  let equal = (0..<parts).map { min(part, n - min($0 * part, n)) }
  let sizes = try call.integers("split", orInput: 1) ?? equal
  guard sizes.count == parts, parts >= 1, sizes.allSatisfy({ $0 >= 0 && $0 <= n }),
    sizes.reduce(0, +) == n
  else { throw Refusal("splits \(n) elements into \(sizes)") }
  return sizes
}

let rearrangementOperations: [String: Operation] = [
  "Identity": Operation(inputs: 1, lower: identity),
  "Dropout": Operation(inputs: 3, ["ratio", "seed"], lower: dropout),
  "Transpose": Operation(inputs: 1, ["perm"], lower: transpose),
  "Unsqueeze": Operation(inputs: 2, ["axes"], lower: unsqueeze),
  "Squeeze": Operation(inputs: 2, ["axes"], lower: squeeze),
  "Flatten": Operation(inputs: 1, ["axis"], lower: flatten),
  "Reshape": Operation(inputs: 2, ["allowzero"], lower: reshape),
  "Slice": Operation(inputs: 5, ["starts", "ends", "axes"], lower: slice),
  "Split": Operation(inputs: 2, ["axis", "split", "num_outputs"], lower: split),
  "Gather": Operation(inputs: 2, ["axis"], lower: gather),
  "Concat": Operation(inputs: Int.max, ["axis"], lower: concatenate),
]
