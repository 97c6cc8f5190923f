// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// `Float` or `Double`: a precision that the C library computes in.
///
/// The two conformances below are the only place that names the C functions of a precision.
/// Requirements that begin with an underscore are the library's own business, and no other type can
/// conform.
public protocol RecurScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// `gsl_matrix` or `gsl_matrix_float`.
  associatedtype GSLMatrix
  /// `gsl_vector` or `gsl_vector_float`.
  associatedtype GSLVector
  associatedtype _LinearParameters

  static func _matrix(
    _ data: UnsafeMutablePointer<Self>?, rows: Int, columns: Int, stride: Int
  ) -> GSLMatrix
  static func _vector(_ data: UnsafeMutablePointer<Self>?, count: Int) -> GSLVector
  static func _layout(
    of matrix: GSLMatrix
  ) -> (data: UnsafeMutablePointer<Self>?, rows: Int, columns: Int, stride: Int)

  static var _network: _NetworkFunctions<Self> { get }
  static var _parameters: _ParameterFunctions<Self> { get }
  static var _rnnErrorTerms: _RNNErrorTerms<Self> { get }
  static var _linear: _LinearFunctions<Self> { get }
  static var _softmax: _SoftmaxFunctions<Self> { get }
}

/// The functions of `recur/network.h` in one precision.
public struct _NetworkFunctions<Scalar: RecurScalar>: Sendable {
  typealias Theta = UnsafePointer<Scalar.GSLVector>?
  typealias In = UnsafePointer<Scalar.GSLMatrix>?
  typealias Out = UnsafeMutablePointer<Scalar.GSLMatrix>?

  let workspaceSize:
    @Sendable (
      UnsafePointer<recur_network>?, Int, Int, recur_mode, Int, UnsafeMutablePointer<Int>?
    ) -> CInt
  let alloc: @Sendable (UnsafePointer<recur_network>?, Int, Int, recur_mode, Int) -> OpaquePointer?
  let free: @Sendable (OpaquePointer?) -> Void
  let setThreads: @Sendable (OpaquePointer?, OpaquePointer?) -> CInt
  let weightsAlloc: @Sendable (UnsafePointer<recur_network>?) -> OpaquePointer?
  let weightsFree: @Sendable (OpaquePointer?) -> Void
  let weightsSet: @Sendable (Theta, OpaquePointer?) -> CInt
  let infer:
    @Sendable (
      OpaquePointer?, In, UnsafePointer<recur_batch>?, In, In, Out, Out, Out, OpaquePointer?
    ) -> CInt
  let forward:
    @Sendable (
      Theta, In, UnsafePointer<recur_batch>?, In, In, Out, Out, Out, OpaquePointer?
    ) -> CInt
  let backward:
    @Sendable (
      Theta, In, In, In, In, In, Out, Out, Out, UnsafeMutablePointer<Scalar.GSLVector>?, Out,
      OpaquePointer?
    ) -> CInt
  let gates: @Sendable (OpaquePointer?, Int, Int, Out) -> CInt
  let cellStates: @Sendable (OpaquePointer?, Int, Int, Out) -> CInt
  let layerOutputs: @Sendable (OpaquePointer?, Int, Out) -> CInt
}

/// The functions of `recur/parameters.h` and `recur/initialization.h` in one precision.
public struct _ParameterFunctions<Scalar: RecurScalar>: Sendable {
  typealias Conversion =
    @Sendable (
      UnsafePointer<recur_network>?, recur_layout, UnsafePointer<Scalar.GSLVector>?,
      UnsafeMutablePointer<Scalar.GSLVector>?
    ) -> CInt

  let `import`: Conversion
  let export: Conversion
  let initialize:
    @Sendable (
      UnsafePointer<recur_network>?, UnsafePointer<recur_initialization>?,
      UnsafeMutablePointer<Scalar.GSLVector>?
    ) -> CInt
  let initializeMatrix:
    @Sendable (
      recur_scheme, Int, UInt64, UInt32, UnsafeMutablePointer<Scalar.GSLMatrix>?
    ) -> CInt
}

/// `recur_rnn_error_terms` in one precision.
public typealias _RNNErrorTerms<Scalar: RecurScalar> =
  @Sendable (
    UnsafePointer<Scalar.GSLMatrix>?, UnsafePointer<recur_activation>?,
    UnsafePointer<Scalar.GSLMatrix>?, Int, UnsafePointer<Scalar.GSLMatrix>?,
    UnsafeMutablePointer<Scalar.GSLMatrix>?
  ) -> CInt

/// The functions of `recur/linear.h` in one precision.
public struct _LinearFunctions<Scalar: RecurScalar>: Sendable {
  typealias Parameters = UnsafePointer<Scalar._LinearParameters>?
  typealias In = UnsafePointer<Scalar.GSLMatrix>?
  typealias Out = UnsafeMutablePointer<Scalar.GSLMatrix>?

  let count: @Sendable (Int, Int, UnsafeMutablePointer<Int>?) -> CInt
  let parameters: @Sendable (Scalar.GSLMatrix, Scalar.GSLVector) -> Scalar._LinearParameters
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

