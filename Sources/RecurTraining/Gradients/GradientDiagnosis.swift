// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Measurements of how the gradient of a model's loss changes in the backward pass through time.
/// ``summary`` interprets them.
///
/// ```swift
/// let diagnosis = try model.diagnoseGradients(
///   .meanSquaredError, of: batch)
/// print(diagnosis.summary)
/// print(diagnosis.clipping(at: 1).factor)
/// ```
///
/// Each list for a sequence has one value per step, starting with step 0. A value that overflows is
/// infinite; values computed from it are infinite or NaN.
public struct GradientDiagnosis: Sendable, Equatable, Codable {
  /// A description of the network's sizes and options.
  public var network: String

  /// The loss of the batch.
  public var loss: LossValue

  /// The norm of the gradients of all the model's parameters together.
  public var gradientNorm: Double

  /// The measurements of each layer and direction.
  public var layers: [LayerDiagnosis]

  /// The norms of the Jacobians; nil for bidirectional networks, whose state at a step does not
  /// follow from an earlier state.
  public var jacobians: GradientJacobians?

  /// The bound on products of Jacobians that follows from the weights.
  public var bound: GradientBound

  /// Whether products of Jacobians vanish or explode; nil for bidirectional networks.
  public var flow: GradientFlow? { jacobians.map { GradientFlow($0.maximumProductNorms) } }
}

/// The measurements of one layer and direction.
public struct LayerDiagnosis: Sendable, Equatable, Codable {
  /// The index of the layer, from 0.
  public var layer: Int

  /// Whether this is the layer's reverse direction.
  public var isReverse: Bool

  /// ‖∂L/∂hₜ‖ for each of the B sequences and each of its steps, where L is the loss of the whole
  /// batch.
  public var stateNorms: [[Double]]

  /// The measurements of the G gates.
  public var gates: [GateDiagnosis]
}

/// The measurements of one gate: its rows of Wₕₕ and its units.
public struct GateDiagnosis: Sendable, Equatable, Codable {
  /// The gate's name: r, z or n for a GRU; i, f, g or o for an LSTM; h for a simple or residual
  /// cell.
  public var name: String

  /// σ₁, the largest singular value of the gate's rows of Wₕₕ, H x P.
  public var largestSingularValue: Double

  /// The largest magnitude of an eigenvalue of these rows; nil with a projection (P < H), because
  /// the rows then form no square matrix.
  public var spectralRadius: Double?

  /// The share of saturated units at each of the T steps, among the sequences that have not ended;
  /// 0 if all have ended.
  public var saturatedShares: [Double]
}

extension SequenceModel {
  /// Measures how the gradients of a batch change in the backward pass through time.
  ///
  /// Most of the time goes into the Jacobians ∂sₜ/∂sₜ₋₁. Let S be the number of elements of a
  /// state: L·P, or L·(P + H) for an LSTM. A sequence of T steps takes T training passes of one
  /// step with S sequences, T products of S x S matrices, 2 T matrix norms, and memory for a few
  /// such matrices. With H = 512 on one core, a step took 0.2 s for a simple network and 0.75 s for
  /// an LSTM; the eigenvalues of Wₕₕ took about 1 s per gate.
  ///
  /// - Parameters:
  ///   - loss: the loss.
  ///   - batch: the inputs and targets.
  ///   - initialState: the state before the first step; zero if nil.
  ///   - sequences: the number of sequences whose Jacobians are measured, starting with the first;
  ///     all if nil.
  ///   - share: a unit counts as saturated if the slope of its activation is below this share of
  ///     the maximum slope, 0 to 1. Clamping of the activation's input and the activation of an
  ///     LSTM's c are ignored.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the measurements.
  /// - Throws: `RecurError.unsupported(argument:reason:)` if the network has dropout or zoneout
  ///   (copy its parameters to a network without them); otherwise the same errors as computing the
  ///   loss.
  public func diagnoseGradients(
    _ loss: Loss, of batch: TrainingBatch<Scalar>,
    initialState: (any NetworkState<Scalar>)? = nil, sequences: Int? = nil,
    saturatedBelow share: Double = 0.05, threads: Threads? = nil
  ) throws(RecurError) -> GradientDiagnosis {
    let sequences = try requireOptions(
      sequences, share, batch.batchSize, drawsMasks: network.configuration.drawsMasks, "network")
    return try diagnose(network, loss, batch, initialState, sequences, share, threads)
  }

