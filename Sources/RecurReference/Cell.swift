// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What a cell hands on from step to step, or its gradient.
public struct ReferenceState<R: ReferenceNumber>: Equatable, Sendable {
  /// h: P.
  public var hidden: [R]

  /// c: H; empty for a cell that has none.
  public var cell: [R]

  public init(hidden: [R], cell: [R] = []) {
    self.hidden = hidden
    self.cell = cell
  }

  /// Zero.
  public init(zero shape: ReferenceShape) {
    self.init(
      hidden: zeros(shape.stateSize), cell: zeros(shape.hasCellState ? shape.hiddenSize : 0))
  }
}

/// The options of a kind of cell.
public protocol ReferenceOptions: Hashable, Sendable {
  /// What a cell with these options consists of.
  func shape(inputSize: Int, hiddenSize: Int) -> ReferenceShape
}

/// A recurrent cell for one sequence, said plainly.
public protocol ReferenceCell<R> {
  associatedtype R: ReferenceNumber
  associatedtype Options: ReferenceOptions

  /// The same cell over dual numbers.
  associatedtype OfDuals: ReferenceCell where OfDuals.R == Dual<R>, OfDuals.Options == Options

  var options: Options { get }
  var shape: ReferenceShape { get }
  var parameters: ReferenceParameters<R> { get set }

  /// What h_{t−1} is multiplied by on its way to W_hh, P; empty: nothing.
  var recurrentMask: [R] { get set }

  /// - Parameter parameters: all in one list, in the order of ``ReferenceParameters/elements``.
  init(_ options: Options, inputSize: Int, hiddenSize: Int, parameters: [R])

  /// The activated gates in their order (G x H), from x_t (I) and the state of step t − 1.
  func gates(_ x: [R], _ previous: ReferenceState<R>) -> [[R]]

  /// One step: the state of step t from x_t (I) and the state of step t − 1.
  func step(_ x: [R], _ previous: ReferenceState<R>) -> ReferenceState<R>

  /// One step back: from the gradient of the state of step t to ∂L/∂x_t (I) and the gradient of the
  /// state of step t − 1; the gradients of the parameters are added to what is there.
  func stepBackward(
    x: [R], previous: ReferenceState<R>, dNext: ReferenceState<R>,
    into gradients: inout ReferenceParameters<R>
  ) -> (dx: [R], dPrevious: ReferenceState<R>)
}

extension ReferenceCell {
  /// m ∘ h
  func masked(_ h: [R]) -> [R] {
    recurrentMask.isEmpty ? h : hadamard(recurrentMask, h)
  }
}
