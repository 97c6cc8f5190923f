// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Why a training run stopped.
public enum TrainingError: Error, Sendable {
  /// The loss or a gradient is not finite. The location, if known, is that of the first value in
  /// the network that is not finite.
  case nonFinite(TrainingStep, NonFiniteLocation?)
}

/// Where a network's pass has a value that is not finite.
public struct NonFiniteLocation: Sendable, Equatable {
  /// The layer, or nil if the network's input is not finite.
  public var layer: Int?

  /// The direction of the layer.
  public var direction = Direction.forward

  /// The gate's name; nil for a cell with one gate, and for the input.
  public var gate: String?

  /// The step of the sequence, from 0.
  public var step: Int

  /// The sequence of the batch, from 0.
  public var sequence: Int
}

extension TrainingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nonFinite(let step, let place):
      // Neither is below 0, but the sign of a NaN may be set.
      "update \(step.index + 1): the loss is \(step.loss.magnitude) and the gradient's norm "
        + "\(step.gradientNorm.magnitude)"
        + (place.map { "; first \($0)" }
          ?? "; the network's numbers are finite, the head's or a gradient's are not")
    }
  }
}

extension NonFiniteLocation: CustomStringConvertible {
  public var description: String {
    "not finite: \(what), at time step \(step) of sequence \(sequence), counted from 0"
  }

  private var what: String {
    guard let layer else { return "what the network reads" }
    let name = gate.map { "gate \($0)" } ?? "the state"
    return "\(name) of layer \(layer)" + (direction == .reverse ? ", reverse" : "")
  }
}

extension SequenceModel {
  /// The first value of a forward pass that is not finite: the earliest step of the first layer
  /// that has one. Nil if all are finite, and the head or a gradient is at fault.
  func firstNotFinite(
    _ batch: TrainingBatch<Scalar>, initialState: (any NetworkState<Scalar>)?,
    dropoutSeed: DropoutSeed?
  ) throws(RecurError) -> NonFiniteLocation? {
    try find(network, batch, initialState, dropoutSeed)
  }

  private func find<Network: RecurrentNetwork<Scalar>>(
    _ network: Network, _ batch: TrainingBatch<Scalar>, _ initialState: (any NetworkState<Scalar>)?,
    _ dropoutSeed: DropoutSeed?
  ) throws(RecurError) -> NonFiniteLocation? {
    let configuration = network.configuration
    let input = try vectors(batch.input)
    if let (step, sequence, _) = input.firstNotFinite(back: false) {
      return NonFiniteLocation(step: step, sequence: sequence)
    }
    let pass = try network.trainingPass(
      input, lengths: batch.lengths, initialState: network.state(initialState),
      dropoutSeed: dropoutSeed)
    let gateNames = configuration.gateNames
    for (layer, direction) in configuration.recurrences {
      let gates = try pass.gates(layer: layer, direction: direction)
      if let (step, sequence, place) = gates.firstNotFinite(back: direction == .reverse) {
        return NonFiniteLocation(
          layer: layer, direction: direction,
          gate: gateNames.count == 1 ? nil : gateNames[place / network.hiddenSize], step: step,
          sequence: sequence)
      }
    }
    return nil
  }
}

extension SequenceBatch {
  /// The first step, in the order of time or backward, with a value that is not finite.
  fileprivate func firstNotFinite(back: Bool) -> (step: Int, sequence: Int, feature: Int)? {
    let order = Array(0..<steps)
    for t in back ? order.reversed() : order {
      for b in 0..<batchSize {
        for k in 0..<features where !self[t, b, k].isFinite { return (t, b, k) }
      }
    }
    return nil
  }
}
