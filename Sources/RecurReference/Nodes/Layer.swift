// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A value of a model for one sequence: C channels at each of Q positions, for each of T steps, so that
/// `x[t][q][c]` is a number. A value with one row for the whole sequence has T = 1.
public typealias ReferenceValue<R> = [[[R]]]

/// A layer of a model for one sequence, written for readability.
public protocol ReferenceLayer<R> {
  associatedtype R: ReferenceNumber

  /// All parameters in one list, in the order of the C library; empty if there are none.
  var parameters: [R] { get set }

  /// The number of elements of the state: 0 for a layer without one.
  var stateSize: Int { get }

  /// Computes the value of the layer.
  ///
  /// - Parameters:
  ///   - x: The values that the layer reads.
  ///   - state: The state before the first step.
  /// - Returns: The value, and the state after the last step.
  func forward(_ x: [ReferenceValue<R>], from state: [R]) -> ReferenceLayerOutput<R>

  /// Computes all gradients of a loss.
  ///
  /// - Parameters:
  ///   - x: The values that the layer reads.
  ///   - state: The state before the first step.
  ///   - dy: The gradient of the value.
  ///   - dFinal: The gradient of the state after the last step.
  /// - Returns: All gradients.
  func backward(
    x: [ReferenceValue<R>], from state: [R], dy: ReferenceValue<R>, dFinal: [R]
  ) -> ReferenceLayerBackward<R>
}

/// The result of a layer.
public struct ReferenceLayerOutput<R: ReferenceNumber> {
  /// The value y.
  public var value: ReferenceValue<R>

  /// The state after the last step.
  public var finalState: [R] = []
}

/// All gradients of a loss that depends on the value of a layer.
public struct ReferenceLayerBackward<R: ReferenceNumber> {
  /// The gradients of the values that the layer reads.
  public var dx: [ReferenceValue<R>]

  /// The gradient of the state before the first step.
  public var dInitial: [R] = []

  /// The gradients of the parameters.
  public var gradients: [R] = []
}

// Without parameters and state

extension ReferenceLayer {
  public var parameters: [R] {
    get { [] }
    set { precondition(newValue.isEmpty, "\(newValue.count) parameters too many") }
  }

  public var stateSize: Int { 0 }
}

/// A layer that reads one value and has no state: y = f(x).
public protocol ReferenceFunction<R>: ReferenceLayer {
  /// Computes the value.
  ///
  /// - Parameter x: The value that the layer reads.
  /// - Returns: The value y.
  func callAsFunction(_ x: ReferenceValue<R>) -> ReferenceValue<R>

  /// Returns the gradient of x, and adds the gradients of the parameters.
  ///
  /// - Parameters:
  ///   - x: The value that the layer reads.
  ///   - dy: ∂L/∂y.
  ///   - gradients: The gradients of the parameters, which are added to.
  /// - Returns: ∂L/∂x.
  func backward(
    x: ReferenceValue<R>, dy: ReferenceValue<R>, into gradients: inout Self
  ) -> ReferenceValue<R>
}

extension ReferenceFunction {
  public func forward(_ x: [ReferenceValue<R>], from state: [R]) -> ReferenceLayerOutput<R> {
    ReferenceLayerOutput(value: self(x[0]))
  }

  public func backward(
    x: [ReferenceValue<R>], from state: [R], dy: ReferenceValue<R>, dFinal: [R]
  ) -> ReferenceLayerBackward<R> {
    var gradients = self
    gradients.parameters = zeros(parameters.count)
    let dx = backward(x: x[0], dy: dy, into: &gradients)
    return ReferenceLayerBackward(dx: [dx], gradients: gradients.parameters)
  }
}

/// A layer that computes the channels of each position from the channels of the same position, at every step
/// with the same parameters.
public protocol ReferenceChannelFunction<R>: ReferenceFunction {
  /// Computes the channels of a position.
  ///
  /// - Parameter x: The channels of the position.
  /// - Returns: The channels of y.
  func callAsFunction(_ x: [R]) -> [R]

  /// Returns the gradient of x, and adds the gradients of the parameters.
  ///
  /// - Parameters:
  ///   - x: The channels of the position.
  ///   - dy: ∂L/∂y.
  ///   - gradients: The gradients of the parameters, which are added to.
  /// - Returns: ∂L/∂x.
  func backward(x: [R], dy: [R], into gradients: inout Self) -> [R]
}

extension ReferenceChannelFunction {
  public func callAsFunction(_ x: ReferenceValue<R>) -> ReferenceValue<R> {
    x.map { step in step.map { self($0) } }
  }

  public func backward(
    x: ReferenceValue<R>, dy: ReferenceValue<R>, into gradients: inout Self
  ) -> ReferenceValue<R> {
    x.indices.map { t in
      x[t].indices.map { q in backward(x: x[t][q], dy: dy[t][q], into: &gradients) }
    }
  }
}
