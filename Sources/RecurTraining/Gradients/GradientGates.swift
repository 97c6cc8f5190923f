// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension RecurrentNetwork {
  /// The gates of a layer and direction.
  ///
  /// - `values`: T·B x G·H, as a training pass keeps them.
  func gradientGates(
    _ layer: Int, _ direction: Direction, _ values: SequenceBatch<Scalar>, _ lengths: [Int],
    saturatedBelow share: Double
  ) throws(RecurError) -> [GradientGate] {
    let suffix = direction == .reverse ? "_reverse" : ""
    let weight = parameters["weight_hh_l\(layer)\(suffix)"]!
    let (H, P) = (hiddenSize, configuration.stateSize)
    let all = weight.elements.map(Double.init)
    return configuration.gateNames.enumerated().map { gate, name in
      let rows = RealMatrix(
        rows: H, columns: P, elements: Array(all[gate * H * P..<(gate + 1) * H * P]))
      return GradientGate(
        name: name, largestSingularValue: rows.largestSingularValue,
        spectralRadius: H == P ? rows.spectralRadius : nil,
        saturatedShares: saturatedShares(values, gate, name, lengths, share))
    }
  }

  private func saturatedShares(
    _ values: SequenceBatch<Scalar>, _ gate: Int, _ name: String, _ lengths: [Int], _ share: Double
  ) -> [Double] {
    let H = hiddenSize
    let activation = configuration.activation(ofGate: name)
    let least = share * activation.largestSlope
    return (0..<values.steps).map { t in
      let running = lengths.indices.filter { t < lengths[$0] }
      var saturated = 0
      for b in running {
        for j in gate * H..<(gate + 1) * H
        where abs(activation.slope(at: Double(values[t, b, j]))) < least { saturated += 1 }
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

extension Activation {
  /// γ, the largest magnitude that the slope has anywhere.
  var largestSlope: Double {
    switch self {
    case .tanh, .relu, .identity, .thresholdedRelu, .softsign, .softplus: 1
    case .sigmoid: 0.25
    case .affine(let alpha, _), .hardSigmoid(let alpha, _): abs(alpha)
    case .leakyRelu(let alpha), .elu(let alpha): max(1, abs(alpha))
    case .scaledTanh(let alpha, let beta): abs(alpha * beta)
    }
  }

  /// φ′(z) where φ(z) = y; at a corner the slope to its left.
  func slope(at y: Double) -> Double {
    switch self {
    case .tanh: (1 - y) * (1 + y)
    case .sigmoid: y * (1 - y)
    case .relu: y > 0 ? 1 : 0
    case .identity: 1
    case .affine(let alpha, _): alpha
    case .leakyRelu(let alpha): y > 0 ? 1 : alpha
    case .thresholdedRelu: y == 0 ? 0 : 1
    case .scaledTanh(let alpha, let beta):
      alpha == 0 ? 0 : alpha * beta * (1 - y / alpha) * (1 + y / alpha)
    case .hardSigmoid(let alpha, _): 0 < y && y < 1 ? alpha : 0
    case .elu(let alpha): y > 0 ? 1 : y + alpha
    case .softsign: (1 - abs(y)) * (1 - abs(y))
    case .softplus: 1 - exp(-y)
    }
  }
}
