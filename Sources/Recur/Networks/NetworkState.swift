// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The state that one step of a network hands to the next, for all layers and directions. Layer l and
/// direction d have rows (l·D + d)·B … of its matrices, as in PyTorch's (L·D, B, H).
///
/// A state does not store L, D and B. A network checks that a state has L·D·B rows and as many columns
/// as there are units, but cannot detect that it came from another network or from a batch of another
/// size with as many rows.
public protocol NetworkState<Scalar>: Sendable, Equatable {
  associatedtype Scalar: RecurScalar

  /// h: L·D·B x P.
  var hidden: Matrix<Scalar> { get set }

  /// c: L·D·B x H of an LSTM's state, ``LSTMState/cell``; nil of others.
  var cellState: Matrix<Scalar>? { get }

  /// A state of these matrices.
  ///
  /// - Parameters:
  ///   - hidden: h, L·D·B x P.
  ///   - cellState: c, L·D·B x H, of an LSTM's state; nil of others.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` for a cell state that this type has no place
  ///   for, or none where it has one.
  init(hidden: Matrix<Scalar>, cellState: Matrix<Scalar>?) throws(RecurError)
}

/// The state of simple, residual and GRU networks: h alone.
public struct HiddenState<Scalar: RecurScalar>: NetworkState {
  /// h: L·D·B x H.
  public var hidden: Matrix<Scalar>

  /// A state of this matrix.
  ///
  /// - Parameter hidden: h, L·D·B x H.
  @inlinable
  public init(hidden: Matrix<Scalar>) {
    self.hidden = hidden
  }

  @inlinable
  public init(hidden: Matrix<Scalar>, cellState: Matrix<Scalar>?) throws(RecurError) {
    guard cellState == nil else {
      throw .invalid(argument: "cellState", reason: "is given for a state that has none")
    }
    self.init(hidden: hidden)
  }

  @inlinable
  public var cellState: Matrix<Scalar>? { nil }
}

/// The state of an LSTM.
public struct LSTMState<Scalar: RecurScalar>: NetworkState {
  /// h: L·D·B x P.
  public var hidden: Matrix<Scalar>

  /// c: L·D·B x H.
  public var cell: Matrix<Scalar>

  /// A state of these matrices.
  ///
  /// - Parameters:
  ///   - hidden: h, L·D·B x P.
  ///   - cell: c, L·D·B x H.
  @inlinable
  public init(hidden: Matrix<Scalar>, cell: Matrix<Scalar>) {
    self.hidden = hidden
    self.cell = cell
  }

  @inlinable
  public init(hidden: Matrix<Scalar>, cellState: Matrix<Scalar>?) throws(RecurError) {
    guard let cellState else {
      throw .invalid(argument: "cellState", reason: "is missing in the state of an LSTM")
    }
    self.init(hidden: hidden, cell: cellState)
  }

  @inlinable
  public var cellState: Matrix<Scalar>? { cell }
}

extension NetworkState {
  @inlinable
  var matrices: StateMatrices<Scalar> { StateMatrices(hidden: hidden, cell: cellState) }

  @inlinable
  init(_ matrices: StateMatrices<Scalar>) throws(RecurError) {
    try self.init(hidden: matrices.hidden, cellState: matrices.cell)
  }
}

// States of a network

extension RecurrentNetwork {
  /// A state of zeros.
  ///
  /// - Parameter batchSize: B.
  /// - Returns: L·D·B rows.
  /// - Throws: ``RecurError`` for a negative size, or without memory.
  public func zeroState(batchSize: Int) throws(RecurError) -> State {
    try State(plan.state(batchSize: batchSize, zeroed: true))
  }

  /// A state of this h, and zero for the rest: the gradient of the final state if a loss depends only on
  /// its `hidden`.
  ///
  /// - Parameter hidden: L·D·B x P.
  /// - Returns: the state; a pass checks its shape.
  /// - Throws: ``RecurError`` without memory.
  public func state(hidden: Matrix<Scalar>) throws(RecurError) -> State {
    try State(plan.state(hidden: hidden, zeroed: true))
  }

