// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The layout of one sequence's state as a vector of S elements: h of every layer, then, for an
/// LSTM, c of every layer. It applies to unidirectional networks.
struct StateLayout {
  /// L, the number of layers.
  let layers: Int

  /// The columns of each state matrix: P for h, and H for c if there is one.
  let columns: [Int]

  /// S, the number of elements.
  var count: Int { layers * columns.reduce(0, +) }

  init(_ network: NetworkConfiguration) {
    layers = network.layers
    columns = [network.stateSize] + (network.hasCellState ? [network.hiddenSize] : [])
  }

  /// Returns the state of one sequence, copied to a batch of S sequences.
  func copies<State: NetworkState>(
    of state: State, sequence: Int
  ) throws(RecurError) -> any NetworkState<State.Scalar> {
    let parts = [state.hidden] + (state.cellState.map { [$0] } ?? [])
    let batchSize = state.hidden.rows / layers
    return try self.state { part, layer, _, to in
      let row = layer * batchSize + sequence
      to.update(from: parts[part].base + row * columns[part], count: columns[part])
      withExtendedLifetime(parts) {}
    }
  }

  /// Returns a batch with one sequence per element of the state. In each sequence, that element is
  /// 1 and the others are 0.
  func units<Scalar: RecurScalar>(
    _: Scalar.Type
  ) throws(RecurError) -> any NetworkState<Scalar> {
    try state { (part, layer, number, to: UnsafeMutablePointer<Scalar>) in
      let column = number - first(part, layer)
      if 0..<columns[part] ~= column { to[column] = 1 }
    }
  }

  /// Creates a state of S sequences row by row.
  private func state<Scalar: RecurScalar>(
    _ fill: (_ part: Int, _ layer: Int, _ number: Int, UnsafeMutablePointer<Scalar>) -> Void
  ) throws(RecurError) -> any NetworkState<Scalar> {
    var parts: [Matrix<Scalar>] = []
    for part in columns.indices {
      var matrix = try Matrix<Scalar>(rows: layers * count, columns: columns[part])
      let base = try matrix.uniqueBase()
      for row in 0..<layers * count {
        fill(part, row / count, row % count, base + row * columns[part])
      }
      parts.append(matrix)
    }
    return parts.count == 1
      ? HiddenState(hidden: parts[0]) : LSTMState(hidden: parts[0], cell: parts[1])
  }

  /// Returns the states of S sequences as the columns of a matrix, S x S.
  @_specialize(where State == HiddenState<Float>)
  @_specialize(where State == HiddenState<Double>)
  @_specialize(where State == LSTMState<Float>)
  @_specialize(where State == LSTMState<Double>)
  func transposedRows<State: NetworkState>(
    of state: State
  ) throws(RecurError) -> Matrix<State.Scalar> {
    let parts = [state.hidden] + (state.cellState.map { [$0] } ?? [])
    let count = count
    var result = try Matrix<State.Scalar>(rows: count, columns: count)
    let to = try result.uniqueBase()
    for part in columns.indices {
      for layer in 0..<layers {
        let (from, first) = (
          parts[part].base + layer * count * columns[part], first(part, layer)
        )
        for number in 0..<count {
          for column in 0..<columns[part] {
            to[(first + column) * count + number] = from[number * columns[part] + column]
          }
        }
      }
    }
    return withExtendedLifetime(parts) { result }
  }

  func identity<Scalar: RecurScalar>(_: Scalar.Type) throws(RecurError) -> Matrix<Scalar> {
    var matrix = try Matrix<Scalar>(rows: count, columns: count)
    for number in 0..<count { matrix[number, number] = 1 }
    return matrix
  }

  /// Returns the index of the first element of a layer's h (part 0) or c (part 1) in the vector.
  private func first(_ part: Int, _ layer: Int) -> Int {
    (part == 0 ? 0 : layers * columns[0]) + layer * columns[part]
  }
}
