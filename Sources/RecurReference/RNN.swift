// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The options of the simple and the residual cell.
public struct ReferenceRNNOptions: ReferenceOptions {
  /// The activation φ.
  public var f: ReferenceActivation

  /// The limit of z, which is clamped to ±gateClamp; 0 means no clamp.
  public var gateClamp: Double

  /// Whether the cell has biases.
  public var bias: Bool

  /// Creates the options of a simple or residual cell.
  ///
  /// - Parameters:
  ///   - f: The activation φ.
  ///   - gateClamp: The limit of z, which is clamped to ±gateClamp; 0 means no clamp.
  ///   - bias: Whether the cell has biases.
  public init(f: ReferenceActivation = .tanh, gateClamp: Double = 0, bias: Bool = true) {
    (self.f, self.gateClamp, self.bias) = (f, gateClamp, bias)
  }

  public func shape(inputSize: Int, hiddenSize: Int) -> ReferenceShape {
    ReferenceShape(gates: 1, inputSize: inputSize, hiddenSize: hiddenSize, bias: bias)
  }
}

/// The simple recurrent cell.
///
/// zₜ = Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ and hₜ = φ(zₜ). Qiu, *Neural Networks and Deep Learning*, chapter
/// 6, writes U for Wₕₕ and W for Wᵢₕ, and has one bias.
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
    // dWᵢₕ += dz xᵀ, dbᵢₕ += dz, dx = Wᵢₕᵀ dz
    let dx = parameters.input[0].backward(x: x, dy: dz, into: &gradients.input[0])
    // dWₕₕ += dz (m ∘ h_prev)ᵀ, dbₕₕ += dz, dh_prev = m ∘ (Wₕₕᵀ dz)
    let dh = parameters.recurrent[0].backward(
      x: masked(previous.hidden), dy: dz, into: &gradients.recurrent[0])
    return (dx, ReferenceState(hidden: masked(dh)))
  }

  var phi: ReferenceGate { ReferenceGate(activation: options.f, limit: options.gateClamp) }

  /// z = Wᵢₕ x + bᵢₕ + Wₕₕ (m ∘ h_prev) + bₕₕ
  func z(_ x: [R], _ h: [R]) -> [R] {
    sum(parameters.input[0](x), parameters.recurrent[0](masked(h)))
  }
}

// The state of the simple cell is only h.
extension ReferenceRNN {
  /// Creates a cell with the given parameters.
  ///
  /// - Parameters:
  ///   - activation: The activation φ.
  ///   - weightIH: The weight Wᵢₕ, H x I.
  ///   - weightHH: The weight Wₕₕ, H x H.
  ///   - biasIH: The bias bᵢₕ, H elements.
  ///   - biasHH: The bias bₕₕ, H elements.
  public init(
    activation: ReferenceActivation, weightIH: [[R]], weightHH: [[R]], biasIH: [R], biasHH: [R]
  ) {
    self.init(
      ReferenceRNNOptions(f: activation), inputSize: weightIH[0].count, hiddenSize: weightHH.count,
      parameters: Array((weightIH + weightHH).joined()) + biasIH + biasHH)
  }

  /// Runs the network over the whole sequence.
  ///
  /// - Parameters:
  ///   - x: The inputs, T x I.
  ///   - h0: The initial state, H elements.
  /// - Returns: Every hₜ, T x H.
  public func forward(_ x: [[R]], h0: [R]) -> [[R]] {
    states(x, from: ReferenceState(hidden: h0)).map(\.hidden)
  }

  /// Runs backpropagation through time.
  ///
  /// - Parameters:
  ///   - x: The inputs, T x I.
  ///   - h0: The initial state, H elements.
  ///   - dh: The gradient of the loss for every hₜ, T x H, without the part from later steps.
  ///   - dhT: The gradient of the final state, H elements.
  /// - Returns: All gradients.
  public func backward(x: [[R]], h0: [R], dh: [[R]], dhT: [R]) -> ReferenceBackward<R> {
    backward(
      x: x, initial: ReferenceState(hidden: h0), dh: dh, dFinal: ReferenceState(hidden: dhT))
  }
}
