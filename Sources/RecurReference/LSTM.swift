// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The options of long short-term memory, in any combination.
public struct ReferenceLSTMOptions: ReferenceOptions {
  /// The activation of i, f and o.
  public var f: ReferenceActivation

  /// The activation of the candidate.
  public var g: ReferenceActivation

  /// The activation of the cell state at the output.
  public var h: ReferenceActivation

  /// The limit of every gate's input, which is clamped to ±gateClamp; 0 means no clamp.
  public var gateClamp: Double

  /// Whether i and f read cₜ₋₁, and o reads cₜ.
  public var peepholes: Bool

  /// Whether f = 1 − i.
  public var coupledGates: Bool

  /// The projection size P.
  public var projectionSize: Int?

  /// The limit of cₜ, which is clamped to ±cellClamp; 0 means no clamp.
  public var cellClamp: Double

  public var bias: Bool

  /// Whether W x and U h, over all gates together, are normalized before they are added.
  public var layerNormalization: Bool

  /// Creates the options of an LSTM.
  ///
  /// - Parameters:
  ///   - f: The activation of i, f and o.
  ///   - g: The activation of the candidate.
  ///   - h: The activation of the cell state at the output.
  ///   - gateClamp: The limit of every gate's input, which is clamped to ±gateClamp; 0 means no clamp.
  ///   - peepholes: Whether i and f read cₜ₋₁, and o reads cₜ.
  ///   - coupledGates: Whether f = 1 − i.
  ///   - projectionSize: The projection size P, or nil for no projection.
  ///   - cellClamp: The limit of cₜ, which is clamped to ±cellClamp; 0 means no clamp.
  ///   - bias: Whether the cell has biases.
  ///   - layerNormalization: Whether W x and U h, over all gates together, are normalized before they are
  ///     added.
  public init(
    f: ReferenceActivation = .sigmoid, g: ReferenceActivation = .tanh,
    h: ReferenceActivation = .tanh, gateClamp: Double = 0, peepholes: Bool = false,
    coupledGates: Bool = false, projectionSize: Int? = nil, cellClamp: Double = 0,
    bias: Bool = true,
    layerNormalization: Bool = false
  ) {
    (self.f, self.g, self.h, self.gateClamp) = (f, g, h, gateClamp)
    (self.peepholes, self.coupledGates, self.projectionSize) = (
      peepholes, coupledGates, projectionSize
    )
    (self.cellClamp, self.bias) = (cellClamp, bias)
    self.layerNormalization = layerNormalization
  }

  public func shape(inputSize: Int, hiddenSize: Int) -> ReferenceShape {
    let gates = coupledGates ? 3 : 4
    return ReferenceShape(
      gates: gates, inputSize: inputSize, hiddenSize: hiddenSize, projectionSize: projectionSize,
      bias: bias, peepholes: peepholes ? gates - 1 : 0, hasCellState: true,
      layerNormalization: layerNormalization)
  }
}

/// Long short-term memory (Hochreiter and Schmidhuber 1997), with the gates i, f, g and o, or coupled i, g
/// and o.
///
///     i  = f(W_i x + U_i h [+ p_i ∘ cₜ₋₁])
///     f  = f(W_f x + U_f h [+ p_f ∘ cₜ₋₁]), or coupled 1 − i
///     g  = g(W_g x + U_g h)
///     cₜ = f ∘ cₜ₋₁ + i ∘ g [clamped]
///     o  = f(W_o x + U_o h [+ p_o ∘ cₜ])
///     mₜ = o ∘ h(cₜ)
///     hₜ = mₜ, or projected Wₕᵣ mₜ
///
/// W_q x stands for W_q xₜ + b_q, with the rows of gate q in the input weights, and U_q h for the same with
/// hₜ₋₁ and the recurrent weights.
public struct ReferenceLSTM<R: ReferenceNumber>: ReferenceCell {
  public typealias OfDuals = ReferenceLSTM<Dual<R>>

  public let options: ReferenceLSTMOptions
  public let shape: ReferenceShape
  public var parameters: ReferenceParameters<R>
  public var recurrentMask: [R] = []

