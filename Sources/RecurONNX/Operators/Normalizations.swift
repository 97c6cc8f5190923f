// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

private func layerNormalization(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let input = try call.tracked(0)
  let rank = input.axes.count
  let axis = try normalized(call.integer("axis", default: -1), rank: rank)
  guard input.axes[(axis + 1)...].allSatisfy(\.isEmpty) else {
    throw Refusal("normalizes several axes, expected the channels")
  }
  guard try call.integer("stash_type", default: 1) == 1 else {
    throw Refusal("has another stash_type than 1")
  }
  let value = try lowering.withChannels(input, axis: axis)
  var parameters: [String: Parameter] = [:]
  for (k, name) in [(1, "weight"), (2, "bias")] {
    guard let constant = try call.optionalConstant(k) else { continue }
    let columns = try value.channelConstant(constant, lowering)
    parameters[name] = Parameter(columns)
  }
  let epsilon = try call.float("epsilon", default: 1e-5)
  return [Value(lowering.map(.layerNormalization(epsilon: epsilon), value, parameters))]
}

private func batchNormalization(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let value = try call.tracked(0)
  guard try call.integer("training_mode", default: 0) == 0,
    try call.integer("spatial", default: 1) == 1,
    value.axes.count >= 2
  else { throw Refusal("is in training mode or not over channels") }
  let lists = try (1...4).map { k throws(Refusal) in try call.constant(k).values().elements }
  let channels = try lowering.withChannels(value, axis: 1)
  guard lists.allSatisfy({ $0.count == channels.channels }) else {
    throw Refusal("has constants of another number of channels than \(channels.channels)")
  }
  let epsilon = try call.float("epsilon", default: 1e-5)
  let weight = zip(lists[0], lists[3]).map { $0 / ($1 + epsilon).squareRoot() }
  let bias = zip(zip(lists[1], lists[2]), weight).map { $0.0 - $0.1 * $1 }
  let parameters: [String: Parameter] = [
    "weight": Parameter(weight), "bias": Parameter(bias),
  ]
  return [Value(lowering.map(.scale, channels, parameters))]
}

extension Tracked {
  /// Returns the elements of a constant for each channel; an error if they differ between positions.
  fileprivate func channelConstant(
    _ constant: Constant, _ lowering: Lowering
  ) throws(Refusal) -> [Double] {
    switch try columnConstant(constant, lowering) {
    case .scalar(let number):
      try lowering.addParameters(channels)
      return Array(repeating: number, count: channels)
    case .columns(let columns):
      guard columns.indices.allSatisfy({ columns[$0] == columns[$0 % channels] }) else {
        throw Refusal("has other constants at other positions")
      }
      return Array(columns[..<channels])
    }
  }
}

let normalizationOperations: [String: Operation] = [
  "LayerNormalization": Operation(
    inputs: 3, ["axis", "epsilon", "stash_type"], lower: layerNormalization),
  "BatchNormalization": Operation(
    inputs: 5, ["epsilon", "momentum", "spatial", "training_mode"], lower: batchNormalization),
]
