// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The functions of the C library in one precision. This class has no public members; only the library
/// calls the functions.
///
/// Only KernelsDouble.swift and KernelsFloat.swift name the C functions of a precision.
public final class Kernels<Scalar: RecurScalar>: Sendable {
  typealias In = UnsafePointer<Scalar.GSLMatrix>?
  typealias Out = UnsafeMutablePointer<Scalar.GSLMatrix>?
  typealias InVector = UnsafePointer<Scalar.GSLVector>?
  typealias OutVector = UnsafeMutablePointer<Scalar.GSLVector>?

  typealias RNNErrorTerms =
    @Sendable (In, UnsafePointer<recur_activation>, In, Int, In, Out) -> CInt

  let network: NetworkFunctions<Scalar>
  let model: ModelFunctions<Scalar>
  let parameters: ParameterFunctions<Scalar>
  let linear: LinearFunctions<Scalar>
  let softmax: SoftmaxFunctions<Scalar>
  let activation: ActivationFunctions<Scalar>

  /// The function in `recur/rnn.h`.
  let rnnErrorTerms: RNNErrorTerms

  init(
    network: NetworkFunctions<Scalar>, model: ModelFunctions<Scalar>,
    parameters: ParameterFunctions<Scalar>,
    linear: LinearFunctions<Scalar>, softmax: SoftmaxFunctions<Scalar>,
    activation: ActivationFunctions<Scalar>, rnnErrorTerms: @escaping RNNErrorTerms
  ) {
    self.network = network
    self.model = model
    self.parameters = parameters
    self.linear = linear
    self.softmax = softmax
    self.activation = activation
    self.rnnErrorTerms = rnnErrorTerms
  }
}

/// The arguments of a forward pass: inputs x, h0 and c0, and results y, hT and cT.
struct PassArguments<Scalar: RecurScalar> {
  let x: Kernels<Scalar>.In
  let batch: UnsafePointer<recur_batch>?
  let h0, c0: Kernels<Scalar>.In
  let y, hT, cT: Kernels<Scalar>.Out
}

/// The arguments of a backward pass: the given gradients dy, dhT and dcT, and the results.
struct GradientArguments<Scalar: RecurScalar> {
  let dy, dhT, dcT: Kernels<Scalar>.In
  let dx, dh0, dc0: Kernels<Scalar>.Out
  let dtheta: Kernels<Scalar>.OutVector
  let norms: Kernels<Scalar>.Out
}

/// The functions in `recur/network.h`.
struct NetworkFunctions<Scalar: RecurScalar>: Sendable {
  typealias Network = UnsafePointer<recur_network>
  typealias In = Kernels<Scalar>.In
  typealias Out = Kernels<Scalar>.Out
  typealias Theta = Kernels<Scalar>.InVector

  let workspaceBytes: @Sendable (Network, WorkspaceShape, UnsafeMutablePointer<Int>) -> CInt
  let allocWorkspace: @Sendable (Network, WorkspaceShape) -> OpaquePointer?
  let freeWorkspace: @Sendable (OpaquePointer) -> Void
  let setThreads: @Sendable (OpaquePointer, OpaquePointer?) -> CInt
  let weightsBytes: @Sendable (Network, UnsafeMutablePointer<Int>) -> CInt
  let allocWeights: @Sendable (Network) -> OpaquePointer?
  let freeWeights: @Sendable (OpaquePointer) -> Void
  let setWeights: @Sendable (Theta, OpaquePointer) -> CInt

  /// Arguments: weights, pass, workspace.
  let infer: @Sendable (OpaquePointer, PassArguments<Scalar>, OpaquePointer) -> CInt

  /// Arguments: theta, pass, workspace.
  let forward: @Sendable (Theta, PassArguments<Scalar>, OpaquePointer) -> CInt

  /// Arguments: theta, x, y, gradients, workspace.
  let backward: @Sendable (Theta, In, In, GradientArguments<Scalar>, OpaquePointer) -> CInt

  let gates: @Sendable (OpaquePointer, Int, Int, Out) -> CInt
  let cellStates: @Sendable (OpaquePointer, Int, Int, Out) -> CInt
  let layerOutputs: @Sendable (OpaquePointer, Int, Out) -> CInt
}

/// The functions in `recur/model.h`.
struct ModelFunctions<Scalar: RecurScalar>: Sendable {
  typealias Model = OpaquePointer

  let workspaceBytes: @Sendable (Model, WorkspaceShape, UnsafeMutablePointer<Int>) -> CInt
  let allocWorkspace: @Sendable (Model, WorkspaceShape) -> OpaquePointer?
  let freeWorkspace: @Sendable (OpaquePointer) -> Void
  let setThreads: @Sendable (OpaquePointer, OpaquePointer?) -> CInt
  let allocWeights: @Sendable (Model) -> OpaquePointer?
  let freeWeights: @Sendable (OpaquePointer) -> Void
  let setWeights: @Sendable (OpaquePointer, Kernels<Scalar>.InVector) -> CInt
  let initialize:
    @Sendable (Model, UnsafePointer<recur_initialization>, Kernels<Scalar>.OutVector) -> CInt

