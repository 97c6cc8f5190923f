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

/// The functions of the C library in one precision. It has no public members: the library calls them.
///
/// This file is the only one that names the C functions of a precision.
public final class Kernels<Scalar: RecurScalar>: Sendable {
  typealias In = UnsafePointer<Scalar.GSLMatrix>?
  typealias Out = UnsafeMutablePointer<Scalar.GSLMatrix>?
  typealias InVector = UnsafePointer<Scalar.GSLVector>?
  typealias OutVector = UnsafeMutablePointer<Scalar.GSLVector>?

  typealias RNNErrorTerms =
    @Sendable (In, UnsafePointer<recur_activation>, In, Int, In, Out) -> CInt

  let network: NetworkFunctions<Scalar>
  let parameters: ParameterFunctions<Scalar>
  let linear: LinearFunctions<Scalar>
  let softmax: SoftmaxFunctions<Scalar>
  let activation: ActivationFunctions<Scalar>

  /// `recur/rnn.h`.
  let rnnErrorTerms: RNNErrorTerms

  fileprivate init(
    network: NetworkFunctions<Scalar>, parameters: ParameterFunctions<Scalar>,
    linear: LinearFunctions<Scalar>, softmax: SoftmaxFunctions<Scalar>,
    activation: ActivationFunctions<Scalar>, rnnErrorTerms: @escaping RNNErrorTerms
  ) {
    self.network = network
    self.parameters = parameters
    self.linear = linear
    self.softmax = softmax
    self.activation = activation
    self.rnnErrorTerms = rnnErrorTerms
  }
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

/// A pass over a batch: x, h0 and c0 go in, the others come out.
struct PassArguments<Scalar: RecurScalar> {
  let x: Kernels<Scalar>.In
  let batch: UnsafePointer<recur_batch>?
  let h0, c0: Kernels<Scalar>.In
  let y, hT, cT: Kernels<Scalar>.Out
}

/// The gradients of a pass: dy, dhT and dcT go in, the others come out.
struct GradientArguments<Scalar: RecurScalar> {
  let dy, dhT, dcT: Kernels<Scalar>.In
  let dx, dh0, dc0: Kernels<Scalar>.Out
  let dtheta: Kernels<Scalar>.OutVector
  let norms: Kernels<Scalar>.Out
}

/// `recur/network.h`.
struct NetworkFunctions<Scalar: RecurScalar>: Sendable {
  typealias Network = UnsafePointer<recur_network>
  typealias In = Kernels<Scalar>.In
  typealias Out = Kernels<Scalar>.Out
  typealias Theta = Kernels<Scalar>.InVector

  let workspaceBytes: @Sendable (Network, WorkspaceShape, UnsafeMutablePointer<Int>) -> CInt
  let allocWorkspace: @Sendable (Network, WorkspaceShape) -> OpaquePointer?
  let freeWorkspace: @Sendable (OpaquePointer) -> Void
  let setThreads: @Sendable (OpaquePointer, OpaquePointer?) -> CInt
  let allocWeights: @Sendable (Network) -> OpaquePointer?
  let freeWeights: @Sendable (OpaquePointer) -> Void
  let setWeights: @Sendable (Theta, OpaquePointer) -> CInt

  /// Of weights, in a workspace.
  let infer: @Sendable (OpaquePointer, PassArguments<Scalar>, OpaquePointer) -> CInt

  /// Of theta, in a workspace.
  let forward: @Sendable (Theta, PassArguments<Scalar>, OpaquePointer) -> CInt

  /// Of theta, x and y, in a workspace.
  let backward: @Sendable (Theta, In, In, GradientArguments<Scalar>, OpaquePointer) -> CInt

  let gates: @Sendable (OpaquePointer, Int, Int, Out) -> CInt
  let cellStates: @Sendable (OpaquePointer, Int, Int, Out) -> CInt
  let layerOutputs: @Sendable (OpaquePointer, Int, Out) -> CInt
}

/// `recur/parameters.h` and `recur/initialization.h`.
struct ParameterFunctions<Scalar: RecurScalar>: Sendable {
  typealias Network = UnsafePointer<recur_network>
  typealias Conversion =
    @Sendable (
      Network, recur_layout, Kernels<Scalar>.InVector, Kernels<Scalar>.OutVector
    ) -> CInt

