// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The position of a GRU's reset gate.
public enum ReferenceReset: Hashable, Sendable, CaseIterable {
  /// r ∘ (Uₙ h + bₕₙ)
  case after

  /// Uₙ (r ∘ h) + bₕₙ
  case before
}

/// The options of the gated recurrent unit.
public struct ReferenceGRUOptions: ReferenceOptions {
  /// The activation of r and z.
  public var f: ReferenceActivation

  /// The activation of n.
  public var g: ReferenceActivation

  /// The limit of every gate's input, which is clamped to ±gateClamp; 0 means no clamp.
  public var gateClamp: Double

  public var reset: ReferenceReset
  public var bias: Bool

  /// Whether W x and U h are normalized before they are added: r and z together, and n separately.
  public var layerNormalization: Bool

  /// Creates the options of a GRU.
  ///
  /// - Parameters:
  ///   - f: The activation of r and z.
  ///   - g: The activation of n.
  ///   - gateClamp: The limit of every gate's input, which is clamped to ±gateClamp; 0 means no clamp.
  ///   - reset: The position of the reset gate.
  ///   - bias: Whether the cell has biases.
  ///   - layerNormalization: Whether W x and U h are normalized before they are added: r and z together,
  ///     and n separately.
  public init(
    f: ReferenceActivation = .sigmoid, g: ReferenceActivation = .tanh, gateClamp: Double = 0,
    reset: ReferenceReset = .after, bias: Bool = true, layerNormalization: Bool = false
  ) {
    (self.f, self.g, self.gateClamp, self.reset, self.bias) = (f, g, gateClamp, reset, bias)
    self.layerNormalization = layerNormalization
  }

  public func shape(inputSize: Int, hiddenSize: Int) -> ReferenceShape {
    ReferenceShape(
      gates: 3, inputSize: inputSize, hiddenSize: hiddenSize, bias: bias,
      layerNormalization: layerNormalization)
  }
}

/// The gated recurrent unit (Cho et al. 2014), with the gates r, z and n.
///
///     r  = f(W_r x + U_r h)
///     z  = f(W_z x + U_z h)
///     n  = g(W_n x + r ∘ (U_n h)) or g(W_n x + U_n (r ∘ h))
///     hₜ = (1 − z) ∘ n + z ∘ hₜ₋₁
///
/// W_q x stands for W_q xₜ + b_q, with the rows of gate q in the input weights, and U_q h for the same with
/// hₜ₋₁ and the recurrent weights. A recurrent mask multiplies only the vectors that U multiplies.
public struct ReferenceGRU<R: ReferenceNumber>: ReferenceCell {
  public typealias OfDuals = ReferenceGRU<Dual<R>>

  public let options: ReferenceGRUOptions
  public let shape: ReferenceShape
  public var parameters: ReferenceParameters<R>
  public var recurrentMask: [R] = []

  public init(
    _ options: ReferenceGRUOptions = .init(), inputSize: Int, hiddenSize: Int, parameters: [R]
  ) {
    self.options = options
    shape = options.shape(inputSize: inputSize, hiddenSize: hiddenSize)
    self.parameters = ReferenceParameters(shape, elements: parameters)
  }

  public func gates(_ x: [R], _ previous: ReferenceState<R>) -> [[R]] {
    let step = evaluate(x, previous.hidden)
    return [step.r, step.z, step.n]
  }

  public func step(_ x: [R], _ previous: ReferenceState<R>) -> ReferenceState<R> {
    let h = previous.hidden
    let (_, z, n, _) = evaluate(x, h)
    // hₜ = (1 − z) ∘ n + z ∘ h
    return ReferenceState(hidden: sum(hadamard(complement(z), n), hadamard(z, h)))
  }