  /// Arguments: weights, pass, workspace.
  let infer: @Sendable (OpaquePointer, ModelPassArguments<Scalar>, OpaquePointer) -> CInt

  /// Arguments: theta, pass, workspace.
  let forward:
    @Sendable (Kernels<Scalar>.InVector, ModelPassArguments<Scalar>, OpaquePointer) -> CInt

  /// Arguments: theta, pass, gradients, workspace.
  let backward:
    @Sendable (
      Kernels<Scalar>.InVector, ModelPassArguments<Scalar>, ModelGradientArguments<Scalar>,
      OpaquePointer
    ) -> CInt
}

/// The arguments of a pass of a model. The lists have an element for each input or output of their kind.
struct ModelPassArguments<Scalar: RecurScalar> {
  typealias Matrices = UnsafeMutablePointer<UnsafeMutablePointer<Scalar.GSLMatrix>?>

  let features: Matrices?
  let tokens: UnsafeMutablePointer<UnsafeMutablePointer<gsl_vector_int>?>?
  let batch: UnsafePointer<recur_batch>?
  let initialState: Kernels<Scalar>.InVector
  let finalState: Kernels<Scalar>.OutVector
  let outputs: Matrices?
}

/// The arguments of a backward pass of a model: the given gradients, and the results.
struct ModelGradientArguments<Scalar: RecurScalar> {
  let doutputs: ModelPassArguments<Scalar>.Matrices?
  let dfinalState: Kernels<Scalar>.InVector
  let dfeatures: ModelPassArguments<Scalar>.Matrices?
  let dinitialState: Kernels<Scalar>.OutVector
  let dtheta: Kernels<Scalar>.OutVector
  let dvalues: ModelPassArguments<Scalar>.Matrices?
}

/// Returns a list of pointers for a C function that does not write through them.
func readOnly<Value>(
  _ list: UnsafeMutablePointer<UnsafeMutablePointer<Value>?>?
) -> UnsafePointer<UnsafePointer<Value>?>? {
  UnsafeRawPointer(list)?.assumingMemoryBound(to: UnsafePointer<Value>?.self)
}

/// The functions in `recur/parameters.h` and `recur/initialization.h`.
struct ParameterFunctions<Scalar: RecurScalar>: Sendable {
  typealias Network = UnsafePointer<recur_network>
  typealias Conversion =
    @Sendable (
      Network, recur_layout, Kernels<Scalar>.InVector, Kernels<Scalar>.OutVector
    ) -> CInt

  let `import`: Conversion
  let export: Conversion
  let round: @Sendable (Network, Kernels<Scalar>.OutVector) -> CInt
  let initialize:
    @Sendable (Network, UnsafePointer<recur_initialization>, Kernels<Scalar>.OutVector) -> CInt
  let initializeMatrix: @Sendable (recur_scheme, Int, UInt64, UInt32, Kernels<Scalar>.Out) -> CInt
}

/// The parameters of a linear layer, or their gradients.
struct LinearParameters<Scalar: RecurScalar> {
  var weight: Scalar.GSLMatrix
  var bias: Scalar.GSLVector
}

/// The functions in `recur/linear.h`.
struct LinearFunctions<Scalar: RecurScalar>: Sendable {
  typealias Parameters = UnsafePointer<LinearParameters<Scalar>>
  typealias In = Kernels<Scalar>.In
  typealias Out = Kernels<Scalar>.Out

  let count: @Sendable (Int, Int, UnsafeMutablePointer<Int>) -> CInt
  let forward: @Sendable (Parameters, In, Out) -> CInt
  let backward: @Sendable (Parameters, In, In, Out, Parameters) -> CInt
}

/// The functions in `recur/softmax.h`.
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

/// The functions in `recur/activation.h`.
struct ActivationFunctions<Scalar: RecurScalar>: Sendable {
  typealias In = Kernels<Scalar>.In
  typealias Out = Kernels<Scalar>.Out

  let forward: @Sendable (UnsafePointer<recur_activation>, In, Out) -> CInt
  let backward: @Sendable (UnsafePointer<recur_activation>, In, In, Out) -> CInt
  let slopes: @Sendable (UnsafePointer<recur_activation>, In, Out) -> CInt
}

extension WorkspaceShape {
  var modeInC: recur_mode {
    mode.isTraining ? RECUR_MODE_TRAINING : RECUR_MODE_INFERENCE
  }
}