  public static let _network = _NetworkFunctions<Double>(
    workspaceSize: recur_network_workspace_bytes,
    alloc: recur_network_workspace_alloc,
    free: recur_network_workspace_free,
    setThreads: recur_network_workspace_set_threads,
    weightsAlloc: recur_network_weights_alloc,
    weightsFree: recur_network_weights_free,
    weightsSet: recur_network_weights_set,
    infer: { weights, x, batch, h0, c0, y, hT, cT, w in
      var pass = recur_network_pass(x: x, batch: batch, h0: h0, c0: c0, y: y, hT: hT, cT: cT)
      return recur_network_infer(weights, &pass, w)
    },
    forward: { theta, x, batch, h0, c0, y, hT, cT, w in
      var pass = recur_network_pass(x: x, batch: batch, h0: h0, c0: c0, y: y, hT: hT, cT: cT)
      return recur_network_forward(theta, &pass, w)
    },
    backward: { theta, x, y, dy, dhT, dcT, dx, dh0, dc0, dtheta, norms, w in
      var pass = recur_network_pass()
      pass.x = x
      pass.y = UnsafeMutablePointer(mutating: y)
      var gradients = recur_network_gradients(
        dy: dy, dhT: dhT, dcT: dcT, dx: dx, dh0: dh0, dc0: dc0, dtheta: dtheta, dh_norms: norms)
      return recur_network_backward(theta, &pass, &gradients, w)
    },
    gates: recur_network_gates,
    cellStates: recur_network_cell_states,
    layerOutputs: recur_network_layer_outputs)

  public static let _parameters = _ParameterFunctions<Double>(
    import: recur_parameters_import,
    export: recur_parameters_export,
    initialize: recur_parameters_initialize,
    initializeMatrix: recur_matrix_initialize)

  public static let _rnnErrorTerms: _RNNErrorTerms<Double> = recur_rnn_error_terms

  public static let _linear = _LinearFunctions<Double>(
    count: recur_linear_parameters_count,
    parameters: recur_linear_parameters.init,
    forward: recur_linear_forward,
    backward: recur_linear_backward)

  public static let _softmax = _SoftmaxFunctions<Double>(
    alloc: recur_softmax_workspace_alloc,
    free: recur_softmax_workspace_free,
    forward: recur_softmax_forward,
    backward: recur_softmax_backward,
    crossEntropyForward: recur_softmax_cross_entropy_forward,
    crossEntropyBackward: recur_softmax_cross_entropy_backward)
}

extension Float: RecurScalar {
  public typealias GSLMatrix = gsl_matrix_float
  public typealias GSLVector = gsl_vector_float
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

  public static let _network = _NetworkFunctions<Float>(
    workspaceSize: recur_network_float_workspace_bytes,
    alloc: recur_network_float_workspace_alloc,
    free: recur_network_float_workspace_free,
    setThreads: recur_network_float_workspace_set_threads,
    weightsAlloc: recur_network_float_weights_alloc,
    weightsFree: recur_network_float_weights_free,
    weightsSet: recur_network_float_weights_set,
    infer: { weights, x, batch, h0, c0, y, hT, cT, w in
      var pass = recur_network_float_pass(x: x, batch: batch, h0: h0, c0: c0, y: y, hT: hT, cT: cT)
      return recur_network_float_infer(weights, &pass, w)
    },
    forward: { theta, x, batch, h0, c0, y, hT, cT, w in
      var pass = recur_network_float_pass(x: x, batch: batch, h0: h0, c0: c0, y: y, hT: hT, cT: cT)
      return recur_network_float_forward(theta, &pass, w)
    },
    backward: { theta, x, y, dy, dhT, dcT, dx, dh0, dc0, dtheta, norms, w in
      var pass = recur_network_float_pass()
      pass.x = x
      pass.y = UnsafeMutablePointer(mutating: y)
      var gradients = recur_network_float_gradients(
        dy: dy, dhT: dhT, dcT: dcT, dx: dx, dh0: dh0, dc0: dc0, dtheta: dtheta, dh_norms: norms)
      return recur_network_float_backward(theta, &pass, &gradients, w)
    },
    gates: recur_network_float_gates,
    cellStates: recur_network_float_cell_states,
    layerOutputs: recur_network_float_layer_outputs)

  public static let _parameters = _ParameterFunctions<Float>(
    import: recur_parameters_float_import,
    export: recur_parameters_float_export,
    initialize: recur_parameters_float_initialize,
    initializeMatrix: recur_matrix_float_initialize)

  public static let _rnnErrorTerms: _RNNErrorTerms<Float> = recur_rnn_float_error_terms

  public static let _linear = _LinearFunctions<Float>(
    count: recur_linear_float_parameters_count,
    parameters: recur_linear_float_parameters.init,
    forward: recur_linear_float_forward,
    backward: recur_linear_float_backward)

  public static let _softmax = _SoftmaxFunctions<Float>(
    alloc: recur_softmax_float_workspace_alloc,
    free: recur_softmax_float_workspace_free,
    forward: recur_softmax_float_forward,
    backward: recur_softmax_float_backward,
    crossEntropyForward: recur_softmax_float_cross_entropy_forward,
    crossEntropyBackward: recur_softmax_float_cross_entropy_backward)
}
