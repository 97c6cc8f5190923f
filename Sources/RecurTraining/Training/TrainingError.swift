// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The reason why a training run stopped.
public enum TrainingError: Error, Sendable {
  /// The loss or a gradient is not finite. The location, if known, is that of the first such value
  /// in the network.
  case nonFinite(TrainingStep, NonFiniteLocation?)
}

/// The location of a value that is not finite in a network's forward pass.
public struct NonFiniteLocation: Sendable, Equatable {
  /// The index of the layer, from 0; nil if the network's input is not finite.
  public var layer: Int?

  /// The direction of the layer.
  public var direction = Direction.forward

  /// The gate's name; nil for a cell with one gate and for the input.
  public var gate: String?

  /// The index of the step, from 0.
  public var step: Int

  /// The index of the sequence in the batch, from 0.
  public var sequence: Int
}

extension TrainingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nonFinite(let step, let place):
      // Neither value is negative, but a NaN may have its sign bit set.
      "update \(step.index + 1): the loss is \(step.loss.magnitude) and the gradient norm is "
        + "\(step.gradientNorm.magnitude)"
        + (place.map { "; first \($0)" }
          ?? "; all values of the network are finite, but the head or a gradient is not")
    }
  }
}

extension NonFiniteLocation: CustomStringConvertible {
  public var description: String {
    "non-finite value in \(what) at time step \(step) of sequence \(sequence), counted from 0"
  }

  private var what: String {
    guard let layer else { return "the network's input" }
    let name = gate.map { "gate \($0)" } ?? "the state"
    return "\(name) of layer \(layer)" + (direction == .reverse ? " (reverse)" : "")
  }
}

extension SequenceModel {
  /// Finds the first value of a forward pass that is not finite: at the earliest step of the first
  /// layer that has one. Nil if all values are finite, so that the head or a gradient is not.
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
  /// Finds the first step, forward or backward in time, with a value that is not finite.
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
