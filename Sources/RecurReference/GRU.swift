// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Where a GRU's reset gate acts.
public enum ReferenceReset: Hashable, Sendable, CaseIterable {
  /// r ∘ (U_n h + b_hn)
  case after

  /// U_n (r ∘ h) + b_hn
  case before
}

/// The options of the gated recurrent unit.
public struct ReferenceGRUOptions: ReferenceOptions {
  /// Of r and z.
  public var f: ReferenceActivation

  /// Of n.
  public var g: ReferenceActivation

  /// The input of every gate is clamped to ±clip; 0: it is not.
  public var clip: Double

  public var reset: ReferenceReset
  public var bias: Bool

  public init(
    f: ReferenceActivation = .sigmoid, g: ReferenceActivation = .tanh, clip: Double = 0,
    reset: ReferenceReset = .after, bias: Bool = true
  ) {
    (self.f, self.g, self.clip, self.reset, self.bias) = (f, g, clip, reset, bias)
  }

  public func shape(inputSize: Int, hiddenSize: Int) -> ReferenceShape {
    ReferenceShape(gates: 3, inputSize: inputSize, hiddenSize: hiddenSize, bias: bias)
  }
}

/// The gated recurrent unit (Cho et al. 2014), of the gates r z n. W x stands for W_i x_t + b_i, U h
/// for W_h h_{t−1} + b_h, of each gate's rows:
///
/// r = f(W_r x + U_r h), z = f(W_z x + U_z h), n = g(W_n x + r ∘ (U_n h)) or g(W_n x + U_n (r ∘ h)),
/// h_t = (1 − z) ∘ n + z ∘ h_{t−1}. A recurrent mask is on what U is multiplied with, and nowhere else.
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
    // h_t = (1 − z) ∘ n + z ∘ h
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
    let (dr, dhCandidate) = candidateBackward(h, r, dan, into: &gradients.recurrent[2])
    // da_r = dr ∘ f′(a_r)
    let dar = hadamard(dr, f.slope(at: a[0]))
    // dh_prev = dh ∘ z + m ∘ (U_rᵀ da_r + U_zᵀ da_z) + what comes from n
    var dhPrevious = sum(hadamard(dh, z), dhCandidate)
    for (q, da) in [dar, daz].enumerated() {
      let part = parameters.recurrent[q].backward(
        x: masked(h), dy: da, into: &gradients.recurrent[q])
      dhPrevious = sum(dhPrevious, masked(part))
    }
    // dx = Σ_q W_qᵀ da_q
    var dx: [R] = zeros(x.count)
    for (q, da) in [dar, daz, dan].enumerated() {
      dx = sum(dx, parameters.input[q].backward(x: x, dy: da, into: &gradients.input[q]))
    }
    return (dx, ReferenceState(hidden: dhPrevious))
  }

  /// ∂L/∂r, and what ∂L/∂h_{t−1} has from n.
  private func candidateBackward(
    _ h: [R], _ r: [R], _ dan: [R], into gradients: inout ReferenceLinear<R>
  ) -> (dr: [R], dh: [R]) {
    let Un = parameters.recurrent[2]
    switch options.reset {
    case .after:
      // q = U_n (m ∘ h), dq = da_n ∘ r, dr = da_n ∘ q, dh = m ∘ (U_nᵀ dq)
      let dh = Un.backward(x: masked(h), dy: hadamard(dan, r), into: &gradients)
      return (hadamard(dan, Un(masked(h))), masked(dh))
    case .before:
      // s = r ∘ h, ds = m ∘ (U_nᵀ da_n), dr = ds ∘ h, dh = ds ∘ r
      let ds = masked(Un.backward(x: masked(hadamard(r, h)), dy: dan, into: &gradients))
      return (hadamard(ds, h), hadamard(ds, r))
    }
  }

  private var f: ReferenceGate { ReferenceGate(activation: options.f, clip: options.clip) }
  private var g: ReferenceGate { ReferenceGate(activation: options.g, clip: options.clip) }

  /// The gates, and their inputs a.
  private func evaluate(_ x: [R], _ h: [R]) -> (r: [R], z: [R], n: [R], a: [[R]]) {
    let (W, U) = (parameters.input, parameters.recurrent)
    // r = f(W_r x + U_r h), z = f(W_z x + U_z h)
    let ar = sum(W[0](x), U[0](masked(h)))
    let az = sum(W[1](x), U[1](masked(h)))
    let r = f(ar)
    // after: n = g(W_n x + r ∘ (U_n h)), before: n = g(W_n x + U_n (r ∘ h))
    let recurrent =
      options.reset == .after ? hadamard(r, U[2](masked(h))) : U[2](masked(hadamard(r, h)))
    let an = sum(W[2](x), recurrent)
    return (r, f(az), g(an), [ar, az, an])
  }
}
