// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

private func matmul(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let matrix = try call.constant(1)
  let dims = try matrix.knownDims
  guard dims.count >= 2, dims.dropLast(2).allSatisfy({ $0 == 1 }), matrix.type.isFloating else {
    throw Refusal("has a constant of the shape \(dims), expected a matrix")
  }
  let (rows, columns) = (dims[dims.count - 2], dims[dims.count - 1])
  if let state = try call.input(0).state, try call.input(0).tracked == nil {
    return [try stateProduct(state, matrix, rows, columns)]
  }
  if case .step(let term)? = try call.input(0).pending, term.kind == .hidden {
    return [try term.product(matrix)]
  }
  if let term = try RNNTerm.product(ofZero: call.input(0), matrix) { return [term.value] }
  let value = try call.tracked(0).padded(toRank: dims.count)
  return [Value(try lowering.dense(value, matrix, rows, columns) { $0 * columns + $1 })]
}

private func gemm(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let value = try call.tracked(0)
  let matrix = try call.constant(1)
  let dims = try matrix.knownDims
  guard try call.integer("transA", default: 0) == 0 else {
    throw Refusal("has a transposed first input")
  }
  guard dims.count == 2, value.axes.count == 2, matrix.type.isFloating else {
    throw Refusal("has inputs of ranks \(value.axes.count) and \(dims.count), expected 2")
  }
  let isTransposed = try call.integer("transB", default: 0) != 0
  let (rows, columns) = isTransposed ? (dims[1], dims[0]) : (dims[0], dims[1])
  let alpha = try call.float("alpha", default: 1)
  let beta = try call.float("beta", default: 1)
  var result = try lowering.dense(value, matrix, rows, columns, factor: alpha) { row, column in
    isTransposed ? column * rows + row : row * columns + column
  }
  if let bias = try call.optionalConstant(2), beta != 0 {
    let constant = try result.columnConstant(bias, lowering).map { $0 * beta }
    result = lowering.scaled(result, bias: constant.expanded(result.columns))
  }
  return [Value(result)]
}

extension ColumnConstant {
  /// A list of one number for each column, which a layer can have as its bias.
  func expanded(_ count: Int) -> ColumnConstant {
    if case .scalar(let value) = self {
      .columns(Array(repeating: value, count: count))
    } else {
      self
    }
  }
}

extension Lowering {
  /// Returns the product of the last axis of a value and a matrix; `index` is the place of a row and a column in
  /// the tensor.
  func dense(
    _ value: Tracked, _ matrix: Constant, _ rows: Int, _ columns: Int, factor: Double = 1,
    _ index: @escaping (Int, Int) -> Int
  ) throws(Refusal) -> Tracked {
    guard let last = value.axes.indices.last, value.size(ofAxis: last) == Size(rows), columns > 0
    else {
      throw Refusal("multiplies \(describe(value.dims)) by a matrix of \(rows) x \(columns)")
    }
    let axis = value.axes[last]
    guard axis.allSatisfy(\.isColumn) else {
      throw Refusal("sums over \(names(axis)), expected channels")
    }
    var result = value
    let order = value.columnOrder(ofAxis: last)
    let parameter = Parameter { () throws(Refusal) in
      let elements = try matrix.values().elements
      return (0..<columns).flatMap { column in
        order.map { row in factor * elements[index(row, column)] }
      }
    }
    result.channels = columns
    if axis.count == value.columnFactors.count {
      result.positions = 1
      result.node = builder.add(
        .dense(size: columns, bias: false), of: [value.node], ["weight": parameter])
    } else if axis == [.channels] {
      // The same matrix at each position.
      var convolution = Convolution(over: .positions, outputSize: columns, kernelSize: 1)
      convolution.bias = false
      result.node = builder.add(.convolution(convolution), of: [value.node], ["weight": parameter])
    } else {
      throw Refusal("sums over \(names(axis)), but there are other columns")
    }
    result.axes[last] = [.channels]
    result.dropOnes()
    return result
  }
}

extension Tracked {
  /// For each column of an axis in Recur's order, its index in the axis.
  func columnOrder(ofAxis axis: Int) -> [Int] {
    let hasPositions = axes[axis].contains(.positions)
    let hasChannels = axes[axis].contains(.channels)
    return (0..<(hasPositions ? positions : 1)).flatMap { position in
      (0..<(hasChannels ? channels : 1)).map { index(in: axis, position: position, channel: $0) }
    }
  }
}

let denseOperations: [String: Operation] = [
  "MatMul": Operation(inputs: 2, lower: matmul),
  "Gemm": Operation(inputs: 3, ["alpha", "beta", "transA", "transB"], lower: gemm),
]
