// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The residual cell (Qiu, *Neural Networks and Deep Learning*, 6.50): hₜ = hₜ₋₁ + φ(zₜ), where φ(zₜ) is
/// the output of the simple cell.
public struct ReferenceResidual<R: ReferenceNumber>: ReferenceCell {
  public typealias OfDuals = ReferenceResidual<Dual<R>>

  private var simple: ReferenceRNN<R>

  public var options: ReferenceRNNOptions { simple.options }
  public var shape: ReferenceShape { simple.shape }
  public var parameters: ReferenceParameters<R> {
    get { simple.parameters }
    set { simple.parameters = newValue }
  }
  public var recurrentMask: [R] {
    get { simple.recurrentMask }
    set { simple.recurrentMask = newValue }
  }

  public init(
    _ options: ReferenceRNNOptions = .init(), inputSize: Int, hiddenSize: Int, parameters: [R]
  ) {
    simple = ReferenceRNN(
      options, inputSize: inputSize, hiddenSize: hiddenSize, parameters: parameters)
  }

  public func gates(_ x: [R], _ previous: ReferenceState<R>) -> [[R]] {
    simple.gates(x, previous)
  }

  public func step(_ x: [R], _ previous: ReferenceState<R>) -> ReferenceState<R> {
    // h = h_prev + φ(z)
    ReferenceState(hidden: sum(previous.hidden, gates(x, previous)[0]))
  }

  public func stepBackward(
    x: [R], previous: ReferenceState<R>, dNext: ReferenceState<R>,
    into gradients: inout ReferenceParameters<R>
  ) -> (dx: [R], dPrevious: ReferenceState<R>) {
    let (dx, inner) = simple.stepBackward(
      x: x, previous: previous, dNext: dNext, into: &gradients)
    // dh_prev = dh + Wₕₕᵀ dz
    return (dx, ReferenceState(hidden: sum(dNext.hidden, inner.hidden)))
  }
}
