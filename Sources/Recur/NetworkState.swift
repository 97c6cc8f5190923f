// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What one step of a network hands to the next, of all layers and directions: that of layer l and
/// direction d is rows (l·D + d)·B … of its matrices, as in PyTorch's (L·D, B, H).
public protocol NetworkState<Scalar>: Sendable, Equatable {
  associatedtype Scalar: RecurScalar

  /// L·D·B x P.
  var hidden: Matrix<Scalar> { get set }

  // The library's own: the second matrix where there is one, and a state whose second is zero.
  var _cell: Matrix<Scalar>? { get }
  static func _make(hidden: Matrix<Scalar>, hiddenSize: Int) throws(RecurError) -> Self
}

/// The state of networks whose cells have no other: simple, residual, GRU.
public struct HiddenState<Scalar: RecurScalar>: NetworkState {
  /// L·D·B x H.
  public var hidden: Matrix<Scalar>

  public init(hidden: Matrix<Scalar>) {
    self.hidden = hidden
  }

  public var _cell: Matrix<Scalar>? { nil }

  public static func _make(
    hidden: Matrix<Scalar>, hiddenSize: Int
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

  public static func _make(
    hidden: Matrix<Scalar>, hiddenSize: Int
  ) throws(RecurError) -> Self {
    Self(hidden: hidden, cell: try Matrix(rows: hidden.rows, columns: hiddenSize))
  }
}
