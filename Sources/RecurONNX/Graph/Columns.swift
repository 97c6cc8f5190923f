// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A constant operand of a value: one number, or one for each column in Recur's order.
enum ColumnConstant: Equatable {
  case scalar(Double)
  case columns([Double])

  func map(_ body: (Double) -> Double) -> ColumnConstant {
    switch self {
    case .scalar(let value): .scalar(body(value))
    case .columns(let values): .columns(values.map(body))
    }
  }
}

extension Tracked {
  /// The index in an axis of an element of a position and a channel.
  func index(in axis: Int, position: Int, channel: Int) -> Int {
    axes[axis].reduce(0) {
      switch $1 {
      case .positions: $0 * positions + position
      case .channels: $0 * channels + channel
      default: $0
      }
    }
  }

  /// Returns the value with as many axes as the result of broadcasting it with another shape.
  func padded(toRank rank: Int) -> Tracked {
    var result = self
    result.axes = Array(repeating: [], count: max(0, rank - axes.count)) + axes
    return result
  }

  /// Returns the elements of a constant at each column; an error if they differ between steps or sequences.
  func columnConstant(
    _ constant: Constant, _ lowering: Lowering
  ) throws(Refusal) -> ColumnConstant {
    if case .filled(let value, _) = constant.storage { return .scalar(value) }
    let array = try constant.values()
    if array.elements.count == 1, columns > 1 { return .scalar(array.elements[0]) }
    try lowering.addParameters(columns)
    let value = padded(toRank: array.dims.count)
    let dims = Array(repeating: 1, count: value.axes.count - array.dims.count) + array.dims
    for (axis, size) in dims.enumerated() where size != 1 {
      guard Size(size) == value.size(ofAxis: axis), value.axes[axis].allSatisfy(\.isColumn) else {
        throw Refusal("combines \(describe(self.dims)) with a constant of the shape \(array.dims)")
      }
    }
    let strides = rowMajorStrides(dims)
    var result: [Double] = []
    for position in 0..<positions {
      for channel in 0..<channels {
        let offset = dims.indices.reduce(0) {
          dims[$1] == 1
            ? $0 : $0 + strides[$1] * value.index(in: $1, position: position, channel: channel)
        }
        result.append(array.elements[offset])
      }
    }
    return .columns(result)
  }
}

extension Lowering {
  /// Returns w ∘ x + b, where one of both may be left out.
  func scaled(
    _ value: Tracked, weight: ColumnConstant? = nil, bias: ColumnConstant? = nil
  ) -> Tracked {
    switch (weight, bias) {
    case (.scalar(let weight)?, nil): return affine(value, weight, 0)
    case (nil, .scalar(let bias)?): return affine(value, 1, bias)
    case (.scalar(let weight)?, .scalar(let bias)?): return affine(value, weight, bias)
    default: break
    }
    var parameters: [String: [Double]] = [:]
    for (name, constant) in [("weight", weight), ("bias", bias)] {
      switch constant {
      case .scalar(let number)?: parameters[name] = Array(repeating: number, count: value.columns)
      case .columns(let columns)?: parameters[name] = columns
      case nil: break
      }
    }
    let isSame = parameters.values.allSatisfy { columns in
      (0..<columns.count).allSatisfy { columns[$0] == columns[$0 % value.channels] }
    }
    let count = isSame ? value.channels : value.columns
    let lists = parameters.mapValues { Parameter(Array($0[..<count])) }
    guard !isSame else { return map(.scale, value, lists) }
    let flat = map(.scale, reshaped(value, positions: 1), lists)
    return reshaped(flat, positions: value.positions)
  }

  private func affine(_ value: Tracked, _ alpha: Double, _ beta: Double) -> Tracked {
    if alpha == 1, beta == 0 { return value }
    return map(.activation(.affine(alpha: alpha, beta: beta)), value)
  }

  /// Adds a layer of two values of the same shape.
  func combined(_ layer: ModelLayer, _ a: Tracked, _ b: Tracked) throws(Refusal) -> Tracked {
    let rank = max(a.axes.count, b.axes.count)
    let (a, b) = (a.padded(toRank: rank), b.padded(toRank: rank))
    guard a.axes == b.axes, a.dims == b.dims, a.isPerSequence == b.isPerSequence else {
      throw Refusal("combines values of the shapes \(describe(a.dims)) and \(describe(b.dims))")
    }
    guard a.padding == nil, b.padding == nil, !a.isTokens, !b.isTokens else {
      throw Refusal("combines tokens or padded values")
    }
    var result = a
    result.node = builder.add(layer, of: [a.node, b.node])
    return result
  }
}
