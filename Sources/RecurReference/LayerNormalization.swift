// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The contribution of one input vector to the inputs of some gates, H elements for each: W_q x + b_q.
/// With layer normalization it is v̂ ∘ γ + b, where v̂ is v = W x normalized over all these gates, with
/// ε = 10⁻⁵ (Ba, Kiros and Hinton 2016, equation 4).
struct ReferenceGateInputs<R: ReferenceNumber> {
  /// W_q and b_q of each gate.
  var layers: [ReferenceLinear<R>]

  /// γ of all gates; without normalization, empty.
  var gain: [R]

  /// Returns the contributions to the inputs of the gates.
  func callAsFunction(_ x: [R]) -> [[R]] {
    if gain.isEmpty { return layers.map { $0(x) } }
    let y = hadamard(normalized(x).values, gain)
    return layers.enumerated().map { q, layer in
      let part = rows(q, of: y)
      return layer.bias.isEmpty ? part : sum(part, layer.bias)
    }
  }

  /// Returns ∂L/∂x for the gradients of the gates' inputs, and adds the gradients of the parameters.
  func backward(x: [R], da: [[R]], into gradients: inout ReferenceGateInputs) -> [R] {
    let dv = gain.isEmpty ? da : normalizationBackward(x, da, into: &gradients)
    var dx: [R] = zeros(x.count)
    for (q, layer) in layers.enumerated() {
      // db += da, dW += dv xᵀ, dx += Wᵀ dv
      gradients.layers[q].bias = sum(gradients.layers[q].bias, layer.bias.isEmpty ? [] : da[q])
      addOuterProduct(dv[q], x, to: &gradients.layers[q].weight)
      dx = sum(dx, transposedProduct(layer.weight, dv[q]))
    }
    return dx
  }

  /// v̂ of v = W x, for the gates together
  private func normalized(_ x: [R]) -> ReferenceNormalized<R> {
    ReferenceNormalized(layers.flatMap { product($0.weight, x) }, epsilon: 1e-5)
  }

  private func normalizationBackward(
    _ x: [R], _ da: [[R]], into gradients: inout ReferenceGateInputs
  ) -> [[R]] {
    let normalized = normalized(x)
    let da = da.flatMap { $0 }
    // dγ += da ∘ v̂
    gradients.gain = sum(gradients.gain, hadamard(da, normalized.values))
    // dv̂ = da ∘ γ
    let dv = normalized.backward(hadamard(da, gain))
    return layers.indices.map { rows($0, of: dv) }
  }

  private func rows(_ q: Int, of list: [R]) -> [R] {
    let H = list.count / layers.count
    return Array(list[q * H..<(q + 1) * H])
  }
}

extension ReferenceParameters {
  /// Returns the contribution of x to the gates.
  func inputs(of gates: Range<Int>) -> ReferenceGateInputs<R> {
    ReferenceGateInputs(layers: Array(input[gates]), gain: gain(of: gates, gainIH))
  }

  /// Returns the contribution of h to the gates.
  func recurrentInputs(of gates: Range<Int>) -> ReferenceGateInputs<R> {
    ReferenceGateInputs(layers: Array(recurrent[gates]), gain: gain(of: gates, gainHH))
  }

  mutating func setInputs(of gates: Range<Int>, to inputs: ReferenceGateInputs<R>) {
    input.replaceSubrange(gates, with: inputs.layers)
    set(inputs.gain, of: gates, in: &gainIH)
  }

  mutating func setRecurrentInputs(of gates: Range<Int>, to inputs: ReferenceGateInputs<R>) {
    recurrent.replaceSubrange(gates, with: inputs.layers)
    set(inputs.gain, of: gates, in: &gainHH)
  }

  private func gain(of gates: Range<Int>, _ gains: [R]) -> [R] {
    gains.isEmpty ? [] : Array(gains[indices(of: gates, gains)])
  }

  private func set(_ gain: [R], of gates: Range<Int>, in gains: inout [R]) {
    if !gains.isEmpty { gains.replaceSubrange(indices(of: gates, gains), with: gain) }
  }

  private func indices(of gates: Range<Int>, _ gains: [R]) -> Range<Int> {
    let H = gains.count / input.count
    return gates.lowerBound * H..<gates.upperBound * H
  }
}