  public init(
    _ options: ReferenceLSTMOptions = .init(), inputSize: Int, hiddenSize: Int, parameters: [R]
  ) {
    self.options = options
    shape = options.shape(inputSize: inputSize, hiddenSize: hiddenSize)
    self.parameters = ReferenceParameters(shape, elements: parameters)
  }

  public func gates(_ x: [R], _ previous: ReferenceState<R>) -> [[R]] {
    let step = evaluate(x, previous)
    return options.coupledGates ? [step.i, step.g, step.o] : [step.i, step.f, step.g, step.o]
  }

  public func step(_ x: [R], _ previous: ReferenceState<R>) -> ReferenceState<R> {
    let step = evaluate(x, previous)
    // hₜ = mₜ, or projected Wₕᵣ mₜ
    let h = shape.projectionSize == nil ? step.m : product(parameters.weightHR, step.m)
    return ReferenceState(hidden: h, cell: step.c)
  }

  // MARK: Rows of the gates

  enum Gate { case input, forget, candidate, output }

  var gateOrder: [Gate] {
    options.coupledGates ? [.input, .candidate, .output] : [.input, .forget, .candidate, .output]
  }

  func row(_ gate: Gate) -> Int {
    gateOrder.firstIndex(of: gate)!
  }

  /// Returns the row of weight_peephole for a gate, or nil if the gate has none.
  func peephole(_ gate: Gate) -> Int? {
    options.peepholes ? gateOrder.filter { $0 != .candidate }.firstIndex(of: gate) : nil
  }

  var inputs: ReferenceGateInputs<R> { parameters.inputs(of: 0..<shape.gates) }
  var recurrentInputs: ReferenceGateInputs<R> {
    parameters.recurrentInputs(of: 0..<shape.gates)
  }

  // MARK: One step

  /// All values of a step: the gates and their inputs, cₜ before and after clamping, h(cₜ) and mₜ.
  struct Step {
    let (ai, af, ag, ao): ([R], [R], [R], [R])
    let (i, f, g, o): ([R], [R], [R], [R])
    let (sum, c, hc, m): ([R], [R], [R], [R])
  }

  var f: ReferenceGate { ReferenceGate(activation: options.f, limit: options.gateClamp) }
  var g: ReferenceGate { ReferenceGate(activation: options.g, limit: options.gateClamp) }

  func evaluate(_ x: [R], _ previous: ReferenceState<R>) -> Step {
    let (h, cPrevious) = (previous.hidden, previous.cell)
    let (Wx, Uh) = (inputs(x), recurrentInputs(masked(h)))
    // a_q = W_q x + U_q h [+ p_q ∘ c]
    func a(_ gate: Gate, seeing c: [R]) -> [R] {
      let q = row(gate)
      let a = sum(Wx[q], Uh[q])
      return peephole(gate).map { sum(a, hadamard(parameters.weightPeephole[$0], c)) } ?? a
    }
    // i = f(a_i), f = f(a_f) or coupled 1 − i
    let ai = a(.input, seeing: cPrevious)
    let af = options.coupledGates ? [] : a(.forget, seeing: cPrevious)
    let i = f(ai)
    let forget = options.coupledGates ? complement(i) : f(af)
    // g = g(a_g)
    let ag = a(.candidate, seeing: [])
    let candidate = g(ag)
    // cₜ = clamp(f ∘ cₜ₋₁ + i ∘ g)
    let unclamped = sum(hadamard(forget, cPrevious), hadamard(i, candidate))
    let c = unclamped.map { clamp($0, to: options.cellClamp) }
    // o = f(a_o)
    let ao = a(.output, seeing: c)
    let o = f(ao)
    // mₜ = o ∘ h(cₜ)
    let hc = c.map { options.h($0) }
    return Step(
      ai: ai, af: af, ag: ag, ao: ao, i: i, f: forget, g: candidate, o: o, sum: unclamped, c: c,
      hc: hc, m: hadamard(o, hc))
  }
}
