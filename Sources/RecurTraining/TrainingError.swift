// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Why a training run stopped.
public enum TrainingError: Error, Sendable {
  /// The loss or a gradient is not finite; and, where it is known, the first number in the network that
  /// is not.
  case notFinite(TrainingStep, NotFinite?)
}

/// A place in a network's pass.
public struct NotFinite: Sendable, Equatable {
  public var layer: Int
  public var direction: Direction

  /// Its name, or nil for the cell state or the output.
  public var gate: String?
  public var step: Int
  public var sequence: Int
}

extension TrainingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFinite(let step, let place):
      "step \(step.step + 1): the loss is \(step.loss) and the gradient's norm \(step.gradientNorm)"
        + (place.map { "; first \($0)" }
          ?? "; the network's numbers are finite, the head's or a gradient's are not")
    }
  }
}

extension NotFinite: CustomStringConvertible {
  public var description: String {
    "not finite: \(gate.map { "gate \($0)" } ?? "the state") of layer \(layer)"
      + (direction == .reverse ? ", reverse" : "") + ", at step \(step) of sequence \(sequence)"
  }
}

extension SequenceModel {
  /// The first number of a forward pass that is not finite: in the first layer and at the earliest step
  /// that has one; nil if all are, so that it was the head or a gradient.
  func firstNotFinite(
    _ batch: TrainingBatch<Scalar>, initialState: (any NetworkState<Scalar>)?,
    dropoutSeed: DropoutSeed?
  ) throws(RecurError) -> NotFinite? {
    try find(network, batch, initialState, dropoutSeed)
  }

  private func find<Network: RecurrentNetwork<Scalar>>(
    _ network: Network, _ batch: TrainingBatch<Scalar>, _ initialState: (any NetworkState<Scalar>)?,
    _ dropoutSeed: DropoutSeed?
  ) throws(RecurError) -> NotFinite? {
    let description = network.description
    let pass = try network.trainingPass(
      vectors(batch.input), lengths: batch.lengths, initialState: network.state(initialState),
      dropoutSeed: dropoutSeed)
    for layer in 0..<description.layers {
      for direction in Direction.allCases.prefix(description.directions) {
        let gates = try pass.gates(layer: layer, direction: direction)
        let steps = direction == .forward ? Array(0..<gates.steps) : (0..<gates.steps).reversed()
        for t in steps {
          for b in 0..<gates.batchSize {
            for k in 0..<gates.features where !gates[t, b, k].isFinite {
              let gate = description.gateNames?[k / network.hiddenSize]
              return NotFinite(
                layer: layer, direction: direction, gate: gate, step: t, sequence: b)
            }
          }
        }
      }
    }
    return nil
  }
}

extension NetworkDescription {
  /// Of a cell with several gates.
  var gateNames: [String]? {
    switch (gates, forgetGate) {
    case (4, _): ["i", "f", "g", "o"]
    case (3, .coupledToInput): ["i", "g", "o"]
    case (3, _): ["r", "z", "n"]
    default: nil
    }
  }
}
