// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

// Sums, products and powers: of constants, of values, and as parts of formulas that have a node as a whole.

private func add(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let (a, b) = (try call.input(0), try call.input(1))
  if let constant = a.constant ?? b.constant {
    let value = a.constant == nil ? a : b
    return [try add(lowering, call, value, constant)]
  }
  switch (a.pending, b.pending) {
  case (.square(let a)?, .square(let b)?): return [Value(.sumOfSquares(a, b))]
  case (.cell(let term)?, _): return [try term.adding(b, lowering)]
  case (_, .cell(let term)?): return [try term.adding(a, lowering)]
  case (.normalization(let term)?, _): return [try term.adding(b, lowering)]
  case (_, .normalization(let term)?): return [try term.adding(a, lowering)]
  case (.token(let term)?, _): return [try term.adding(b)]
  case (.step(let term)?, .step(let other)?) where term.kind == .product || other.kind == .product:
    return [try term.adding(other)]
  default: return [Value(try lowering.combined(.add, call.tracked(0), call.tracked(1)))]
  }
}

private func add(
  _ lowering: Lowering, _ call: Call, _ value: Value, _ constant: Constant
) throws(Refusal) -> Value {
  switch value.pending {
  case .normalization(let term)?: return try term.adding(constant, lowering)
  case .absolute(let a)? where try constant.scalar() == 1: return Value(.onePlusAbsolute(a))
  case .cell(let term)?: return try term.adding(constant)
  case .step(let term)? where term.kind == .product: return try term.adding(constant)
  default: break
  }
  if value.tracked == nil, value.state != nil {
    guard try constant.isZero else { throw Refusal("adds a number to a state") }
    return value
  }
  if let tokens = value.tracked, tokens.isTokens {
    guard try constant.numbers().elements.count == 1 else {
      throw Refusal("adds numbers to tokens")
    }
    return TokenTerm(.shifted, tokens).value
  }
  let tracked = try call.tracked(call.optional(0)?.constant == nil ? 0 : 1)
  return Value(
    lowering.scaled(tracked, bias: try tracked.columnConstant(constant, lowering))
      .padded(toRank: constant.dims.count))
}

private func subtract(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let (a, b) = (try call.input(0), try call.input(1))
  if let constant = b.constant {
    let tracked = try call.tracked(0)
    let bias = try tracked.columnConstant(constant, lowering).map(-)
    return [Value(lowering.scaled(tracked, bias: bias).padded(toRank: constant.dims.count))]
  }
  if let constant = a.constant {
    let tracked = try call.tracked(1)
    let bias = try tracked.columnConstant(constant, lowering)
    return [
      Value(
        lowering.scaled(tracked, weight: .scalar(-1), bias: bias)
          .padded(toRank: constant.dims.count))
    ]
  }
  if case .normalization(let term)? = b.pending, case .mean = term.kind, let x = a.tracked,
    x.isSame(as: term.x)
  {
    return [NormalizationTerm(.centered, x).value]
  }
  let negative = lowering.scaled(try call.tracked(1), weight: .scalar(-1))
  return [Value(try lowering.combined(.add, call.tracked(0), negative))]
}

private func multiply(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let (a, b) = (try call.input(0), try call.input(1))
  if let constant = a.constant ?? b.constant {
    let k = a.constant == nil ? 0 : 1
    if case .scalarInput? = try call.input(k).pending, try constant.numbers().elements == [0] {
      return [Value(constant: constant)]
    }
    if case .normalization(let term)? = try call.input(k).pending {
      return [try term.multiplied(by: constant, lowering)]
    }
    let tracked = try call.tracked(k)
    let weight = try tracked.columnConstant(constant, lowering)
    return [Value(lowering.scaled(tracked, weight: weight).padded(toRank: constant.dims.count))]
  }
  switch (a.pending, b.pending) {
  case (.cell(let term)?, _): return [try term.multiplied(by: b, lowering)]
  case (_, .cell(let term)?): return [try term.multiplied(by: a, lowering)]
  case (.normalization(let term)?, _): return [try term.multiplied(by: b, lowering)]
  case (_, .normalization(let term)?): return [try term.multiplied(by: a, lowering)]
  case (.token(let term)?, _): return [try term.multiplied(by: b)]
  case (_, .token(let term)?): return [try term.multiplied(by: a)]
  default: break
  }
  let (x, y) = (try call.tracked(0), try call.tracked(1))
  for (x, y) in [(x, y), (y, x)] where x.axes == y.axes {
    if case .activation(.sigmoid) = lowering.builder[y.node].layer,
      lowering.builder[y.node].sources == [x.node]
    {
      return [Value(lowering.map(.activation(.silu), x))]
    }
  }
  var result = Value(try lowering.combined(.multiply, x, y))
  if x.node == y.node { result.pending = .square(x) }
  return [result]
}

