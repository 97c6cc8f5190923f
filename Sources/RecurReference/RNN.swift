// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The options of the simple and of the residual cell.
public struct ReferenceRNNOptions: ReferenceOptions {
  /// φ.
  public var f: ReferenceActivation

  /// z is clamped to ±gateClamp; 0: not clamped.
  public var gateClamp: Double

  public var bias: Bool

  /// Options of a simple or residual cell.
  ///
  /// - Parameters:
  ///   - f: φ.
  ///   - gateClamp: z is clamped to ±gateClamp; 0: not clamped.
  ///   - bias: whether there are biases.
  public init(f: ReferenceActivation = .tanh, gateClamp: Double = 0, bias: Bool = true) {
    (self.f, self.gateClamp, self.bias) = (f, gateClamp, bias)
  }

  public func shape(inputSize: Int, hiddenSize: Int) -> ReferenceShape {
    ReferenceShape(gates: 1, inputSize: inputSize, hiddenSize: hiddenSize, bias: bias)
  }
}

/// The simple recurrent cell.
///
/// z_t = W_ih x_t + b_ih + W_hh h_{t−1} + b_hh, h_t = φ(z_t). Qiu, *Neural Networks and Deep
/// Learning*, chapter 6, writes U for W_hh and W for W_ih, and one bias.
public struct ReferenceRNN<R: ReferenceNumber>: ReferenceCell {
  public typealias OfDuals = ReferenceRNN<Dual<R>>

  public let options: ReferenceRNNOptions
  public let shape: ReferenceShape
  public var parameters: ReferenceParameters<R>
  public var recurrentMask: [R] = []

  public init(
    _ options: ReferenceRNNOptions = .init(), inputSize: Int, hiddenSize: Int, parameters: [R]
  ) {
    self.options = options
    shape = options.shape(inputSize: inputSize, hiddenSize: hiddenSize)
    self.parameters = ReferenceParameters(shape, elements: parameters)
  }

  public func gates(_ x: [R], _ previous: ReferenceState<R>) -> [[R]] {
    // h = φ(z)
    [phi(z(x, previous.hidden))]
  }

  public func step(_ x: [R], _ previous: ReferenceState<R>) -> ReferenceState<R> {
    ReferenceState(hidden: gates(x, previous)[0])
  }

  public func stepBackward(
    x: [R], previous: ReferenceState<R>, dNext: ReferenceState<R>,
    into gradients: inout ReferenceParameters<R>
  ) -> (dx: [R], dPrevious: ReferenceState<R>) {
    // dz = dh ∘ φ′(z)
    let dz = hadamard(dNext.hidden, phi.slope(at: z(x, previous.hidden)))
    // dW_ih += dz xᵀ, db_ih += dz, dx = W_ihᵀ dz
    let dx = parameters.input[0].backward(x: x, dy: dz, into: &gradients.input[0])
    // dW_hh += dz (m ∘ h_prev)ᵀ, db_hh += dz, dh_prev = m ∘ (W_hhᵀ dz)
    let dh = parameters.recurrent[0].backward(
      x: masked(previous.hidden), dy: dz, into: &gradients.recurrent[0])
    return (dx, ReferenceState(hidden: masked(dh)))
  }

  var phi: ReferenceGate { ReferenceGate(activation: options.f, limit: options.gateClamp) }

  /// z = W_ih x + b_ih + W_hh (m ∘ h_prev) + b_hh
  func z(_ x: [R], _ h: [R]) -> [R] {
    sum(parameters.input[0](x), parameters.recurrent[0](masked(h)))
  }
}

// The state of the simple cell is h and nothing else.
extension ReferenceRNN {
  /// A cell with given parameters.
  ///
  /// - Parameters:
  ///   - activation: φ.
  ///   - weightIH: W_ih, H x I.
  ///   - weightHH: W_hh, H x H.
  ///   - biasIH: b_ih, H elements.
  ///   - biasHH: b_hh, H elements.
  public init(
    activation: ReferenceActivation, weightIH: [[R]], weightHH: [[R]], biasIH: [R], biasHH: [R]
  ) {
    self.init(
      ReferenceRNNOptions(f: activation), inputSize: weightIH[0].count, hiddenSize: weightHH.count,
      parameters: Array((weightIH + weightHH).joined()) + biasIH + biasHH)
  }

  /// Runs over the whole sequence.
  ///
  /// - Parameters:
  ///   - x: the inputs, T x I.
  ///   - h0: the initial state, H elements.
  /// - Returns: every h_t, T x H.
  public func forward(_ x: [[R]], h0: [R]) -> [[R]] {
    states(x, from: ReferenceState(hidden: h0)).map(\.hidden)
  }

  /// Back-propagation through time.
  ///
  /// - Parameters:
  ///   - x: the inputs, T x I.
  ///   - h0: the initial state, H elements.
  ///   - dh: the gradient given for every h_t, T x H.
  ///   - dhT: the gradient given for the final state, H elements.
  /// - Returns: all gradients.
  public func backward(x: [[R]], h0: [R], dh: [[R]], dhT: [R]) -> ReferenceBackward<R> {
    backward(
      x: x, initial: ReferenceState(hidden: h0), dh: dh, dFinal: ReferenceState(hidden: dhT))
  }
}
