// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// `Float` or `Double`: a precision that the C library computes in. No other type can conform.
public protocol RecurScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// `gsl_matrix` or `gsl_matrix_float`.
  associatedtype GSLMatrix
  /// `gsl_vector` or `gsl_vector_float`.
  associatedtype GSLVector

  /// The C library's functions; the library's own.
  static var kernels: Kernels<Self> { get }
}

// GSL declares its structs of all precisions alike: they differ in the type that `data` points to.

extension RecurScalar {
  /// A header over memory that has to outlive it.
  static func matrix(
    _ data: UnsafeMutablePointer<Self>?, rows: Int, columns: Int, stride: Int
  ) -> GSLMatrix {
    let matrix = gsl_matrix(
      size1: rows, size2: columns, tda: stride,
      data: UnsafeMutableRawPointer(data)?.assumingMemoryBound(to: Double.self), block: nil,
      owner: 0)
    return unsafeBitCast(matrix, to: GSLMatrix.self)
  }

  /// A header over memory that has to outlive it.
  static func vector(_ data: UnsafeMutablePointer<Self>?, count: Int) -> GSLVector {
    let vector = gsl_vector(
      size: count, stride: 1,
      data: UnsafeMutableRawPointer(data)?.assumingMemoryBound(to: Double.self), block: nil,
      owner: 0)
    return unsafeBitCast(vector, to: GSLVector.self)
  }

  static func layout(
    of matrix: GSLMatrix
  ) -> (data: UnsafeMutablePointer<Self>?, rows: Int, columns: Int, stride: Int) {
    let matrix = unsafeBitCast(matrix, to: gsl_matrix.self)
    let data = UnsafeMutableRawPointer(matrix.data)?.assumingMemoryBound(to: Self.self)
    return (data, matrix.size1, matrix.size2, matrix.tda)
  }
}
