// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// `Float` or `Double`: a precision that the C library computes in.
///
/// The two conformances below are the only place that names the C functions of a precision. Requirements that begin
/// with an underscore are the library's own business, and no other type can conform.
public protocol RecurScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// `gsl_matrix` or `gsl_matrix_float`.
  associatedtype GSLMatrix
  /// `gsl_vector` or `gsl_vector_float`.
  associatedtype GSLVector
  associatedtype _RNNParameters
  associatedtype _LinearParameters

  static func _matrix(
    _ data: UnsafeMutablePointer<Self>?, rows: Int, columns: Int, stride: Int
  ) -> GSLMatrix
  static func _vector(_ data: UnsafeMutablePointer<Self>?, count: Int) -> GSLVector
  static func _layout(
    of matrix: GSLMatrix
  ) -> (data: UnsafeMutablePointer<Self>?, rows: Int, columns: Int, stride: Int)

  static var _rnn: _RNNFunctions<Self> { get }
  static var _linear: _LinearFunctions<Self> { get }
  static var _softmax: _SoftmaxFunctions<Self> { get }
}

/// The functions of `recur/rnn.h` in one precision.
public struct _RNNFunctions<Scalar: RecurScalar>: Sendable {
  typealias Parameters = UnsafePointer<Scalar._RNNParameters>?
  typealias In = UnsafePointer<Scalar.GSLMatrix>?
  typealias Out = UnsafeMutablePointer<Scalar.GSLMatrix>?

  let count: @Sendable (Int, Int, UnsafeMutablePointer<Int>?) -> CInt
  let view:
    @Sendable (
      UnsafeMutablePointer<Scalar.GSLVector>?, Int, Int,
      UnsafeMutablePointer<Scalar._RNNParameters>?
    ) -> CInt
  let alloc: @Sendable (Int, Int, Int, Int, recur_activation, recur_pass) -> OpaquePointer?
  let free: @Sendable (OpaquePointer?) -> Void
  let forward: @Sendable (Parameters, In, In, Out, Out, OpaquePointer?) -> CInt
  let backward:
    @Sendable (Parameters, In, In, In, In, In, Out, Out, Parameters, Out, OpaquePointer?) -> CInt
  let errorTerms: @Sendable (Parameters, In, Int, In, Out, OpaquePointer?) -> CInt
}

/// The functions of `recur/linear.h` in one precision.
public struct _LinearFunctions<Scalar: RecurScalar>: Sendable {
  typealias Parameters = UnsafePointer<Scalar._LinearParameters>?
  typealias In = UnsafePointer<Scalar.GSLMatrix>?
  typealias Out = UnsafeMutablePointer<Scalar.GSLMatrix>?

  let count: @Sendable (Int, Int, UnsafeMutablePointer<Int>?) -> CInt
  let view:
    @Sendable (
      UnsafeMutablePointer<Scalar.GSLVector>?, Int, Int,
      UnsafeMutablePointer<Scalar._LinearParameters>?
    ) -> CInt
  let forward: @Sendable (Parameters, In, Out) -> CInt
  let backward: @Sendable (Parameters, In, In, Out, Parameters) -> CInt
}

/// The functions of `recur/softmax.h` in one precision.
public struct _SoftmaxFunctions<Scalar: RecurScalar>: Sendable {
  typealias Parameters = _LinearFunctions<Scalar>.Parameters
  typealias In = _LinearFunctions<Scalar>.In
  typealias Out = _LinearFunctions<Scalar>.Out
  typealias Labels = UnsafePointer<gsl_vector_int>?

  let alloc: @Sendable (Int, Int) -> OpaquePointer?
  let free: @Sendable (OpaquePointer?) -> Void
  let forward: @Sendable (Parameters, In, Out) -> CInt
  let backward: @Sendable (Parameters, In, In, In, Out, Parameters, OpaquePointer?) -> CInt
  let crossEntropyForward:
    @Sendable (Parameters, In, Labels, Out, UnsafeMutablePointer<Scalar.GSLVector>?) -> CInt
  let crossEntropyBackward:
    @Sendable (
      Parameters, In, Labels, In, UnsafePointer<Scalar.GSLVector>?, Out, Parameters, OpaquePointer?
    ) -> CInt
}

