// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A forward pass of training for a network with any cell: the results, and the stored values that the
/// backward pass needs. ``NetworkTrainingPass`` ensures that it is differentiated only once.
@usableFromInline
final class RecordedPass<Scalar: RecurScalar> {
  private let engine: NetworkEngine<Scalar>
  private let input: SequenceBatch<Scalar>
  private let workspace: Workspace<Scalar>

  @usableFromInline let outputs: SequenceBatch<Scalar>
  @usableFromInline let finalState: StateMatrices<Scalar>

  init(
    engine: NetworkEngine<Scalar>, input: SequenceBatch<Scalar>,
    output: NetworkEngine<Scalar>.Output, workspace: consuming Workspace<Scalar>
  ) {
    self.engine = engine
    self.input = input
    self.workspace = workspace
    (outputs, finalState) = output
  }

  var plan: NetworkPlan { engine.plan }

  @usableFromInline
  func zeroGradients() throws(RecurError) -> ParameterVector<Scalar> {
    try engine.parameters.zeros()
  }

  @usableFromInline
  typealias Gradients = (
    inputs: SequenceBatch<Scalar>?, initialState: StateMatrices<Scalar>,
    stateNorms: Matrix<Scalar>?
  )

  /// Computes the gradients. The gradients of the inputs and the norms are optional.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @usableFromInline
  func backward(
    _ outputGradient: SequenceBatch<Scalar>?, _ finalStateGradient: StateMatrices<Scalar>?,
    inputs: Bool, stateNorms: Bool, addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> Gradients {
    let (steps, batchSize) = (input.steps, input.batchSize)
    try outputGradient?.require(steps: steps, batchSize: batchSize, named: "outputGradient")
    let configuration = plan.configuration
    let dx =
      inputs
      ? try SequenceBatch<Scalar>(
        steps: steps, batchSize: batchSize, features: configuration.inputSize, zeroed: false) : nil
    let norms =
      stateNorms
      ? try Matrix<Scalar>(
        rows: elementCount(
          configuration.layers * configuration.directions, steps, of: Scalar.self),
        columns: batchSize, zeroed: false) : nil
    let initial: StateMatrices<Scalar> = try plan.state(batchSize: batchSize, zeroed: false)
    var theta = try plan.header(of: engine.parameters, named: "parameters")
    _ = try gradients.uniqueBase()
    var dtheta = try plan.header(of: gradients, named: "gradients")
    let pointer = workspace.pointer
    let status = Scalar.withArguments { argument in
      withUnsafeMutablePointer(to: &dtheta) { dtheta in
        Scalar.kernels.network.backward(
          &theta, argument(input.matrix), argument(outputs.matrix),
          GradientArguments(
            dy: argument(outputGradient?.matrix), dhT: argument(finalStateGradient?.hidden),
            dcT: argument(finalStateGradient?.cell), dx: argument(dx?.matrix),
            dh0: argument(initial.hidden), dc0: argument(initial.cell), dtheta: dtheta,
            norms: argument(norms)),
          pointer)
      }
    }
    try check(status, networkArgumentNames)
    return withExtendedLifetime((engine, outputGradient, finalStateGradient)) {
      (dx, initial, norms)
    }
  }

  /// Reads stored values of a layer and direction, T·B x `columns`.
  func read(
    _ layer: Int, _ direction: Direction, columns: Int,
    _ function: (OpaquePointer, Int, Int, UnsafeMutablePointer<Scalar.GSLMatrix>?) -> CInt
  ) throws(RecurError) -> SequenceBatch<Scalar> {
    try plan.require(layer: layer, direction)
    let result = try SequenceBatch<Scalar>(
      steps: input.steps, batchSize: input.batchSize, features: columns)
    let pointer = workspace.pointer
    let status = Scalar.withArguments { argument in
      function(pointer, layer, direction.rawValue, argument(result.matrix))
    }
    try check(status, ["w": "the pass"])
    return result
  }
}
