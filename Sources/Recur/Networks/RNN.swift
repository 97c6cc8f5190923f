// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The simple recurrent network (Elman): h_t = φ(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh).
public struct RNN<Scalar: RecurScalar>: RecurrentNetwork {
  public typealias State = HiddenState<Scalar>

  public let description: NetworkDescription
  public var parameters: ParameterVector<Scalar>

  /// A network with new parameters.
  ///
  /// - `clip`: the activation's input is clamped to ±clip.
  /// - `dropout`: in training, the chance of a layer's output not to reach the next.
  /// - `recurrentDropout`: in training, the chance of h_{t−1} not to reach W_hh, at all steps or none.
  /// - `zoneout`: in training, the chance of h to stay as it was.
  ///
  /// - Throws: ``RecurError/invalid(argument:reason:)`` for a size below 1 or an option out of range.
  public init(
    inputSize: Int, hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false,
    activation: Activation = .tanh, bias: Bool = true, clip: Double? = nil, dropout: Double = 0,
    recurrentDropout: Double = 0, zoneout: Double = 0,
    initialization: Initialization = .uniform(seed: 0)
  ) throws(RecurError) {
    description = try NetworkDescription(
      "RNN", recur_rnn, inputSize: inputSize, hiddenSize: hiddenSize, layers: layers,
      bidirectional: bidirectional, bias: bias, clip: clip,
      random: RandomOptions(dropout: dropout, recurrentDropout: recurrentDropout, zoneout: zoneout)
    ) { cell in
      cell.f = activation.inC
    }
    parameters = try ParameterVector(description, initialization)
  }

  /// One layer in one direction with given parameters, such as PyTorch's, in its shapes.
  public init(
    weightIH: Matrix<Scalar>, weightHH: Matrix<Scalar>, biasIH: [Scalar], biasHH: [Scalar],
    activation: Activation = .tanh
  ) throws(RecurError) {
    try self.init(
      inputSize: weightIH.columns, hiddenSize: weightIH.rows, activation: activation,
      initialization: .zeros)
    try parameters.set("weight_ih_l0", to: weightIH)
    try parameters.set("weight_hh_l0", to: weightHH)
    try parameters.set("bias_ih_l0", to: Matrix(rows: biasIH.count, columns: 1, elements: biasIH))
    try parameters.set("bias_hh_l0", to: Matrix(rows: biasHH.count, columns: 1, elements: biasHH))
  }
}

extension RNN {
  /// The error terms δ_{t,k} = ∂L_t/∂z_k for k = 0 … t, where L_t is the loss at step t alone, of a
  /// network of one layer and direction without clip, recurrent dropout and zoneout.
  ///
  /// - Parameters:
  ///   - t: a step, counted from 0.
  ///   - gradient: ∂L_t/∂h_t, B x H.
  ///   - outputs: every h_t, from a pass of this network.
  /// - Returns: t + 1 steps of B x H.
  public func errorTerms(
    step t: Int, gradient: Matrix<Scalar>, outputs: SequenceBatch<Scalar>
  ) throws(RecurError) -> SequenceBatch<Scalar> {
    guard description.layers == 1, description.directions == 1, description.inC.cell.gate_clamp == 0,
      !description.drawsMasks
    else {
      throw .unsupported(
        argument: "errorTerms",
        reason: "are of one layer and direction without clip, recurrent dropout and zoneout")
    }
    guard (0..<outputs.steps).contains(t) else {
      throw .invalid(argument: "step", reason: "is \(t), expected 0 to \(outputs.steps - 1)")
    }
    guard gradient.rows == outputs.batchSize, gradient.columns == hiddenSize else {
      throw .shape(
        argument: "gradient", expected: .init(outputs.batchSize, hiddenSize),
        found: .init(gradient.rows, gradient.columns))
    }
    let delta = try SequenceBatch<Scalar>(
      steps: t + 1, batchSize: outputs.batchSize, features: hiddenSize)
    let weight = parameters["weight_hh_l0"]
    var phi = description.inC.cell.f
    let status = Scalar.withArguments { argument in
      Scalar._rnnErrorTerms(
        argument(weight), &phi, argument(outputs.matrix), t, argument(gradient),
        argument(delta.matrix))
    }
    try check(status, ["h": "outputs", "dh_t": "gradient"])
    return withExtendedLifetime((weight, outputs, gradient)) { delta }
  }
}