  /// The rows of one layer and direction in a matrix of a state.
  ///
  /// - Parameters:
  ///   - matrix: L·D·B rows.
  ///   - layer: from 0 to L − 1.
  ///   - direction: of the layer.
  /// - Returns: B rows.
  /// - Throws: ``RecurError`` for a layer or direction that the network does not have, or a number of
  ///   rows that is no multiple of L·D.
  public func rows(
    of matrix: Matrix<Scalar>, layer: Int, direction: Direction = .forward
  ) throws(RecurError) -> Matrix<Scalar> {
    let all = configuration.layers * configuration.directions
    try plan.require(layer: layer, direction)
    guard matrix.rows % all == 0 else {
      throw .invalid(
        argument: "matrix", reason: "has \(matrix.rows) rows, expected a multiple of \(all)")
    }
    let place = layer * configuration.directions + direction.rawValue
    return try SequenceBatch(steps: all, batchSize: matrix.rows / all, matrix: matrix).step(place)
  }

  /// Replaces the rows of one layer and direction in a matrix of a state: what
  /// ``rows(of:layer:direction:)`` reads.
  ///
  /// - Parameters:
  ///   - matrix: L·D·B rows.
  ///   - layer: from 0 to L − 1.
  ///   - direction: of the layer.
  ///   - rows: B rows with as many columns as the matrix.
  /// - Throws: ``RecurError`` for a layer or direction that the network does not have, or rows of
  ///   another shape.
  public func setRows(
    of matrix: inout Matrix<Scalar>, layer: Int, direction: Direction = .forward,
    to rows: Matrix<Scalar>
  ) throws(RecurError) {
    let replaced = try self.rows(of: matrix, layer: layer, direction: direction)
    guard rows.rows == replaced.rows, rows.columns == replaced.columns else {
      throw .shape(
        argument: "rows", expected: .init(replaced.rows, replaced.columns),
        found: .init(rows.rows, rows.columns))
    }
    let place = layer * configuration.directions + direction.rawValue
    let base = matrix.uniqueBase() + place * rows.rows * rows.columns
    for (index, element) in rows.elements.enumerated() { base[index] = element }
  }

  /// The last layer's h, both directions side by side: [forward, reverse]. A head that classifies whole
  /// sequences reads this of the final state.
  ///
  /// - Parameter state: of this network.
  /// - Returns: B x D·P.
  /// - Throws: ``RecurError`` for a state of another shape.
  public func lastHidden(of state: State) throws(RecurError) -> Matrix<Scalar> {
    let P = configuration.stateSize
    guard state.hidden.columns == P else {
      throw .shape(
        argument: "state.hidden", expected: .init(state.hidden.rows, P),
        found: .init(state.hidden.rows, state.hidden.columns))
    }
    let parts = try directions.map { direction throws(RecurError) in
      try rows(of: state.hidden, layer: configuration.layers - 1, direction: direction)
    }
    var joined = try Matrix<Scalar>(rows: parts[0].rows, columns: outputSize)
    for (d, part) in parts.enumerated() {
      for b in 0..<part.rows {
        for j in 0..<P { joined[b, d * P + j] = part[b, j] }
      }
    }
    return joined
  }

  /// A state with these rows where ``lastHidden(of:)`` reads them, and zero elsewhere: the gradient of
  /// the state from the gradient of the result of ``lastHidden(of:)``.
  ///
  /// - Parameter joined: B x D·P.
  /// - Returns: L·D·B rows.
  /// - Throws: ``RecurError`` for another number of columns, or without memory.
  public func state(lastHidden joined: Matrix<Scalar>) throws(RecurError) -> State {
    guard joined.columns == outputSize else {
      throw .shape(
        argument: "lastHidden", expected: .init(joined.rows, outputSize),
        found: .init(joined.rows, joined.columns))
    }
    let P = configuration.stateSize
    var state = try zeroState(batchSize: joined.rows)
    for direction in directions {
      var part = try Matrix<Scalar>(rows: joined.rows, columns: P)
      for b in 0..<part.rows {
        for j in 0..<P { part[b, j] = joined[b, direction.rawValue * P + j] }
      }
      try setRows(
        of: &state.hidden, layer: configuration.layers - 1, direction: direction, to: part)
    }
    return state
  }

  private var directions: ArraySlice<Direction> {
    Direction.allCases.prefix(configuration.directions)
  }
}
