// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A number with its derivatives with respect to some variables, for forward-mode differentiation.
///
/// Comparisons use only the values, so dual numbers take the same branches as their values.
public struct Dual<R: ReferenceNumber>: ReferenceNumber {
  public var value: R

  /// ∂value/∂v for every variable v; empty means zero.
  public var tangent: [R]

  /// Creates a number with derivatives.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - tangent: The derivative with respect to every variable; empty means zero.
  public init(value: R, tangent: [R] = []) {
    self.value = value
    self.tangent = tangent
  }

  /// Creates a variable.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - index: The index of the variable, from 0.
  ///   - count: The number of variables.
  public init(value: R, variable index: Int, of count: Int) {
    self.init(value: value, tangent: (0..<count).map { $0 == index ? 1 : 0 })
  }

  public init(_ constant: Double) {
    self.init(value: R(constant))
  }

  /// Creates the value of a function of u and v with the partial derivatives a and b. Its tangent is the
  /// sum of a ∂u and b ∂v.
  private init(value: R, _ a: R, _ u: Dual, _ b: R, _ v: Dual) {
    switch (u.tangent.isEmpty, v.tangent.isEmpty) {
    case (true, true): self.init(value: value)
    case (false, true): self.init(value: value, tangent: u.tangent.map { a * $0 })
    case (true, false): self.init(value: value, tangent: v.tangent.map { b * $0 })
    case (false, false):
      self.init(value: value, tangent: zip(u.tangent, v.tangent).map { a * $0 + b * $1 })
    }
  }

  /// Creates the value of a function of u with a given slope.
  private init(value: R, slope: R, _ u: Dual) {
    self.init(value: value, tangent: u.tangent.map { slope * $0 })
  }

  public static func + (u: Dual, v: Dual) -> Dual {
    Dual(value: u.value + v.value, 1, u, 1, v)
  }

  public static func - (u: Dual, v: Dual) -> Dual {
    Dual(value: u.value - v.value, 1, u, -1, v)
  }

  public static func * (u: Dual, v: Dual) -> Dual {
    Dual(value: u.value * v.value, v.value, u, u.value, v)
  }

  public static func / (u: Dual, v: Dual) -> Dual {
    // ∂(u/v) = (∂u − (u/v) ∂v) / v
    let quotient = u.value / v.value
    return Dual(value: quotient, 1 / v.value, u, -quotient / v.value, v)
  }

  public static func exp(_ u: Dual) -> Dual {
    let e = R.exp(u.value)
    return Dual(value: e, slope: e, u)
  }

  public static func expMinusOne(_ u: Dual) -> Dual {
    Dual(value: R.expMinusOne(u.value), slope: R.exp(u.value), u)
  }

  public static func log(onePlus u: Dual) -> Dual {
    Dual(value: R.log(onePlus: u.value), slope: 1 / (1 + u.value), u)
  }

  public static func sqrt(_ u: Dual) -> Dual {
    let root = R.sqrt(u.value)
    return Dual(value: root, slope: 1 / (2 * root), u)
  }

  public static func tanh(_ u: Dual) -> Dual {
    let t = R.tanh(u.value)
    return Dual(value: t, slope: (1 - t) * (1 + t), u)
  }
}

extension Dual {
  public init(integerLiteral value: R.IntegerLiteralType) {
    self.init(value: R(integerLiteral: value))
  }

  public init?<Integer: BinaryInteger>(exactly source: Integer) {
    guard let value = R(exactly: source) else { return nil }
    self.init(value: value)
  }

  public var magnitude: Dual { value < 0 ? -self : self }

  public static func *= (u: inout Dual, v: Dual) { u = u * v }
  public static func == (u: Dual, v: Dual) -> Bool { u.value == v.value }
  public static func < (u: Dual, v: Dual) -> Bool { u.value < v.value }
}