  let `import`: Conversion
  let export: Conversion
  let initialize:
    @Sendable (Network, UnsafePointer<recur_initialization>, Kernels<Scalar>.OutVector) -> CInt
  let initializeMatrix: @Sendable (recur_scheme, Int, UInt64, UInt32, Kernels<Scalar>.Out) -> CInt
}

/// The parameters of a linear layer, or their gradients.
struct LinearParameters<Scalar: RecurScalar> {
  var weight: Scalar.GSLMatrix
  var bias: Scalar.GSLVector
}

/// `recur/linear.h`.
struct LinearFunctions<Scalar: RecurScalar>: Sendable {
  typealias Parameters = UnsafePointer<LinearParameters<Scalar>>
  typealias In = Kernels<Scalar>.In
  typealias Out = Kernels<Scalar>.Out

  let count: @Sendable (Int, Int, UnsafeMutablePointer<Int>) -> CInt
  let forward: @Sendable (Parameters, In, Out) -> CInt
  let backward: @Sendable (Parameters, In, In, Out, Parameters) -> CInt
}

/// `recur/softmax.h`.
struct SoftmaxFunctions<Scalar: RecurScalar>: Sendable {
  typealias Parameters = UnsafePointer<LinearParameters<Scalar>>
  typealias In = Kernels<Scalar>.In
  typealias Out = Kernels<Scalar>.Out
  typealias Labels = UnsafePointer<gsl_vector_int>?

  let alloc: @Sendable (Int, Int) -> OpaquePointer?
  let free: @Sendable (OpaquePointer) -> Void
  let forward: @Sendable (Parameters, In, Out) -> CInt
  let backward: @Sendable (Parameters, In, In, In, Out, Parameters, OpaquePointer) -> CInt
  let crossEntropyForward:
    @Sendable (Parameters, In, Labels, Out, Kernels<Scalar>.OutVector) -> CInt
  let crossEntropyBackward:
    @Sendable (
      Parameters, In, Labels, In, Kernels<Scalar>.InVector, Out, Parameters, OpaquePointer
    ) -> CInt
}

/// `recur/activation.h`.
struct ActivationFunctions<Scalar: RecurScalar>: Sendable {
  typealias In = Kernels<Scalar>.In
  typealias Out = Kernels<Scalar>.Out

  let forward: @Sendable (UnsafePointer<recur_activation>, In, Out) -> CInt
  let backward: @Sendable (UnsafePointer<recur_activation>, In, In, Out) -> CInt
  let slopes: @Sendable (UnsafePointer<recur_activation>, In, Out) -> CInt
}

extension WorkspaceShape {
  fileprivate var modeInC: recur_mode {
    mode.isTraining ? RECUR_MODE_TRAINING : RECUR_MODE_INFERENCE
  }
}

extension Double: RecurScalar {
  public typealias GSLMatrix = gsl_matrix
  public typealias GSLVector = gsl_vector

