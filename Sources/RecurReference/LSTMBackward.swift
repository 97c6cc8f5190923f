// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension ReferenceLSTM {
  public func stepBackward(
    x: [R], previous: ReferenceState<R>, dNext: ReferenceState<R>,
    into gradients: inout ReferenceParameters<R>
  ) -> (dx: [R], dPrevious: ReferenceState<R>) {
    let step = evaluate(x, previous)
    let cPrevious = previous.cell
    var da = [[R]](repeating: [], count: shape.gates)
    let dm = outputBackward(step, dNext.hidden, into: &gradients)
    // da_o = dm ∘ h(cₜ) ∘ f′(a_o)
    let dao = hadamard(hadamard(dm, step.hc), f.slope(at: step.ao))
    let dcOutput = gateBackward(.output, dao, seeing: step.c, &da, into: &gradients)
    // dc += dm ∘ o ∘ h′(cₜ) + p_o ∘ da_o; 0 where cₜ is clamped
    let slope = step.c.map { options.h.slope(at: $0) }
    var dc = sum(dNext.cell, sum(hadamard(hadamard(dm, step.o), slope), dcOutput))
    for k in dc.indices where isClamped(step.sum[k], to: options.cellClamp) { dc[k] = 0 }
    // da_g = dc ∘ i ∘ g′(a_g)
    let dag = hadamard(hadamard(dc, step.i), g.slope(at: step.ag))
    _ = gateBackward(.candidate, dag, seeing: [], &da, into: &gradients)
    // di = dc ∘ g, or coupled dc ∘ (g − cₜ₋₁); da_i = di ∘ f′(a_i)
    let di = hadamard(dc, options.coupledGates ? difference(step.g, cPrevious) : step.g)
    let dai = hadamard(di, f.slope(at: step.ai))
    // dcₜ₋₁ = dc ∘ f + p_i ∘ da_i + p_f ∘ da_f
    var dcPrevious = hadamard(dc, step.f)
    dcPrevious = sum(
      dcPrevious, gateBackward(.input, dai, seeing: cPrevious, &da, into: &gradients))
    if !options.coupledGates {
      // da_f = dc ∘ cₜ₋₁ ∘ f′(a_f)
      let daf = hadamard(hadamard(dc, cPrevious), f.slope(at: step.af))
      dcPrevious = sum(
        dcPrevious, gateBackward(.forget, daf, seeing: cPrevious, &da, into: &gradients))
    }
    let (dx, dh) = productsBackward(x, masked(previous.hidden), da, into: &gradients)
    return (dx, ReferenceState(hidden: masked(dh), cell: dcPrevious))
  }

  /// Returns ∂L/∂mₜ for ∂L/∂hₜ.
  private func outputBackward(
    _ step: Step, _ dh: [R], into gradients: inout ReferenceParameters<R>
  ) -> [R] {
    if shape.projectionSize == nil { return dh }
    // dWₕᵣ += dh mₜᵀ, dm = Wₕᵣᵀ dh
    addOuterProduct(dh, step.m, to: &gradients.weightHR)
    return transposedProduct(parameters.weightHR, dh)
  }

  /// Stores ∂L/∂a_q of one gate, and returns the gradient of the c that the gate reads.
  private func gateBackward(
    _ gate: Gate, _ da: [R], seeing c: [R], _ all: inout [[R]],
    into gradients: inout ReferenceParameters<R>
  ) -> [R] {
    all[row(gate)] = da
    guard let p = peephole(gate) else { return zeros(da.count) }
    // dp_q += da ∘ c, dc += p_q ∘ da
    gradients.weightPeephole[p] = sum(gradients.weightPeephole[p], hadamard(da, c))
    return hadamard(parameters.weightPeephole[p], da)
  }

  /// Returns dx = Σ_q W_qᵀ da_q and Σ_q U_qᵀ da_q for all ∂L/∂a_q.
  private func productsBackward(
    _ x: [R], _ h: [R], _ da: [[R]], into gradients: inout ReferenceParameters<R>
  ) -> (dx: [R], dh: [R]) {
    let gates = 0..<shape.gates
    var (W, U) = (gradients.inputs(of: gates), gradients.recurrentInputs(of: gates))
    let dx = inputs.backward(x: x, da: da, into: &W)
    let dh = recurrentInputs.backward(x: h, da: da, into: &U)
    gradients.setInputs(of: gates, to: W)
    gradients.setRecurrentInputs(of: gates, to: U)
    return (dx, dh)
  }
}
