// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

// Training

extension RNN {
  /// Runs over whole sequences and keeps what the gradients need.
  public func trainingPass(
    _ input: SequenceBatch<Scalar>, initialState: State? = nil
  ) throws(RecurError) -> TrainingPass {
    let workspace = try Workspace(
      self, steps: input.steps, batchSize: input.batchSize, pass: RECUR_TRAINING)
    let output = try forward(input.header, initialState: initialState, workspace: workspace)
    return TrainingPass(
      network: self, input: input, initialState: initialState, output: output, workspace: workspace)
  }

  /// The gradients of a loss.
  public struct Gradients: Sendable {
    /// Of the parameters, in their layout.
    public let parameters: ParameterVector<Scalar>

    /// Of the rest.
    public let inputs: InputGradients
  }

  /// The gradients of a loss with respect to what went into a pass.
  public struct InputGradients: Sendable {
    /// T·B x I.
    public let input: SequenceBatch<Scalar>

    public let initialState: State

    /// ‖∂L/∂h_t‖ for every step and sequence, T x B: where these norms vanish or explode going back
    /// in time, so do the gradients.
    public let stateNorms: Matrix<Scalar>
  }

  /// A forward pass that can be differentiated, once: ``backward(outputGradients:finalStateGradient:)``
  /// uses it up, and the compiler sees to it. It stays on the thread that made it.
  public struct TrainingPass: ~Copyable {
    private let network: RNN
    private let input: SequenceBatch<Scalar>
    private let initialState: State?
    private let output: Output
    private let workspace: Workspace

    init(
      network: RNN, input: SequenceBatch<Scalar>, initialState: State?, output: Output,
      workspace: consuming Workspace
    ) {
      self.network = network
      self.input = input
      self.initialState = initialState
      self.output = output
      self.workspace = workspace
    }

    /// Every h_t: T·B x H.
    public var outputs: SequenceBatch<Scalar> { output.outputs }

    /// The state after the last step.
    public var finalState: State { output.finalState }

    /// All gradients of a loss, from its gradients with respect to every output and to the final
    /// state; one that is left out is zero.
    public consuming func backward(
      outputGradients: SequenceBatch<Scalar>? = nil, finalStateGradient: State? = nil
    ) throws(RecurError) -> Gradients {
      var parameters = try network.parameters.zeros()
      let inputs = try backward(
        outputGradients: outputGradients, finalStateGradient: finalStateGradient,
        addingTo: &parameters)
      return Gradients(parameters: parameters, inputs: inputs)
    }

    /// The same, where the gradients of the parameters are added to what is there.
    public consuming func backward(
      outputGradients: SequenceBatch<Scalar>? = nil, finalStateGradient: State? = nil,
      addingTo gradients: inout ParameterVector<Scalar>
    ) throws(RecurError) -> InputGradients {
      let (steps, batchSize) = (input.steps, input.batchSize)
      try outputGradients?.require(steps: steps, batchSize: batchSize, named: "outputGradients")
      let dx = try SequenceBatch<Scalar>(
        steps: steps, batchSize: batchSize, features: network.inputSize)
      let dh0 = try Matrix<Scalar>(rows: batchSize, columns: network.hiddenSize)
      let norms = try Matrix<Scalar>(rows: steps, columns: batchSize)
      var cell = try network.view(of: network.parameters)
      _ = gradients.uniqueBase()
      var gradientCell = try network.view(of: gradients, named: "gradients")
      let status = Scalar.withArguments { argument in
        Scalar._rnn.backward(
          &cell, argument(input.matrix), argument(initialState?.hidden),
          argument(output.outputs.matrix), argument(outputGradients?.matrix),
          argument(finalStateGradient?.hidden), argument(dx.matrix), argument(dh0), &gradientCell,
          argument(norms), workspace.pointer)
      }
      try check(status, RNN.argumentNames)
      return withExtendedLifetime((network, outputGradients, finalStateGradient)) {
        InputGradients(input: dx, initialState: State(hidden: dh0), stateNorms: norms)
      }
    }

    /// The error terms δ_{t,k} = ∂L_t/∂z_k for k = 0 … t, where L_t is the loss at step t alone.
    ///
    /// - Parameters:
    ///   - t: a step, counted from 0.
    ///   - gradient: ∂L_t/∂h_t, B x H.
    /// - Returns: t + 1 steps of B x H.
    public borrowing func errorTerms(
      step t: Int, gradient: Matrix<Scalar>
    ) throws(RecurError) -> SequenceBatch<Scalar> {
      guard (0..<input.steps).contains(t) else {
        throw .invalid(argument: "step", reason: "is \(t), expected 0 to \(input.steps - 1)")
      }
      let delta = try SequenceBatch<Scalar>(
        steps: t + 1, batchSize: input.batchSize, features: network.hiddenSize)
      var cell = try network.view(of: network.parameters)
      let status = Scalar.withArguments { argument in
        Scalar._rnn.errorTerms(
          &cell, argument(output.outputs.matrix), t, argument(gradient), argument(delta.matrix),
          workspace.pointer)
      }
      try check(status, ["dh_t": "gradient"])
      return withExtendedLifetime((network, gradient)) { delta }
    }
  }
}
