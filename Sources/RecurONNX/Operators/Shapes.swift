// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

private func shape(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let dims = try knownRank(call)
  let rank = dims.count
  func bound(_ name: String, _ value: Int) throws(Refusal) -> Int {
    let k = try call.integer(name, default: value)
    return min(max(k < 0 && k >= -rank ? k + rank : k, 0), rank)
  }
  let (start, end) = (try bound("start", 0), try bound("end", rank))
  let sizes = start < end ? Array(dims[start..<end]) : []
  return [Value(constant: Constant(NDArray(dims: [sizes.count], elements: sizes)))]
}

private func size(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  [Value(constant: Constant(NDArray(scalar: Size.product(try knownRank(call)))))]
}

private func knownRank(_ call: Call) throws(Refusal) -> [Size] {
  guard let dims = try call.input(0).dims else { throw Refusal("reads a tensor of unknown shape") }
  return dims
}

private func cast(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let number = try call.integer("to", default: 0)
  guard let type = ElementType(rawValue: number) else {
    throw Refusal("has the type \(number), which is not supported")
  }
  let value = try call.input(0)
  if let constant = value.constant { return [Value(constant: try converted(constant, to: type))] }
  if case .scalarInput? = value.pending { return [value] }
  if case .token? = value.pending { return [value] }
  if let tokens = value.tracked, tokens.isTokens, type == .float {
    return [TokenTerm(.converted, tokens).value]
  }
  // Values are computed in one precision. Conversions between floating-point types only round.
  guard
    value.tracked?.isTokens == true
      ? !type.isFloating && type.size >= 4 : type == .float || type == .double
  else { throw Refusal("converts values to \(type), which is not supported") }
  return [value]
}

private func converted(_ constant: Constant, to type: ElementType) throws(Refusal) -> Constant {
  if case .filled(let value, let dims) = constant.storage, type.isFloating || constant.type == type
  {
    return Constant(filled: value, dims: dims, type)
  }
  switch (constant.type.isFloating, type.isFloating) {
  case (true, true): return Constant(try constant.values(), type)
  case (false, true):
    return Constant(try constant.numbers().map { n throws(Refusal) in Double(n) }, type)
  case (false, false):
    guard type == .bool else { return Constant(try constant.sizes(), type) }
    return Constant(try constant.numbers().map { n throws(Refusal) in Size(n == 0 ? 0 : 1) }, type)
  case (true, false):
    let result = try constant.values().map { x throws(Refusal) -> Size in
      if type == .bool { return Size(x == 0 ? 0 : 1) }
      guard let number = Int(exactly: x.rounded(.towardZero)) else {
        throw Refusal("converts \(x) to an integer")
      }
      return Size(number)
    }
    return Constant(result, type)
  }
}

private func expand(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let value = try call.input(0)
  let target = try call.constant(1).sizes().elements
  guard target.count <= Limit.rank, target.allSatisfy({ $0.factor >= 0 }) else {
    throw Refusal("expands to the shape \(describe(target))")
  }
  guard let constant = value.constant else {
    guard let dims = value.dims, target.count <= dims.count,
      zip(dims.suffix(target.count), target).allSatisfy({ $0 == $1 || $1.isOne })
    else { throw Refusal("repeats values, which is supported only for constants") }
    return [value]
  }
  if Size.product(constant.dims).isOne, constant.type.isFloating {
    let padding = Array(repeating: Size(1), count: max(0, constant.dims.count - target.count))
    return [
      Value(
        constant: Constant(filled: try constant.scalar(), dims: padding + target, constant.type))
    ]
  }
  let dims = try target.map { size throws(Refusal) in
    guard let number = size.number else { throw Refusal("repeats a constant \(size) times") }
    return number
  }
  let full = try broadcastDims(constant.knownDims, dims)
  if constant.type.isFloating {
    return [Value(constant: Constant(try constant.values().broadcast(to: full), constant.type))]
  }
  return [Value(constant: Constant(try constant.sizes().broadcast(to: full), constant.type))]
}

let shapeOperations: [String: Operation] = [
  "Shape": Operation(inputs: 1, ["start", "end"], lower: shape),
  "Size": Operation(inputs: 1, lower: size),
  "Cast": Operation(inputs: 1, ["to", "saturate", "round_mode"], lower: cast),
  "Expand": Operation(inputs: 2, lower: expand),
]