  public static let kernels = Kernels<Double>(
    network: .init(
      workspaceBytes: { network, shape, bytes in
        recur_network_workspace_bytes(
          network, shape.steps, shape.batchSize, shape.modeInC, shape.segment, bytes)
      },
      allocWorkspace: { network, shape in
        recur_network_workspace_alloc(
          network, shape.steps, shape.batchSize, shape.modeInC, shape.segment)
      },
      freeWorkspace: { recur_network_workspace_free($0) },
      setThreads: { recur_network_workspace_set_threads($0, $1) },
      allocWeights: { recur_network_weights_alloc($0) },
      freeWeights: { recur_network_weights_free($0) },
      setWeights: { recur_network_weights_set($1, $0) },
      infer: { weights, arguments, w in
        var pass = recur_network_pass(arguments)
        return recur_network_infer(weights, &pass, w)
      },
      forward: { theta, arguments, w in
        var pass = recur_network_pass(arguments)
        return recur_network_forward(theta, &pass, w)
      },
      backward: { theta, x, y, g, w in
        var pass = recur_network_pass()
        pass.x = x
        pass.y = UnsafeMutablePointer(mutating: y)  // which backward only reads
        var gradients = recur_network_gradients(
          dy: g.dy, dhT: g.dhT, dcT: g.dcT, dx: g.dx, dh0: g.dh0, dc0: g.dc0, dtheta: g.dtheta,
          dh_norms: g.norms)
        return recur_network_backward(theta, &pass, &gradients, w)
      },
      gates: { recur_network_gates($0, $1, $2, $3) },
      cellStates: { recur_network_cell_states($0, $1, $2, $3) },
      layerOutputs: { recur_network_layer_outputs($0, $1, $2) }),
    parameters: .init(
      import: { recur_parameters_import($0, $1, $2, $3) },
      export: { recur_parameters_export($0, $1, $2, $3) },
      initialize: { recur_parameters_initialize($0, $1, $2) },
      initializeMatrix: { recur_matrix_initialize($0, $1, $2, $3, $4) }),
    linear: .init(
      count: { recur_linear_parameters_count($0, $1, $2) },
      forward: { parameters, x, y in
        var p = recur_linear_parameters(parameters.pointee)
        return recur_linear_forward(&p, x, y)
      },
      backward: { parameters, x, dy, dx, gradients in
        var (p, dp) = (
          recur_linear_parameters(parameters.pointee), recur_linear_parameters(gradients.pointee)
        )
        return recur_linear_backward(&p, x, dy, dx, &dp)
      }),
    softmax: .init(
      alloc: { recur_softmax_workspace_alloc($0, $1) },
      free: { recur_softmax_workspace_free($0) },
      forward: { parameters, h, y in
        var p = recur_linear_parameters(parameters.pointee)
        return recur_softmax_forward(&p, h, y)
      },
      backward: { parameters, h, y, dy, dh, gradients, w in
        var (p, dp) = (
          recur_linear_parameters(parameters.pointee), recur_linear_parameters(gradients.pointee)
        )
        return recur_softmax_backward(&p, h, y, dy, dh, &dp, w)
      },
      crossEntropyForward: { parameters, h, labels, y, loss in
        var p = recur_linear_parameters(parameters.pointee)
        return recur_softmax_cross_entropy_forward(&p, h, labels, y, loss)
      },
      crossEntropyBackward: { parameters, h, labels, y, dloss, dh, gradients, w in
        var (p, dp) = (
          recur_linear_parameters(parameters.pointee), recur_linear_parameters(gradients.pointee)
        )
        return recur_softmax_cross_entropy_backward(&p, h, labels, y, dloss, dh, &dp, w)
      }),
    activation: .init(
      forward: { recur_activation_forward($0, $1, $2) },
      backward: { recur_activation_backward($0, $1, $2, $3) },
      slopes: { recur_activation_slopes($0, $1, $2) }),
    rnnErrorTerms: { recur_rnn_error_terms($0, $1, $2, $3, $4, $5) })
}

extension recur_network_pass {
  fileprivate init(_ p: PassArguments<Double>) {
    self.init(x: p.x, batch: p.batch, h0: p.h0, c0: p.c0, y: p.y, hT: p.hT, cT: p.cT)
  }
}

extension recur_linear_parameters {
  fileprivate init(_ parameters: LinearParameters<Double>) {
    self.init(weight: parameters.weight, bias: parameters.bias)
  }
}

extension Float: RecurScalar {
  public typealias GSLMatrix = gsl_matrix_float
  public typealias GSLVector = gsl_vector_float

