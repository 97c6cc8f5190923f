// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

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
