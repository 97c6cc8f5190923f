// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The size that the axes of two shapes have after ONNX's broadcasting.
func broadcastDims(_ a: [Int], _ b: [Int]) throws(Refusal) -> [Int] {
  let rank = max(a.count, b.count)
  let (padA, padB) = (
    Array(repeating: 1, count: rank - a.count) + a, Array(repeating: 1, count: rank - b.count) + b
  )
  return try zip(padA, padB).map { sizes throws(Refusal) in
    guard sizes.0 == sizes.1 || sizes.0 == 1 || sizes.1 == 1 else {
      throw Refusal("cannot broadcast the shapes \(a) and \(b)")
    }
    return sizes.0 == 1 ? sizes.1 : sizes.0
  }
}

extension NDArray {
  /// Combines the elements of two arrays, with broadcasting.
  static func combined<Other, Result>(
    _ a: NDArray, _ b: NDArray<Other>, _ body: (Element, Other) throws(Refusal) -> Result
  ) throws(Refusal) -> NDArray<Result> {
    let dims = try broadcastDims(a.dims, b.dims)
    let (a, b) = (try a.broadcast(to: dims), try b.broadcast(to: dims))
    let elements = try zip(a.elements, b.elements).map { pair throws(Refusal) in
      try body(pair.0, pair.1)
    }
    return NDArray<Result>(dims: dims, elements: elements)
  }

  func map<Result>(_ body: (Element) throws(Refusal) -> Result) throws(Refusal) -> NDArray<Result> {
    NDArray<Result>(dims: dims, elements: try elements.map(body))
  }
}

/// Returns the fold of an operator of two numbers.
func fold(
  _ values: @escaping @Sendable (Double, Double) -> Double,
  _ sizes: @escaping @Sendable (Size, Size) throws(Refusal) -> Size
) -> Operation.Fold {
  { call throws(Refusal) in
    let (a, b) = (try call.constant(0), try call.constant(1))
    guard a.type.isFloating == b.type.isFloating else { throw Refusal("has inputs of two types") }
    guard a.type.isFloating else {
      return [Constant(try .combined(a.sizes(), b.sizes(), sizes), a.type)]
    }
    let result = try NDArray.combined(a.values(), b.values()) { a, b throws(Refusal) in values(a, b)
    }
    return [Constant(result, a.type)]
  }
}

/// Returns the fold of an operator of one floating-point number.
func fold(_ body: @escaping @Sendable (Double) -> Double) -> Operation.Fold {
  { call throws(Refusal) in
    let a = try call.constant(0)
    guard a.type.isFloating else { throw Refusal("has an input of integers") }
    return [Constant(try a.values().map { a throws(Refusal) in body(a) }, a.type)]
  }
}

/// Returns the fold of a comparison, whose result is 0 or 1.
private func compare(
  _ values: @escaping @Sendable (Double, Double) -> Bool,
  _ sizes: @escaping @Sendable (Int, Int) -> Bool
) -> Operation.Fold {
  { call throws(Refusal) in
    let (a, b) = (try call.constant(0), try call.constant(1))
    if a.type.isFloating {
      let result = try NDArray.combined(a.values(), b.values()) { a, b throws(Refusal) in
        Size(values(a, b) ? 1 : 0)
      }
      return [Constant(result, .bool)]
    }
    let result = try NDArray.combined(a.numbers(), b.numbers()) { a, b throws(Refusal) in
      Size(sizes(a, b) ? 1 : 0)
    }
    return [Constant(result, .bool)]
  }
}

private func equal(_ call: Call) throws(Refusal) -> [Constant] {
  let (a, b) = (try call.constant(0), try call.constant(1))
  guard !a.type.isFloating else { return try compare({ $0 == $1 }, { $0 == $1 })(call) }
  // Two equal expressions of named sizes are equal; others may be.
  let result = try NDArray.combined(a.sizes(), b.sizes()) { a, b throws(Refusal) in
    guard a == b || (a.number != nil && b.number != nil) else {
      throw Refusal(
        "compares the sizes \(a) and \(b), which are not known", openSize: a.number == nil ? a : b)
    }
    return Size(a == b ? 1 : 0)
  }
  return [Constant(result, .bool)]
}

private func not(_ call: Call) throws(Refusal) -> [Constant] {
  let result = try call.constant(0).numbers().map { a throws(Refusal) in Size(a == 0 ? 1 : 0) }
  return [Constant(result, .bool)]
}

private func choose(_ call: Call) throws(Refusal) -> [Constant] {
  let condition = try call.constant(0).numbers()
  let (a, b) = (try call.constant(1), try call.constant(2))
  if a.type.isFloating {
    return [Constant(try select(condition, a.values(), b.values()), a.type)]
  }
  return [Constant(try select(condition, a.sizes(), b.sizes()), a.type)]
}

private func select<Element>(
  _ condition: NDArray<Int>, _ a: NDArray<Element>, _ b: NDArray<Element>
) throws(Refusal) -> NDArray<Element> {
  let pairs = try NDArray.combined(a, b) { a, b throws(Refusal) in (a, b) }
  return try NDArray.combined(condition, pairs) { c, pair throws(Refusal) in
    c == 0 ? pair.1 : pair.0
  }
}

/// log(1 + exp(x)) is x in 32-bit numbers from this value on; exporters write it as a choice.
private let softplusIsIdentity = 18.0

private func lowerWhere(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  guard case .greater(let a, let threshold)? = try call.input(0).pending,
    let b = try call.input(1).tracked, let c = try call.input(2).tracked,
    a.node == b.node, a.axes == b.axes, a.axes == c.axes, threshold >= softplusIsIdentity,
    case .activation(.softplus) = lowering.builder[c.node].layer,
    lowering.builder[c.node].sources == [a.node]
  else { throw Refusal("chooses between values, which is supported only for Softplus") }
  return [Value(c)]
}

private func lowerGreater(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  [Value(.greater(try call.tracked(0), try call.constant(1).scalar()))]
}

private func lowerLess(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  guard case .token(let term)? = try call.input(0).pending else { throw Refusal("compares values") }
  return [try term.less(than: call.constant(1))]
}

private func lowerNot(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  guard case .token(let term)? = try call.input(0).pending else { throw Refusal("negates values") }
  return [try term.negated()]
}

let comparisonOperations: [String: Operation] = [
  "Equal": Operation(inputs: 2, fold: equal),
  "Greater": Operation(inputs: 2, fold: compare({ $0 > $1 }, { $0 > $1 }), lower: lowerGreater),
  "GreaterOrEqual": Operation(inputs: 2, fold: compare({ $0 >= $1 }, { $0 >= $1 })),
  "Less": Operation(inputs: 2, fold: compare({ $0 < $1 }, { $0 < $1 }), lower: lowerLess),
  "LessOrEqual": Operation(inputs: 2, fold: compare({ $0 <= $1 }, { $0 <= $1 })),
  "Not": Operation(inputs: 1, fold: not, lower: lowerNot),
  "And": Operation(inputs: 2, fold: compare({ $0 != 0 && $1 != 0 }, { $0 != 0 && $1 != 0 })),
  "Or": Operation(inputs: 2, fold: compare({ $0 != 0 || $1 != 0 }, { $0 != 0 || $1 != 0 })),
  "Where": Operation(inputs: 3, fold: choose, lower: lowerWhere),
]
