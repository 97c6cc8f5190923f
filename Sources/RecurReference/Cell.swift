// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The state that a cell passes from step to step, or its gradient.
public struct ReferenceState<R: ReferenceNumber>: Equatable, Sendable {
  /// The hidden state h, P elements.
  public var hidden: [R]

  /// The cell state c, H elements; empty for a cell without one.
  public var cell: [R]

  /// Creates a state from its values.
  ///
  /// - Parameters:
  ///   - hidden: The hidden state h, P elements.
  ///   - cell: The cell state c, H elements; empty for a cell without one.
  public init(hidden: [R], cell: [R] = []) {
    self.hidden = hidden
    self.cell = cell
  }

  /// Creates a state of zeros.
  ///
  /// - Parameter shape: The sizes of the cell.
  public init(zero shape: ReferenceShape) {
    self.init(
      hidden: zeros(shape.stateSize), cell: zeros(shape.hasCellState ? shape.hiddenSize : 0))
  }
}

/// The options of a kind of cell.
public protocol ReferenceOptions: Hashable, Sendable {
  /// Returns the sizes of a cell with these options.
  ///
  /// - Parameters:
  ///   - inputSize: The number of input features, I.
  ///   - hiddenSize: The hidden size, H.
  /// - Returns: The sizes, and which parameters the cell has.
  func shape(inputSize: Int, hiddenSize: Int) -> ReferenceShape
}

/// A recurrent cell for one sequence, written for readability.
public protocol ReferenceCell<R> {
  associatedtype R: ReferenceNumber
  associatedtype Options: ReferenceOptions

  /// The same cell over dual numbers.
  associatedtype OfDuals: ReferenceCell where OfDuals.R == Dual<R>, OfDuals.Options == Options

  var options: Options { get }
  var shape: ReferenceShape { get }
  var parameters: ReferenceParameters<R> { get set }

  /// The factors of hₜ₋₁ in its product with Wₕₕ, P elements; if empty, none.
  var recurrentMask: [R] { get set }

  /// Creates a cell with the given parameters.
  ///
  /// - Parameters:
  ///   - options: The options.
  ///   - inputSize: The number of input features, I.
  ///   - hiddenSize: The hidden size, H.
  ///   - parameters: All parameters in one list, in the order of ``ReferenceParameters/elements``.
  init(_ options: Options, inputSize: Int, hiddenSize: Int, parameters: [R])

  /// Computes the activated gates.
  ///
  /// - Parameters:
  ///   - x: The input xₜ, I elements.
  ///   - previous: The state of step t − 1.
  /// - Returns: The gates in order, G x H.
  func gates(_ x: [R], _ previous: ReferenceState<R>) -> [[R]]

  /// Runs one step forward.
  ///
  /// - Parameters:
  ///   - x: The input xₜ, I elements.
  ///   - previous: The state of step t − 1.
  /// - Returns: The state of step t.
  func step(_ x: [R], _ previous: ReferenceState<R>) -> ReferenceState<R>

  /// Runs one step backward and adds the gradients of the parameters.
  ///
  /// - Parameters:
  ///   - x: The input xₜ, I elements.
  ///   - previous: The state of step t − 1.
  ///   - dNext: The gradient of the state of step t.
  ///   - gradients: The gradients of the parameters, which are added to.
  /// - Returns: ∂L/∂xₜ, I elements, and the gradient of the state of step t − 1.
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
