// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// What becomes of the gradient of a model's loss on its way back through time: measurements, and in
/// ``summary`` what they mean.
///
/// ```swift
/// let diagnosis = try model.diagnoseGradients(.meanSquaredError, of: batch)
/// print(diagnosis.summary)
/// print(diagnosis.clipping(at: 1).factor)
/// ```
///
/// Numbers of sequences are lists of as many numbers as the sequence has steps, step 0 first. A number
/// that has overflown is infinite, and what follows from it infinite or NaN.
public struct GradientDiagnosis: Sendable, Equatable, Codable {
  /// The network's sizes and options.
  public var network: String

  /// Of the batch.
  public var loss: LossValue

  /// Of the gradients of all the model's parameters together.
  public var gradientNorm: Double

  /// Each layer and direction.
  public var layers: [LayerDiagnosis]

  /// Nil of a network of two directions: there the state of a step does not follow from one before.
  public var jacobians: GradientJacobians?

  /// What is known of the products without measuring them.
  public var bound: GradientBound

  /// What the products do; nil without them.
  public var flow: GradientFlow? { jacobians.map { GradientFlow($0.maximumProductNorms) } }
}

/// One layer and direction in a ``GradientDiagnosis``.
public struct LayerDiagnosis: Sendable, Equatable, Codable {
  public var layer: Int
  public var isReverse: Bool

  /// ‖∂L/∂h_t‖: of each sequence (B), each step. L is the loss of the whole batch.
  public var stateNorms: [[Double]]

  /// G of them.
  public var gates: [GateDiagnosis]
}

/// One gate in a ``GradientDiagnosis``: its rows of W_hh and its units.
public struct GateDiagnosis: Sendable, Equatable, Codable {
  /// A GRU's r z n, an LSTM's i f g o; of a simple or residual cell, h.
  public var name: String

  /// σ₁, the largest singular value of the gate's rows of W_hh, H x P.
  public var largestSingularValue: Double

  /// The largest magnitude of an eigenvalue of the same; nil where P < H, which has none.
  public var spectralRadius: Double?

  /// The share of the units, of all sequences that are still running at a step, that are saturated: T
  /// of them. 0 where none runs.
  public var saturatedShares: [Double]
}

extension SequenceModel {
  /// Measures what becomes of the gradients of a batch on their way back through time.
  ///
  /// The Jacobians ∂s_t/∂s_{t−1} cost most: those of a sequence cost T training passes of one step and
  /// S sequences, where S is how many numbers a state has (L·P, or L·(P + H) of an LSTM), T products of
  /// S x S, 2 T norms, and memory for a few such matrices. With H = 512 a step took 0.2 s of a simple
  /// network and 0.75 s of an LSTM on one core, and the eigenvalues of W_hh about 1 s for each gate.
  ///
  /// - `sequences`: how many of the batch's sequences, the first ones, have their Jacobians measured; all
  ///   if nil.
  /// - `saturatedBelow`: a unit whose activation has a slope below this share of its largest is saturated. A clip of
  ///   the activation's input is not looked at, nor the activation of an LSTM's c.
  ///
  /// - Throws: `RecurError.unsupported(argument:reason:)` of a network with dropout or zoneout: give
  ///   its parameters to one without. Else as the loss.
  public func diagnoseGradients(
    _ loss: Loss, of batch: TrainingBatch<Scalar>,
    initialState: (any NetworkState<Scalar>)? = nil, sequences: Int? = nil,
    saturatedBelow share: Double = 0.05, threads: Threads? = nil
  ) throws(RecurError) -> GradientDiagnosis {
    guard 0...1 ~= share else {
      throw .invalid(argument: "saturatedBelow", reason: "is \(share), expected 0 to 1")
    }
    let B = batch.input.batchSize
    guard 0...B ~= sequences ?? 0 else {
      throw .invalid(
        argument: "sequences", reason: "is \(sequences!), expected 0 to the batch's \(B)")
    }
    guard !network.configuration.drawsMasks else {
      throw .unsupported(
        argument: "network", reason: "dropout and zoneout are not measured with: leave them out")
    }
    return try diagnose(network, loss, batch, initialState, sequences ?? B, share, threads)
  }

  private func diagnose<Network: RecurrentNetwork<Scalar>>(
    _ network: Network, _ loss: Loss, _ batch: TrainingBatch<Scalar>,
    _ initialState: (any NetworkState<Scalar>)?, _ sequences: Int, _ share: Double,
    _ threads: Threads?
  ) throws(RecurError) -> GradientDiagnosis {
    let (input, state) = (try vectors(batch.input), try network.state(initialState))
    let pass = try network.trainingPass(
      input, lengths: batch.lengths, initialState: state, threads: threads)
    let places = network.configuration.recurrences
    let lengths = batch.lengths ?? Array(repeating: input.steps, count: input.batchSize)
    var gates: [[GateDiagnosis]] = []
    for (layer, direction) in places {
      let values = try pass.gates(layer: layer, direction: direction)
      gates.append(
        try network.gateDiagnoses(layer, direction, values, lengths, saturatedBelow: share))
    }
    var gradients = try parameters.zeros()
    let slopes = try slopes(network, pass.outputs, pass.finalState, loss, batch, &gradients)
    let inputs = try backward(pass, slopes, batch, stateNorms: true, &gradients)
    let jacobians =
      network.configuration.directions == 1
      ? try network.gradientJacobians(
        input, lengths: Array(lengths.prefix(sequences)), initialState: state, threads) : nil
    let layers = places.indices.map { part in
      LayerDiagnosis(
        layer: places[part].layer, isReverse: places[part].direction == .reverse,
        stateNorms: norms(inputs.stateNorms!, part: part, lengths, steps: input.steps),
        gates: gates[part])
    }
    return GradientDiagnosis(
      network: network.configuration.description, loss: slopes.value,
      gradientNorm: Double(gradients.norm), layers: layers, jacobians: jacobians,
      bound: GradientBound(
        network, largestSingularValue: gates.joined().map(\.largestSingularValue).max()!
      ))
  }

  /// The norms of one layer and direction, sequence by sequence.
  private func norms(
    _ norms: Matrix<Scalar>, part: Int, _ lengths: [Int], steps: Int
  ) -> [[Double]] {
    lengths.indices.map { b in
      (0..<lengths[b]).map { t in Double(norms[part * steps + t, b]) }
    }
  }
}

/// What clipping by norm does to one update.
public struct GradientClipping: Sendable, Equatable, Codable {
  /// What all gradients are multiplied with: 1, or below where their norm is above the limit.
  public var factor: Double

  /// Of all gradients, afterwards.
  public var norm: Double
}

extension GradientDiagnosis {
  /// What ``Clipping/norm(_:)`` would do to these gradients. It changes the length of the update alone:
  /// every ∂h_t/∂h_{t−1} is what it was, and a gradient that has vanished stays so.
  public func clipping(at limit: Double) -> GradientClipping {
    let factor = Clipping.factor(to: limit, norm: gradientNorm)
    return GradientClipping(factor: factor, norm: factor * gradientNorm)
  }
}
