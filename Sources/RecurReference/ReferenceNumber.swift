// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// What the reference computes with: the floating-point types, and ``Dual`` numbers over them.
public protocol ReferenceNumber: SignedNumeric, Comparable, Sendable {
  /// A constant.
  init(_ constant: Double)

  static func / (a: Self, b: Self) -> Self
  static func exp(_ x: Self) -> Self

  /// exp(x) − 1
  static func expMinusOne(_ x: Self) -> Self

  /// log(1 + x)
  static func log(onePlus x: Self) -> Self

  static func tanh(_ x: Self) -> Self
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
