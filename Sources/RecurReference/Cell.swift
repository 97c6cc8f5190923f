// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What a cell hands from step to step, or its gradient.
public struct ReferenceState<R: ReferenceNumber>: Equatable, Sendable {
  /// h: P.
  public var hidden: [R]

  /// c: H; empty for a cell that has none.
  public var cell: [R]

  /// A state of these values.
  ///
  /// - Parameters:
  ///   - hidden: h, P elements.
  ///   - cell: c, H elements; empty for a cell that has none.
  public init(hidden: [R], cell: [R] = []) {
    self.hidden = hidden
    self.cell = cell
  }

  /// A state of zeros.
  ///
  /// - Parameter shape: the sizes of the cell.
  public init(zero shape: ReferenceShape) {
    self.init(
      hidden: zeros(shape.stateSize), cell: zeros(shape.hasCellState ? shape.hiddenSize : 0))
  }
}

/// The options of a kind of cell.
public protocol ReferenceOptions: Hashable, Sendable {
  /// The sizes of a cell with these options.
  ///
  /// - Parameters:
  ///   - inputSize: I.
  ///   - hiddenSize: H.
  /// - Returns: the sizes, and which parameters the cell has.
  func shape(inputSize: Int, hiddenSize: Int) -> ReferenceShape
}

/// A recurrent cell for one sequence, in its most readable form.
public protocol ReferenceCell<R> {
  associatedtype R: ReferenceNumber
  associatedtype Options: ReferenceOptions

  /// The same cell over dual numbers.
  associatedtype OfDuals: ReferenceCell where OfDuals.R == Dual<R>, OfDuals.Options == Options

  var options: Options { get }
  var shape: ReferenceShape { get }
  var parameters: ReferenceParameters<R> { get set }

  /// The factors of h_{t−1} in its product with W_hh, P elements; none if empty.
  var recurrentMask: [R] { get set }

  /// A cell with given parameters.
  ///
  /// - Parameters:
  ///   - options: the options.
  ///   - inputSize: I.
  ///   - hiddenSize: H.
  ///   - parameters: all in one list, in the order of ``ReferenceParameters/elements``.
  init(_ options: Options, inputSize: Int, hiddenSize: Int, parameters: [R])

  /// The activated gates.
  ///
  /// - Parameters:
  ///   - x: x_t, I elements.
  ///   - previous: the state of step t − 1.
  /// - Returns: G x H, in the gates' order.
  func gates(_ x: [R], _ previous: ReferenceState<R>) -> [[R]]

  /// One step forward.
  ///
  /// - Parameters:
  ///   - x: x_t, I elements.
  ///   - previous: the state of step t − 1.
  /// - Returns: the state of step t.
  func step(_ x: [R], _ previous: ReferenceState<R>) -> ReferenceState<R>

  /// One step backward; the gradients of the parameters are added.
  ///
  /// - Parameters:
  ///   - x: x_t, I elements.
  ///   - previous: the state of step t − 1.
  ///   - dNext: the gradient of the state of step t.
  ///   - gradients: receives the gradients of the parameters.
  /// - Returns: ∂L/∂x_t, I elements, and the gradient of the state of step t − 1.
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
