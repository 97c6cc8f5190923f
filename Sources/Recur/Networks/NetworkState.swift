// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The state that a network passes from one step to the next, for all layers and directions. The rows of
/// layer l and direction d start at (l·D + d)·B in its matrices, as in PyTorch's (L·D, B, H).
///
/// A state does not store L, D and B. A network checks that a state has L·D·B rows and the right number of
/// columns. It cannot detect a state with the same number of rows that comes from another network or from a
/// batch of another size.
public protocol NetworkState<Scalar>: Sendable, Equatable {
  associatedtype Scalar: RecurScalar

  /// The hidden state h: L·D·B x P.
  var hidden: Matrix<Scalar> { get set }

  /// The cell state c of an LSTM, L·D·B x H: ``LSTMState/cell``. For other networks, nil.
  var cellState: Matrix<Scalar>? { get }

  /// Creates a state from its matrices.
  ///
  /// - Parameters:
  ///   - hidden: The hidden state h, L·D·B x P.
  ///   - cellState: The cell state c of an LSTM, L·D·B x H; for other networks nil.
  /// - Throws: ``RecurError/invalid(argument:reason:)`` if this type has no cell state but one is given,
  ///   or the reverse.
  init(hidden: Matrix<Scalar>, cellState: Matrix<Scalar>?) throws(RecurError)
}

/// The state of simple, residual and GRU networks, which consists of h.
public struct HiddenState<Scalar: RecurScalar>: NetworkState {
  /// The hidden state h: L·D·B x H.
  public var hidden: Matrix<Scalar>

  /// Creates a state from its matrix.
  ///
  /// - Parameter hidden: The hidden state h, L·D·B x H.
  @inlinable
  public init(hidden: Matrix<Scalar>) {
    self.hidden = hidden
  }

  @inlinable
  public init(hidden: Matrix<Scalar>, cellState: Matrix<Scalar>?) throws(RecurError) {
    guard cellState == nil else {
      throw .invalid(argument: "cellState", reason: "is given, but the state has no cell state")
    }
    self.init(hidden: hidden)
  }

  @inlinable
  public var cellState: Matrix<Scalar>? { nil }
}

/// The state of an LSTM.
public struct LSTMState<Scalar: RecurScalar>: NetworkState {
  /// The hidden state h: L·D·B x P.
  public var hidden: Matrix<Scalar>

  /// The cell state c: L·D·B x H.
  public var cell: Matrix<Scalar>

  /// Creates a state from its matrices.
  ///
  /// - Parameters:
  ///   - hidden: The hidden state h, L·D·B x P.
  ///   - cell: The cell state c, L·D·B x H.
  @inlinable
  public init(hidden: Matrix<Scalar>, cell: Matrix<Scalar>) {
    self.hidden = hidden
    self.cell = cell
  }

  @inlinable
  public init(hidden: Matrix<Scalar>, cellState: Matrix<Scalar>?) throws(RecurError) {
    guard let cellState else {
      throw .invalid(argument: "cellState", reason: "is missing, but an LSTM state requires one")
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
  /// Creates a state of zeros.
  ///
  /// - Parameter batchSize: The batch size B.
  /// - Returns: A state with L·D·B rows.
  /// - Throws: ``RecurError`` if the size is negative or memory cannot be allocated.
  public func zeroState(batchSize: Int) throws(RecurError) -> State {
    try State(plan.state(batchSize: batchSize, zeroed: true))
  }

  /// Creates a state with the given h and zeros elsewhere. If a loss depends only on the `hidden` of the
  /// final state, this converts the gradient of `hidden` to a gradient of the state.
  ///
  /// - Parameter hidden: The hidden state h, L·D·B x P.
  /// - Returns: The state. A pass checks its shape.
  /// - Throws: ``RecurError`` if memory cannot be allocated.
  public func state(hidden: Matrix<Scalar>) throws(RecurError) -> State {
    try State(plan.state(hidden: hidden, zeroed: true))
  }

  /// Returns the rows of one layer and direction in a matrix of a state.
  ///
  /// - Parameters:
  ///   - matrix: A matrix with L·D·B rows.
  ///   - layer: The layer, from 0 to L − 1.
  ///   - direction: The direction of the layer.
  /// - Returns: The rows of all sequences, B rows.
  /// - Throws: ``RecurError`` if the network does not have the layer or direction, or the number of rows
  ///   is not a multiple of L·D.
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

  /// Replaces the rows of one layer and direction in a matrix of a state, the rows that
  /// ``rows(of:layer:direction:)`` returns.
  ///
  /// - Parameters:
  ///   - matrix: A matrix with L·D·B rows.
  ///   - layer: The layer, from 0 to L − 1.
  ///   - direction: The direction of the layer.
  ///   - rows: A matrix with B rows and as many columns as `matrix`.
  /// - Throws: ``RecurError`` if the network does not have the layer or direction, or the shape of the
  ///   rows is wrong.
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
    let base = try matrix.uniqueBase() + place * rows.rows * rows.columns
    for (index, element) in rows.elements.enumerated() { base[index] = element }
  }

  /// Returns the last layer's h, with both directions side by side: [forward, reverse]. Apply this to the
  /// final state to get the input of a head that classifies whole sequences.
  ///
  /// - Parameter state: A state of this network.
  /// - Returns: The rows, B x D·P.
  /// - Throws: ``RecurError`` if the shape of the state is wrong.
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

  /// Creates a state with the given rows where ``lastHidden(of:)`` reads them, and zeros elsewhere. This
  /// converts the gradient of the result of ``lastHidden(of:)`` to a gradient of the state.
  ///
  /// - Parameter joined: The rows, B x D·P.
  /// - Returns: A state with L·D·B rows.
  /// - Throws: ``RecurError`` if the number of columns is wrong or memory cannot be allocated.
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