  public func stepBackward(
    x: [R], previous: ReferenceState<R>, dNext: ReferenceState<R>,
    into gradients: inout ReferenceParameters<R>
  ) -> (dx: [R], dPrevious: ReferenceState<R>) {
    let (h, dh) = (previous.hidden, dNext.hidden)
    let (r, z, n, a) = evaluate(x, h)
    // da_n = dh ∘ (1 − z) ∘ g′(a_n)
    let dan = hadamard(hadamard(dh, complement(z)), g.slope(at: a[2]))
    // da_z = dh ∘ (h − n) ∘ f′(a_z)
    let daz = hadamard(hadamard(dh, difference(h, n)), f.slope(at: a[1]))
    let (dr, dhCandidate) = candidateBackward(h, r, dan, into: &gradients)
    // da_r = dr ∘ f′(a_r)
    let dar = hadamard(dr, f.slope(at: a[0]))
    // dh_prev = dh ∘ z + m ∘ (U_rᵀ da_r + U_zᵀ da_z) + the part from n
    let dhGates = recurrentBackward(0..<2, masked(h), [dar, daz], into: &gradients)
    let dhPrevious = sum(sum(hadamard(dh, z), dhCandidate), masked(dhGates))
    // dx = Σ_q W_qᵀ da_q
    var dx: [R] = zeros(x.count)
    for (gates, da) in [(0..<2, [dar, daz]), (2..<3, [dan])] {
      var sums = gradients.inputs(of: gates)
      dx = sum(dx, parameters.inputs(of: gates).backward(x: x, da: da, into: &sums))
      gradients.setInputs(of: gates, to: sums)
    }
    return (dx, ReferenceState(hidden: dhPrevious))
  }

  /// Returns ∂L/∂r, and the part of ∂L/∂hₜ₋₁ that comes from n.
  private func candidateBackward(
    _ h: [R], _ r: [R], _ dan: [R], into gradients: inout ReferenceParameters<R>
  ) -> (dr: [R], dh: [R]) {
    switch options.reset {
    case .after:
      // q = U_n (m ∘ h), dq = da_n ∘ r, dr = da_n ∘ q, dh = m ∘ (U_nᵀ dq)
      let q = parameters.recurrentInputs(of: 2..<3)(masked(h))[0]
      let dh = recurrentBackward(2..<3, masked(h), [hadamard(dan, r)], into: &gradients)
      return (hadamard(dan, q), masked(dh))
    case .before:
      // s = r ∘ h, ds = m ∘ (U_nᵀ da_n), dr = ds ∘ h, dh = ds ∘ r
      let s = masked(hadamard(r, h))
      let ds = masked(recurrentBackward(2..<3, s, [dan], into: &gradients))
      return (hadamard(ds, h), hadamard(ds, r))
    }
  }

  /// Returns the gradient of the vector that U multiplies, from the gradients of the inputs of some
  /// gates.
  private func recurrentBackward(
    _ gates: Range<Int>, _ h: [R], _ da: [[R]], into gradients: inout ReferenceParameters<R>
  ) -> [R] {
    var sums = gradients.recurrentInputs(of: gates)
    defer { gradients.setRecurrentInputs(of: gates, to: sums) }
    return parameters.recurrentInputs(of: gates).backward(x: h, da: da, into: &sums)
  }

  private var f: ReferenceGate { ReferenceGate(activation: options.f, limit: options.gateClamp) }
  private var g: ReferenceGate { ReferenceGate(activation: options.g, limit: options.gateClamp) }

  /// The gates and their inputs a.
  private func evaluate(_ x: [R], _ h: [R]) -> (r: [R], z: [R], n: [R], a: [[R]]) {
    let Wx = parameters.inputs(of: 0..<2)(x) + parameters.inputs(of: 2..<3)(x)
    let Uh = parameters.recurrentInputs(of: 0..<2)(masked(h))
    let Un = parameters.recurrentInputs(of: 2..<3)
    // r = f(W_r x + U_r h), z = f(W_z x + U_z h)
    let ar = sum(Wx[0], Uh[0])
    let az = sum(Wx[1], Uh[1])
    let r = f(ar)
    // reset after: n = g(W_n x + r ∘ (U_n h)); before: n = g(W_n x + U_n (r ∘ h))
    let recurrent =
      options.reset == .after
      ? hadamard(r, Un(masked(h))[0]) : Un(masked(hadamard(r, h)))[0]
    let an = sum(Wx[2], recurrent)
    return (r, f(az), g(an), [ar, az, an])
  }
}