  private func diagnose<Network: RecurrentNetwork<Scalar>>(
    _ network: Network, _ loss: Loss, _ batch: TrainingBatch<Scalar>,
    _ initialState: (any NetworkState<Scalar>)?, _ sequences: Int, _ share: Double,
    _ threads: Threads?
  ) throws(RecurError) -> GradientDiagnosis {
    let (input, state) = (try vectors(batch.onlyInput), try network.state(initialState))
    let pass = try network.trainingPass(
      input, lengths: batch.lengths, initialState: state, threads: threads)
    let lengths = batch.lengths ?? Array(repeating: input.steps, count: input.batchSize)
    let gates = try network.gateDiagnoses(pass, lengths, saturatedBelow: share)
    var gradients = try parameters.zeros()
    let slopes = try slopes(network, pass.outputs, pass.finalState, loss, batch, &gradients)
    let inputs = try backward(pass, slopes, batch, stateNorms: true, &gradients)
    return try GradientDiagnosis(
      network, loss: slopes.value, gradientNorm: Double(gradients.norm), gates: gates,
      stateNorms: inputs.stateNorms!, input: input, lengths: lengths,
      jacobians: network.jacobians(input, lengths.prefix(sequences), state, threads))
  }
}

/// Checks the options of a diagnosis. Returns the number of sequences whose Jacobians are measured.
func requireOptions(
  _ sequences: Int?, _ share: Double, _ batchSize: Int, drawsMasks: Bool, _ model: String
) throws(RecurError) -> Int {
  guard 0...1 ~= share else {
    throw .invalid(argument: "saturatedBelow", reason: "is \(share), expected 0 to 1")
  }
  guard 0...batchSize ~= sequences ?? 0 else {
    throw .invalid(
      argument: "sequences", reason: "is \(sequences!), expected 0 to the batch size \(batchSize)")
  }
  guard !drawsMasks else {
    throw .unsupported(
      argument: model,
      reason: "has dropout or zoneout, which gradient measurements do not support")
  }
  return sequences ?? batchSize
}

extension GradientDiagnosis {
  /// Combines the measurements of a network.
  init<Network: RecurrentNetwork>(
    _ network: Network, loss: LossValue, gradientNorm: Double, gates: [[GateDiagnosis]],
    stateNorms: Matrix<Network.Scalar>, input: SequenceBatch<Network.Scalar>, lengths: [Int],
    jacobians: GradientJacobians?
  ) {
    let places = network.configuration.recurrences
    let layers = places.indices.map { part in
      LayerDiagnosis(
        layer: places[part].layer, isReverse: places[part].direction == .reverse,
        stateNorms: lengths.indices.map { b in
          (0..<lengths[b]).map { t in Double(stateNorms[part * input.steps + t, b]) }
        },
        gates: gates[part])
    }
    let bound = GradientBound(
      network, largestSingularValue: gates.joined().map(\.largestSingularValue).max()!)
    self.init(
      network: network.configuration.description, loss: loss, gradientNorm: gradientNorm,
      layers: layers, jacobians: jacobians, bound: bound)
  }
}

extension RecurrentNetwork {
  /// Measures the gates of all layers and directions.
  func gateDiagnoses(
    _ pass: borrowing NetworkTrainingPass<Self>, _ lengths: [Int], saturatedBelow share: Double
  ) throws(RecurError) -> [[GateDiagnosis]] {
    var gates: [[GateDiagnosis]] = []
    for (layer, direction) in configuration.recurrences {
      let values = try pass.gates(layer: layer, direction: direction)
      gates.append(try gateDiagnoses(layer, direction, values, lengths, saturatedBelow: share))
    }
    return gates
  }

  /// Measures the Jacobians of the first sequences; nil for two directions.
  func jacobians(
    _ input: SequenceBatch<Scalar>, _ lengths: ArraySlice<Int>, _ state: State?,
    _ threads: Threads?
  ) throws(RecurError) -> GradientJacobians? {
    guard configuration.directions == 1 else { return nil }
    return try gradientJacobians(input, lengths: Array(lengths), initialState: state, threads)
  }
}

/// The effect of clipping by norm on one update.
public struct ClippingEffect: Sendable, Equatable, Codable {
  /// The factor that multiplies all gradients: below 1 if their norm is above the limit, otherwise
  /// 1.
  public var factor: Double

  /// The norm of all gradients after clipping.
  public var norm: Double
}

extension GradientDiagnosis {
  /// Returns the effect that ``GradientClipping/norm(_:)`` would have on these gradients. Clipping
  /// changes only the length of the update: every ∂hₜ/∂hₜ₋₁ stays the same, and a vanished gradient
  /// stays vanished.
  ///
  /// - Parameter limit: the maximum norm, above 0.
  /// - Returns: the factor and the norm after clipping.
  public func clipping(at limit: Double) -> ClippingEffect {
    ClippingEffect(of: gradientNorm, at: limit)
  }
}

extension ClippingEffect {
  init(of norm: Double, at limit: Double) {
    factor = GradientClipping.factor(to: limit, norm: norm)
    self.norm = factor * norm
  }
}