extension Double: RecurScalar {
  public typealias GSLMatrix = gsl_matrix
  public typealias GSLVector = gsl_vector
  public typealias _RNNParameters = recur_rnn_parameters
  public typealias _LinearParameters = recur_linear_parameters

  public static func _matrix(
    _ data: UnsafeMutablePointer<Double>?, rows: Int, columns: Int, stride: Int
  ) -> gsl_matrix {
    gsl_matrix(size1: rows, size2: columns, tda: stride, data: data, block: nil, owner: 0)
  }

  public static func _vector(_ data: UnsafeMutablePointer<Double>?, count: Int) -> gsl_vector {
    gsl_vector(size: count, stride: 1, data: data, block: nil, owner: 0)
  }

  public static func _layout(
    of matrix: gsl_matrix
  ) -> (data: UnsafeMutablePointer<Double>?, rows: Int, columns: Int, stride: Int) {
    (matrix.data, matrix.size1, matrix.size2, matrix.tda)
  }

  public static let _rnn = _RNNFunctions<Double>(
    count: recur_rnn_parameters_size,
    view: recur_rnn_parameters_view,
    alloc: recur_rnn_alloc,
    free: recur_rnn_free,
    forward: recur_rnn_forward,
    backward: recur_rnn_backward,
    errorTerms: recur_rnn_error_terms)

  public static let _linear = _LinearFunctions<Double>(
    count: recur_linear_parameters_size,
    view: recur_linear_parameters_view,
    forward: recur_linear_forward,
    backward: recur_linear_backward)

  public static let _softmax = _SoftmaxFunctions<Double>(
    alloc: recur_softmax_alloc,
    free: recur_softmax_free,
    forward: recur_softmax_forward,
    backward: recur_softmax_backward,
    crossEntropyForward: recur_softmax_cross_entropy_forward,
    crossEntropyBackward: recur_softmax_cross_entropy_backward)
}

extension Float: RecurScalar {
  public typealias GSLMatrix = gsl_matrix_float
  public typealias GSLVector = gsl_vector_float
  public typealias _RNNParameters = recur_rnn_float_parameters
  public typealias _LinearParameters = recur_linear_float_parameters

  public static func _matrix(
    _ data: UnsafeMutablePointer<Float>?, rows: Int, columns: Int, stride: Int
  ) -> gsl_matrix_float {
    gsl_matrix_float(size1: rows, size2: columns, tda: stride, data: data, block: nil, owner: 0)
  }

  public static func _vector(_ data: UnsafeMutablePointer<Float>?, count: Int) -> gsl_vector_float {
    gsl_vector_float(size: count, stride: 1, data: data, block: nil, owner: 0)
  }

  public static func _layout(
    of matrix: gsl_matrix_float
  ) -> (data: UnsafeMutablePointer<Float>?, rows: Int, columns: Int, stride: Int) {
    (matrix.data, matrix.size1, matrix.size2, matrix.tda)
  }

  public static let _rnn = _RNNFunctions<Float>(
    count: recur_rnn_float_parameters_size,
    view: recur_rnn_float_parameters_view,
    alloc: recur_rnn_float_alloc,
    free: recur_rnn_float_free,
    forward: recur_rnn_float_forward,
    backward: recur_rnn_float_backward,
    errorTerms: recur_rnn_float_error_terms)

  public static let _linear = _LinearFunctions<Float>(
    count: recur_linear_float_parameters_size,
    view: recur_linear_float_parameters_view,
    forward: recur_linear_float_forward,
    backward: recur_linear_float_backward)

  public static let _softmax = _SoftmaxFunctions<Float>(
    alloc: recur_softmax_float_alloc,
    free: recur_softmax_float_free,
    forward: recur_softmax_float_forward,
    backward: recur_softmax_float_backward,
    crossEntropyForward: recur_softmax_float_cross_entropy_forward,
    crossEntropyBackward: recur_softmax_float_cross_entropy_backward)
}
