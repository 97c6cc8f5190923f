// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// An operator that applies an activation, whose constants are attributes.
private func activation(
  _ activation: @escaping @Sendable (Call) throws(Refusal) -> Activation,
  _ attributes: Set<String> = []
) -> Operation {
  let lower: Operation.Lower = { lowering, call throws(Refusal) in
    let phi = try activation(call)
    if case .cell(let term)? = try call.input(0).pending { return [try term.activated(phi)] }
    if case .step(let term)? = try call.input(0).pending, term.kind == .sum {
      return [try term.activated(phi)]
    }
    return [Value(lowering.map(.activation(phi), try call.tracked(0)))]
  }
  return Operation(inputs: 1, attributes, lower: lower)
}

/// Limits are inputs since version 11, before that attributes.
private func clip(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  func limit(_ name: String, _ k: Int) throws(Refusal) -> Double? {
    if call.node.attributes[name] != nil { return try call.float(name, default: 0) }
    return try call.optionalConstant(k)?.scalar()
  }
  let phi: Activation
  switch (try limit("min", 1), try limit("max", 2)) {
  case (let low?, let high?) where low < high && low.isFinite && high.isFinite:
    phi = .hardTanh(min: low, max: high)
  case (0?, nil): phi = .relu
  case (nil, nil): phi = .identity
  case (let low, let high):
    throw Refusal(
      "clips from \(low.map { "\($0)" } ?? "-∞") to \(high.map { "\($0)" } ?? "∞"), expected two limits"
    )
  }
  let value = try call.tracked(0)
  return [Value(phi == .identity ? value : lowering.map(.activation(phi), value))]
}

private func hardSwish(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let x = try call.tracked(0)
  let gate = lowering.map(.activation(.hardSigmoid(alpha: 1.0 / 6, beta: 0.5)), x)
  return [Value(try lowering.combined(.multiply, x, gate))]
}

private func prelu(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let value = try call.tracked(0)
  switch try value.columnConstant(call.constant(1), lowering) {
  case .scalar(let slope):
    return [Value(lowering.map(.prelu(shared: true), value, ["weight": Parameter([slope])]))]
  case .columns(let slopes):
    let channels = Array(slopes[..<value.channels])
    guard slopes.indices.allSatisfy({ slopes[$0] == channels[$0 % value.channels] }) else {
      throw Refusal("has other slopes at other positions")
    }
    return [Value(lowering.map(.prelu(), value, ["weight": Parameter(channels)]))]
  }
}

/// Returns the lowering of a softmax. Before version 13, the axes from `axis` on are one.
func overChannels(
  _ body: @escaping @Sendable (Lowering, Tracked) -> Tracked
) -> Operation.Lower {
  { lowering, call throws(Refusal) in
    let value = try call.tracked(0)
    let axis = try normalized(
      call.integer("axis", default: call.opset < 13 ? 1 : -1), rank: value.axes.count)
    let after = value.axes[(axis + 1)...]
    guard call.opset >= 13 || after.allSatisfy(\.isEmpty) else {
      throw Refusal("is over several axes")
    }
    return [Value(body(lowering, try lowering.withChannels(value, axis: axis)))]
  }
}

extension Lowering {
  /// Returns a value whose axis is all its channels.
  func withChannels(_ value: Tracked, axis: Int) throws(Refusal) -> Tracked {
    switch value.axes[axis] {
    case [.channels]: return value
    case [.positions, .channels]: return flattened(value)
    case [.positions] where value.channels == 1: return flattened(value)
    case [] where value.channels == 1: return value
    default:
      throw Refusal("has the axis \(axis) of \(names(value.axes[axis])), expected channels")
    }
  }
}

let activationOperations: [String: Operation] = [
  "Tanh": activation { _ in .tanh },
  "Sigmoid": activation { _ in .sigmoid },
  "Relu": activation { _ in .relu },
  "LeakyRelu": activation(
    { call throws(Refusal) in .leakyRelu(alpha: try call.float("alpha", default: 0.01)) }, ["alpha"]
  ),
  "Elu": activation(
    { call throws(Refusal) in .elu(alpha: try call.float("alpha", default: 1)) }, ["alpha"]),
  "ThresholdedRelu": activation(
    { call throws(Refusal) in .thresholdedRelu(alpha: try call.float("alpha", default: 1)) },
    ["alpha"]),
  "HardSigmoid": activation(
    { call throws(Refusal) in
      .hardSigmoid(
        alpha: try call.float("alpha", default: 0.2), beta: try call.float("beta", default: 0.5))
    }, ["alpha", "beta"]),
  "Softplus": activation { _ in .softplus },
  "Softsign": activation { _ in .softsign },
  "HardSwish": Operation(inputs: 1, lower: hardSwish),
  "Clip": Operation(inputs: 3, ["min", "max"], lower: clip),
  "PRelu": Operation(inputs: 2, lower: prelu),
  "Softmax": Operation(
    inputs: 1, ["axis"], lower: overChannels { lowering, value in lowering.map(.softmax, value) }),
]
