// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What one step of a network hands to the next, of all layers and directions: that of layer l and
/// direction d is rows (l·D + d)·B … of its matrices, as in PyTorch's (L·D, B, H).
///
/// A state does not know L, D and B apart. A network checks that it has L·D·B rows and as many columns
/// as there are units; that rows of another network, or of a batch of another size, mean what they
/// meant there, it cannot see.
public protocol NetworkState<Scalar>: Sendable, Equatable {
  associatedtype Scalar: RecurScalar

  /// L·D·B x P.
  var hidden: Matrix<Scalar> { get set }

  // The library's own: the second matrix where there is one, and a state whose second is zero, or
  // is to be written over.
  var _cell: Matrix<Scalar>? { get }
  static func _make(
    hidden: Matrix<Scalar>, hiddenSize: Int, zeroed: Bool
  ) throws(RecurError) -> Self

  // Before it is written to.
  mutating func _makeUnique()
}

/// The state of networks whose cells have no other: simple, residual, GRU.
public struct HiddenState<Scalar: RecurScalar>: NetworkState {
  /// L·D·B x H.
  public var hidden: Matrix<Scalar>

  public init(hidden: Matrix<Scalar>) {
    self.hidden = hidden
  }

  public var _cell: Matrix<Scalar>? { nil }

  public mutating func _makeUnique() { _ = hidden.uniqueBase() }

  public static func _make(
    hidden: Matrix<Scalar>, hiddenSize: Int, zeroed: Bool
  ) throws(RecurError) -> Self {
    Self(hidden: hidden)
  }
}

/// The state of an LSTM.
public struct LSTMState<Scalar: RecurScalar>: NetworkState {
  /// L·D·B x P.
  public var hidden: Matrix<Scalar>

  /// L·D·B x H.
  public var cell: Matrix<Scalar>

  public init(hidden: Matrix<Scalar>, cell: Matrix<Scalar>) {
    self.hidden = hidden
    self.cell = cell
  }

  public var _cell: Matrix<Scalar>? { cell }

  public mutating func _makeUnique() {
    _ = hidden.uniqueBase()
    _ = cell.uniqueBase()
  }

  public static func _make(
    hidden: Matrix<Scalar>, hiddenSize: Int, zeroed: Bool
  ) throws(RecurError) -> Self {
    Self(
      hidden: hidden, cell: try Matrix(rows: hidden.rows, columns: hiddenSize, zeroed: zeroed))
  }
}

// Parts of a state

extension RecurrentNetwork {
  /// Replaces the rows of one layer and direction in a matrix of a state, B of L·D·B: what
  /// ``rows(of:layer:direction:)`` reads.
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
    let part = layer * description.directions + direction.rawValue
    let base = matrix.uniqueBase() + part * rows.rows * rows.columns
    for (index, element) in rows.elements.enumerated() { base[index] = element }
  }

  /// The last layer's h, both directions side by side, B x D·P: [forward, reverse]. Of a final state
  /// it is what a head reads that classifies whole sequences.
  public func lastHidden(of state: State) throws(RecurError) -> Matrix<Scalar> {
    let P = description.stateSize
    guard state.hidden.columns == P else {
      throw .shape(
        argument: "state.hidden", expected: .init(state.hidden.rows, P),
        found: .init(state.hidden.rows, state.hidden.columns))
    }
    let parts = try directions.map { direction throws(RecurError) in
      try rows(of: state.hidden, layer: description.layers - 1, direction: direction)
    }
    var joined = try Matrix<Scalar>(rows: parts[0].rows, columns: outputSize)
    for (d, part) in parts.enumerated() {
      for b in 0..<part.rows {
        for j in 0..<P { joined[b, d * P + j] = part[b, j] }
      }
    }
    return joined
  }

  /// A state that has these numbers, B x D·P, where ``lastHidden(of:)`` reads them, and is zero
  /// elsewhere: from the gradient of what that gave, the gradient of the state.
  public func state(lastHidden joined: Matrix<Scalar>) throws(RecurError) -> State {
    guard joined.columns == outputSize else {
      throw .shape(
        argument: "lastHidden", expected: .init(joined.rows, outputSize),
        found: .init(joined.rows, joined.columns))
    }
    let P = description.stateSize
    var state = try zeroState(batchSize: joined.rows)
    for direction in directions {
      var part = try Matrix<Scalar>(rows: joined.rows, columns: P)
      for b in 0..<part.rows {
        for j in 0..<P { part[b, j] = joined[b, direction.rawValue * P + j] }
      }
      try setRows(
        of: &state.hidden, layer: description.layers - 1, direction: direction, to: part)
    }
    return state
  }

  private var directions: ArraySlice<Direction> {
    Direction.allCases.prefix(description.directions)
  }
}
