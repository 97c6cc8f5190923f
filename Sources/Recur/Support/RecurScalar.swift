// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// A precision in which the C library computes: `Float` or `Double`. No other type can conform.
public protocol RecurScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// The GSL matrix type: `gsl_matrix` or `gsl_matrix_float`.
  associatedtype GSLMatrix
  /// The GSL vector type: `gsl_vector` or `gsl_vector_float`.
  associatedtype GSLVector

  /// The functions of the C library, for internal use.
  static var kernels: Kernels<Self> { get }
}

// GSL's structs have the same layout in all precisions; only the type of `data` differs.

extension RecurScalar {
  /// Returns a header for memory that must outlive it.
  static func matrix(
    _ data: UnsafeMutablePointer<Self>?, rows: Int, columns: Int, stride: Int
  ) -> GSLMatrix {
    let matrix = gsl_matrix(
      size1: rows, size2: columns, tda: stride,
      data: UnsafeMutableRawPointer(data)?.assumingMemoryBound(to: Double.self), block: nil,
      owner: 0)
    return unsafeBitCast(matrix, to: GSLMatrix.self)
  }

  /// Returns a header for memory that must outlive it.
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
