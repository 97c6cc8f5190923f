// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The widest available type, with which kernels are compared.
#if arch(x86_64) || arch(i386)
  public typealias Wide = Float80
#else
  public typealias Wide = Double
#endif

extension SplitMix64 {
  /// A value uniform in ±scale.
  public mutating func number<R: BinaryFloatingPoint>(_ scale: Double = 1) -> R {
    R(scale * (2 * nextUnit() - 1))
  }

  public mutating func vector<R: BinaryFloatingPoint>(_ count: Int, _ scale: Double = 1) -> [R] {
    (0..<count).map { _ in number(scale) }
  }

  public mutating func matrix<R: BinaryFloatingPoint>(
    _ rows: Int, _ columns: Int, _ scale: Double = 1
  ) -> [[R]] {
    (0..<rows).map { _ in vector(columns, scale) }
  }
}

/// Converts rows to a wider or narrower type.
public func convert<A: BinaryFloatingPoint, B: BinaryFloatingPoint>(
  _ rows: [[A]], to type: B.Type = B.self
) -> [[B]] {
  rows.map { $0.map { B($0) } }
}

extension Matrix {
  public var rowArrays: [[Scalar]] {
    (0..<rows).map { row in (0..<columns).map { self[row, $0] } }
  }
}