private func divide(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let (a, b) = (try call.input(0), try call.input(1))
  if let constant = b.constant {
    let tracked = try call.tracked(0)
    let weight = try tracked.columnConstant(constant, lowering).map { 1 / $0 }
    return [Value(lowering.scaled(tracked, weight: weight).padded(toRank: constant.dims.count))]
  }
  if case .normalization(let term)? = b.pending {
    if case .normalization(let dividend)? = a.pending {
      return [try dividend.divided(by: term, lowering)]
    }
    if let constant = a.constant, try constant.scalar() == 1 { return [try term.reciprocal()] }
  }
  if case .onePlusAbsolute(let x)? = b.pending, let y = a.tracked, x.node == y.node,
    x.axes == y.axes
  {
    return [Value(lowering.map(.activation(.softsign), y))]
  }
  throw Refusal("divides by a value, which is supported only for constants and normalizations")
}

private func reciprocal(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  guard case .normalization(let term)? = try call.input(0).pending else {
    throw Refusal("divides by a value, which is supported only for constants and normalizations")
  }
  return [try term.reciprocal()]
}

private func power(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let exponent = try call.constant(1).values().elements
  guard exponent == [2] || exponent == [3] else {
    throw Refusal("has the exponent \(exponent), expected 2 or 3")
  }
  if case .normalization(let term)? = try call.input(0).pending, exponent == [2] {
    return [try term.squared()]
  }
  let x = try call.tracked(0)
  let square = try lowering.combined(.multiply, x, x)
  guard exponent == [2] else { return [Value(try lowering.combined(.multiply, square, x))] }
  var result = Value(square)
  result.pending = .square(x)
  return [result]
}

private func squareRoot(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  switch try call.input(0).pending {
  case .normalization(let term)?: return [try term.squareRoot()]
  case .sumOfSquares(let a, let b)?:
    guard a.axes == b.axes, a.dims == b.dims, a.isPerSequence == b.isPerSequence else {
      throw Refusal("combines values of the shapes \(describe(a.dims)) and \(describe(b.dims))")
    }
    var result = a
    result.node = lowering.builder.add(
      .magnitude, of: [lowering.concatenated([a.node, b.node])])
    return [Value(result)]
  default:
    throw Refusal("is supported only for a² + b² and within a normalization")
  }
}

private func absolute(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  [Value(.absolute(try call.tracked(0)))]
}

private func negate(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  if case .normalization(let term)? = try call.input(0).pending { return [try term.negated()] }
  return [Value(lowering.scaled(try call.tracked(0), weight: .scalar(-1)))]
}

private func negate(_ call: Call) throws(Refusal) -> [Constant] {
  let a = try call.constant(0)
  if a.type.isFloating { return [Constant(try a.values().map { x throws(Refusal) in -x }, a.type)] }
  return [Constant(try a.sizes().map { n throws(Refusal) in Size(0) - n }, a.type)]
}

private func minimum(_ a: Size, _ b: Size) throws(Refusal) -> Size {
  try known(a, b) { Size(Swift.min($0, $1)) }
}

private func maximum(_ a: Size, _ b: Size) throws(Refusal) -> Size {
  try known(a, b) { Size(Swift.max($0, $1)) }
}

private func known(_ a: Size, _ b: Size, _ body: (Int, Int) -> Size) throws(Refusal) -> Size {
  guard let first = a.number, let second = b.number else {
    throw Refusal(
      "compares the sizes \(a) and \(b), which are not known", openSize: a.number == nil ? a : b)
  }
  return body(first, second)
}

let arithmeticOperations: [String: Operation] = [
  "Add": Operation(inputs: 2, fold: fold(+) { a, b throws(Refusal) in a + b }, lower: add),
  "Sub": Operation(inputs: 2, fold: fold(-) { a, b throws(Refusal) in a - b }, lower: subtract),
  "Mul": Operation(inputs: 2, fold: fold(*) { a, b throws(Refusal) in a * b }, lower: multiply),
  "Div": Operation(inputs: 2, fold: fold(/) { a, b throws(Refusal) in a / b }, lower: divide),
  "Min": Operation(inputs: 2, fold: fold(Swift.min, minimum)),
  "Max": Operation(inputs: 2, fold: fold(Swift.max, maximum)),
  "Pow": Operation(inputs: 2, lower: power),
  "Sqrt": Operation(inputs: 1, fold: fold { $0.squareRoot() }, lower: squareRoot),
  "Reciprocal": Operation(inputs: 1, fold: fold { 1 / $0 }, lower: reciprocal),
  "Abs": Operation(inputs: 1, fold: fold(abs), lower: absolute),
  "Neg": Operation(inputs: 1, fold: negate, lower: negate),
  "Floor": Operation(inputs: 1, fold: fold { $0.rounded(.down) }),
  "Ceil": Operation(inputs: 1, fold: fold { $0.rounded(.up) }),
]
