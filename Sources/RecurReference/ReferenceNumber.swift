// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The numbers that the reference computes with: the floating-point types, and ``Dual`` numbers
/// over them.
public protocol ReferenceNumber: SignedNumeric, Comparable, Sendable {
  /// A constant.
  ///
  /// - Parameter constant: its value.
  init(_ constant: Double)

  static func / (a: Self, b: Self) -> Self

  /// The exponential function.
  ///
  /// - Parameter x: the argument.
  /// - Returns: exp(x).
  static func exp(_ x: Self) -> Self

  /// The exponential function minus 1, accurate near 0.
  ///
  /// - Parameter x: the argument.
  /// - Returns: exp(x) − 1.
  static func expMinusOne(_ x: Self) -> Self

  /// The logarithm of 1 + x, accurate near 0.
  ///
  /// - Parameter x: the argument.
  /// - Returns: log(1 + x).
  static func log(onePlus x: Self) -> Self

  /// The hyperbolic tangent.
  ///
  /// - Parameter x: the argument.
  /// - Returns: tanh(x).
  static func tanh(_ x: Self) -> Self

  /// The square root.
  ///
  /// - Parameter x: the argument.
  /// - Returns: √x.
  static func sqrt(_ x: Self) -> Self
}

extension Float: ReferenceNumber {}
extension Double: ReferenceNumber {}
#if arch(x86_64) || arch(i386)
  extension Float80: ReferenceNumber {}
#endif

// These are the C library's functions. They extend the protocol, and not the types, so that a program
// that also imports swift-numerics, whose functions of the same names extend the types, can call both.

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
