// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension RecurrentNetwork {
  /// Measures the gates of a layer and direction.
  ///
  /// - Parameters:
  ///   - layer: the layer, from 0.
  ///   - direction: the direction of the layer.
  ///   - values: the activated gates, T·B x G·H, as a training pass stores them.
  ///   - lengths: the number of steps of each sequence.
  ///   - share: a unit counts as saturated if the slope of its activation is below this share of
  ///     the maximum slope.
  /// - Returns: one diagnosis per gate.
  /// - Throws: `RecurError` if the slopes of an activation cannot be computed from its values.
  func gateDiagnoses(
    _ layer: Int, _ direction: Direction, _ values: SequenceBatch<Scalar>, _ lengths: [Int],
    saturatedBelow share: Double
  ) throws(RecurError) -> [GateDiagnosis] {
    let suffix = direction == .reverse ? "_reverse" : ""
    let (H, P) = (hiddenSize, configuration.stateSize)
    let all = parameters.elements(of: "weight_hh_l\(layer)\(suffix)")!.map(Double.init)
    return try configuration.gateNames.enumerated().map { gate, name throws(RecurError) in
      let rows = RealMatrix(
        rows: H, columns: P, elements: Array(all[gate * H * P..<(gate + 1) * H * P]))
      return GateDiagnosis(
        name: name, largestSingularValue: rows.largestSingularValue,
        spectralRadius: H == P ? rows.spectralRadius : nil,
        saturatedShares: try saturatedShares(values, gate, name, lengths, share))
    }
  }

  private func saturatedShares(
    _ values: SequenceBatch<Scalar>, _ gate: Int, _ name: String, _ lengths: [Int], _ share: Double
  ) throws(RecurError) -> [Double] {
    let H = hiddenSize
    let activation = configuration.activation(ofGate: name)
    let least = share * activation.maxSlope
    let slopes = try activation.slopes(outputs: values.map { Double($0) })
    return (0..<values.steps).map { t in
      let running = lengths.indices.filter { t < lengths[$0] }
      var saturated = 0
      for b in running {
        for j in gate * H..<(gate + 1) * H
        where abs(slopes[t, b, j]) < least { saturated += 1 }
      }
      return running.isEmpty ? 0 : Double(saturated) / Double(running.count * H)
    }
  }
}

extension NetworkConfiguration {
  fileprivate func activation(ofGate name: String) -> Activation {
    ["g", "n"].contains(name) ? candidateActivation : activation
  }
}
