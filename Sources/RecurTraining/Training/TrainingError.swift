// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The reason why a training run stopped.
public enum TrainingError: Error, Sendable {
  /// The loss or a gradient is not finite. The location, if known, is that of the first such value
  /// in the network.
  case nonFinite(TrainingStep, NonFiniteLocation?)

  /// After the update, which was undone, a parameter is not finite. The string is the name of its
  /// slice.
  case nonFiniteParameter(TrainingStep, String)

  /// The validation loss after the epoch, the number, is not finite.
  case nonFiniteValidationLoss(TrainingStep, Double)
}

/// The location of a value that is not finite in a network's forward pass or among the targets.
public struct NonFiniteLocation: Sendable, Equatable, Codable {
  /// The index of the layer, from 0; nil if the network's input or a target is not finite.
  public var layer: Int?

  /// The name of the node, in a `Model`; nil for a ``SequenceModel``.
  public var node: String?

  /// Whether a target is not finite.
  public var isTarget = false

  /// The direction of the layer.
  public var direction = Direction.forward

  /// The gate's name; nil for a cell with one gate, for the input and for a target.
  public var gate: String?

  /// The index of the step, from 0; for the targets of a model that reads the last step, the last
  /// step of the sequence.
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
    case .nonFiniteParameter(let step, let name):
      "update \(step.index + 1): the parameter \(name) would not be finite"
    case .nonFiniteValidationLoss(let step, let loss):
      "update \(step.index + 1): the validation loss after the epoch is \(loss.magnitude)"
    }
  }
}

extension NonFiniteLocation: CustomStringConvertible {
  public var description: String {
    "non-finite value in \(what) at time step \(step) of sequence \(sequence), counted from 0"
  }

  private var what: String {
    if let node { return isTarget ? "the targets of \(node)" : "the node \(node)" }
    guard let layer else { return isTarget ? "the targets" : "the network's input" }
    let name = gate.map { "gate \($0)" } ?? "the state"
    return "\(name) of layer \(layer)" + (direction == .reverse ? " (reverse)" : "")
  }
}

extension SequenceModel {
  // In the input, in the targets that count, or at the earliest step of the first layer that has one.
  // Nil if all these values are finite, so that the head or a gradient is not.
  public func firstNotFinite(
    _ loss: Loss, _ batch: TrainingBatch<Scalar>, initialState: (any NetworkState<Scalar>)?,
    dropoutSeed: DropoutSeed?
  ) throws(RecurError) -> NonFiniteLocation? {
    if let (step, sequence, _) = try vectors(batch.onlyInput).firstNotFinite(back: false) {
      return NonFiniteLocation(step: step, sequence: sequence)
    }
    if let target = try firstTargetNotFinite(loss, batch) { return target }
    return try find(network, batch, initialState, dropoutSeed)
  }

  private func firstTargetNotFinite(
    _ loss: Loss, _ batch: TrainingBatch<Scalar>
  ) throws(RecurError) -> NonFiniteLocation? {
    guard case .values(let targets, let rows) = try counted(loss, batch) else {
      return nil
    }
    let input = try batch.onlyInput
    let (T, B) = (input.steps, input.batchSize)
    for row in rows.indices where rows[row] {
      guard (0..<targets.columns).contains(where: { !targets[row, $0].isFinite }) else { continue }
      let sequence = row % B
      let step =
        reading == .everyStep ? row / B : max((batch.lengths?[sequence] ?? T) - 1, 0)
      return NonFiniteLocation(isTarget: true, step: step, sequence: sequence)
    }
    return nil
  }

  private func find<Network: RecurrentNetwork<Scalar>>(
    _ network: Network, _ batch: TrainingBatch<Scalar>, _ initialState: (any NetworkState<Scalar>)?,
    _ dropoutSeed: DropoutSeed?
  ) throws(RecurError) -> NonFiniteLocation? {
    let configuration = network.configuration
    let pass = try network.trainingPass(
      vectors(batch.onlyInput), lengths: batch.lengths, initialState: network.state(initialState),
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

extension ParameterVector {
  /// The first slice with a value that is not finite, and the index of that value in the slice.
  var firstNotFinite: (slice: ParameterSlice, index: Int, value: Scalar)? {
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    get {
      withSpan { span in
        for slice in slices {
          for index in 0..<slice.rows * slice.columns
          where !span[slice.offset + index].isFinite {
            let value = span[slice.offset + index]
            return (slice, index, value.isNaN ? .nan : value)
          }
        }
        return nil
      }
    }
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