  public static let kernels = Kernels<Float>(
    network: .init(
      workspaceBytes: { network, shape, bytes in
        recur_network_float_workspace_bytes(
          network, shape.steps, shape.batchSize, shape.modeInC, shape.segment, bytes)
      },
      allocWorkspace: { network, shape in
        recur_network_float_workspace_alloc(
          network, shape.steps, shape.batchSize, shape.modeInC, shape.segment)
      },
      freeWorkspace: { recur_network_float_workspace_free($0) },
      setThreads: { recur_network_float_workspace_set_threads($0, $1) },
      allocWeights: { recur_network_float_weights_alloc($0) },
      freeWeights: { recur_network_float_weights_free($0) },
      setWeights: { recur_network_float_weights_set($1, $0) },
      infer: { weights, arguments, w in
        var pass = recur_network_float_pass(arguments)
        return recur_network_float_infer(weights, &pass, w)
      },
      forward: { theta, arguments, w in
        var pass = recur_network_float_pass(arguments)
        return recur_network_float_forward(theta, &pass, w)
      },
      backward: { theta, x, y, g, w in
        var pass = recur_network_float_pass()
        pass.x = x
        pass.y = UnsafeMutablePointer(mutating: y)  // which backward only reads
        var gradients = recur_network_float_gradients(
          dy: g.dy, dhT: g.dhT, dcT: g.dcT, dx: g.dx, dh0: g.dh0, dc0: g.dc0, dtheta: g.dtheta,
          dh_norms: g.norms)
        return recur_network_float_backward(theta, &pass, &gradients, w)
      },
      gates: { recur_network_float_gates($0, $1, $2, $3) },
      cellStates: { recur_network_float_cell_states($0, $1, $2, $3) },
      layerOutputs: { recur_network_float_layer_outputs($0, $1, $2) }),
    parameters: .init(
      import: { recur_parameters_float_import($0, $1, $2, $3) },
      export: { recur_parameters_float_export($0, $1, $2, $3) },
      initialize: { recur_parameters_float_initialize($0, $1, $2) },
      initializeMatrix: { recur_matrix_float_initialize($0, $1, $2, $3, $4) }),
    linear: .init(
      count: { recur_linear_float_parameters_count($0, $1, $2) },
      forward: { parameters, x, y in
        var p = recur_linear_float_parameters(parameters.pointee)
        return recur_linear_float_forward(&p, x, y)
      },
      backward: { parameters, x, dy, dx, gradients in
        var (p, dp) = (
          recur_linear_float_parameters(parameters.pointee),
          recur_linear_float_parameters(gradients.pointee)
        )
        return recur_linear_float_backward(&p, x, dy, dx, &dp)
      }),
    softmax: .init(
      alloc: { recur_softmax_float_workspace_alloc($0, $1) },
      free: { recur_softmax_float_workspace_free($0) },
      forward: { parameters, h, y in
        var p = recur_linear_float_parameters(parameters.pointee)
        return recur_softmax_float_forward(&p, h, y)
      },
      backward: { parameters, h, y, dy, dh, gradients, w in
        var (p, dp) = (
          recur_linear_float_parameters(parameters.pointee),
          recur_linear_float_parameters(gradients.pointee)
        )
        return recur_softmax_float_backward(&p, h, y, dy, dh, &dp, w)
      },
      crossEntropyForward: { parameters, h, labels, y, loss in
        var p = recur_linear_float_parameters(parameters.pointee)
        return recur_softmax_float_cross_entropy_forward(&p, h, labels, y, loss)
      },
      crossEntropyBackward: { parameters, h, labels, y, dloss, dh, gradients, w in
        var (p, dp) = (
          recur_linear_float_parameters(parameters.pointee),
          recur_linear_float_parameters(gradients.pointee)
        )
        return recur_softmax_float_cross_entropy_backward(&p, h, labels, y, dloss, dh, &dp, w)
      }),
    activation: .init(
      forward: { recur_activation_float_forward($0, $1, $2) },
      backward: { recur_activation_float_backward($0, $1, $2, $3) },
      slopes: { recur_activation_float_slopes($0, $1, $2) }),
    rnnErrorTerms: { recur_rnn_float_error_terms($0, $1, $2, $3, $4, $5) })
}

extension recur_network_float_pass {
  fileprivate init(_ p: PassArguments<Float>) {
    self.init(x: p.x, batch: p.batch, h0: p.h0, c0: p.c0, y: p.y, hT: p.hT, cT: p.cT)
  }
}

extension recur_linear_float_parameters {
  fileprivate init(_ parameters: LinearParameters<Float>) {
    self.init(weight: parameters.weight, bias: parameters.bias)
  }
}
