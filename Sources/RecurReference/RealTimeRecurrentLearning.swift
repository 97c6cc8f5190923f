// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The gradients that forward mode computes.
public struct ReferenceForwardMode<R: ReferenceNumber> {
  /// The gradients of the parameters.
  public var gradients: ReferenceParameters<R>

  /// The gradient of the initial state.
  public var dInitial: ReferenceState<R>
}

extension ReferenceCell {
  /// Computes the gradients by real-time recurrent learning (6.42–6.46): ∂hₜ/∂θ is computed forward
  /// together with hₜ, for every parameter θ and for the initial state. There is no backward pass.
  ///
  /// - Parameters:
  ///   - x: The inputs, T x I.
  ///   - initial: The state before the first step.
  ///   - dh: The gradient of the loss for every hₜ, T x P, without the part from later steps.
  ///   - dFinal: The gradient of the final state.
  /// - Returns: The gradients.
  public func realTimeRecurrentLearning(
    x: [[R]], initial: ReferenceState<R>, dh: [[R]], dFinal: ReferenceState<R>
  ) -> ReferenceForwardMode<R> {
    let (count, P) = (shape.parameterCount, shape.stateSize)
    let values = parameters.elements + initial.hidden + initial.cell
    let variables = values.indices.map {
      Dual(value: values[$0], variable: $0, of: values.count)
    }
    var cell = OfDuals(
      options, inputSize: shape.inputSize, hiddenSize: shape.hiddenSize,
      parameters: Array(variables.prefix(count)))
    cell.recurrentMask = constants(recurrentMask)
    var state = ReferenceState(
      hidden: Array(variables[count..<count + P]), cell: Array(variables[(count + P)...]))
    // L = Σₜ ⟨dhₜ, hₜ⟩ + ⟨dh_T, h_T⟩ + ⟨dc_T, c_T⟩
    var loss: Dual<R> = 0
    for (x, dh) in zip(x, dh) {
      state = cell.step(constants(x), state)
      loss += dot(constants(dh), state.hidden)
    }
    loss += dot(constants(dFinal.hidden), state.hidden) + dot(constants(dFinal.cell), state.cell)
    let gradient = loss.tangent.isEmpty ? zeros(values.count) : loss.tangent
    return ReferenceForwardMode(
      gradients: ReferenceParameters(shape, elements: Array(gradient.prefix(count))),
      dInitial: ReferenceState(
        hidden: Array(gradient[count..<count + P]), cell: Array(gradient[(count + P)...])))
  }
}

private func constants<R>(_ values: [R]) -> [Dual<R>] {
  values.map { Dual(value: $0) }
}
