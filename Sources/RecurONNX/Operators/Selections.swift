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
