// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The types of numbers that the reference supports: the floating-point types, and ``Dual`` numbers over
/// them.
public protocol ReferenceNumber: SignedNumeric, Comparable, Sendable {
  /// Creates a constant.
  ///
  /// - Parameter constant: The value.
  init(_ constant: Double)

  static func / (a: Self, b: Self) -> Self

  /// Returns the exponential function.
  ///
  /// - Parameter x: The argument.
  /// - Returns: exp(x).
  static func exp(_ x: Self) -> Self

  /// Returns the exponential function minus 1, accurate near 0.
  ///
  /// - Parameter x: The argument.
  /// - Returns: exp(x) − 1.
  static func expMinusOne(_ x: Self) -> Self

  /// Returns the logarithm of 1 + x, accurate near 0.
  ///
  /// - Parameter x: The argument.
  /// - Returns: log(1 + x).
  static func log(onePlus x: Self) -> Self

  /// Returns the hyperbolic tangent.
  ///
  /// - Parameter x: The argument.
  /// - Returns: tanh(x).
  static func tanh(_ x: Self) -> Self

  /// Returns the square root.
  ///
  /// - Parameter x: The argument.
  /// - Returns: √x.
  static func sqrt(_ x: Self) -> Self
}

extension Float: ReferenceNumber {}
extension Double: ReferenceNumber {}
#if arch(x86_64) || arch(i386)
  extension Float80: ReferenceNumber {}
#endif

// These functions of the C library extend the protocol, because swift-numerics extends the types with
// functions of the same names. A program that imports both modules can therefore call both.

extension ReferenceNumber where Self == Float {
  public static func exp(_ x: Self) -> Self { Foundation.exp(x) }
  public static func expMinusOne(_ x: Self) -> Self { Foundation.expm1(x) }
  public static func log(onePlus x: Self) -> Self { Foundation.log1p(x) }
  public static func tanh(_ x: Self) -> Self { Foundation.tanh(x) }
}

extension ReferenceNumber where Self == Double {
  public static func exp(_ x: Self) -> Self { Foundation.exp(x) }
  public static func expMinusOne(_ x: Self) -> Self { Foundation.expm1(x) }
  public static func log(onePlus x: Self) -> Self { Foundation.log1p(x) }
  public static func tanh(_ x: Self) -> Self { Foundation.tanh(x) }
}

#if arch(x86_64) || arch(i386)
  extension ReferenceNumber where Self == Float80 {
    public static func exp(_ x: Self) -> Self { Foundation.exp(x) }
    public static func expMinusOne(_ x: Self) -> Self { Foundation.expm1(x) }
    public static func log(onePlus x: Self) -> Self { Foundation.log1p(x) }
    public static func tanh(_ x: Self) -> Self { Foundation.tanh(x) }
  }
#endif

extension ReferenceNumber where Self: FloatingPoint {
  public static func sqrt(_ x: Self) -> Self { x.squareRoot() }
}
