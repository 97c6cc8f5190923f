// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport

/// A network and a sequence with seeded values, and a loss that is linear in every h_t and in the
/// final state: L = Σ_t ⟨dh_t, h_t⟩ + ⟨dhT, h_T⟩.
struct ReferenceProblem {
  var network: ReferenceRNN<Wide>
  var x: [[Wide]]
  var h0: [Wide]
  var dh: [[Wide]]
  var dhT: [Wide]

  init(_ activation: ReferenceActivation, T: Int, I: Int, H: Int, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    network = ReferenceRNN(
      activation: activation, weightIH: random.matrix(H, I), weightHH: random.matrix(H, H),
      biasIH: random.vector(H), biasHH: random.vector(H))
    x = random.matrix(T, I)
    h0 = random.vector(H)
    dh = random.matrix(T, H)
    dhT = random.vector(H)
  }

  var loss: Wide {
    let h = network.forward(x, h0: h0)
    let given = zip(h.joined(), dh.joined()).reduce(Wide(0)) { $0 + $1.0 * $1.1 }
    return given + zip(h.last ?? h0, dhT).reduce(Wide(0)) { $0 + $1.0 * $1.1 }
  }

  var backward: ReferenceBackward<Wide> {
    network.backward(x: x, h0: h0, h: network.forward(x, h0: h0), dh: dh, dhT: dhT)
  }

  /// (L(v + ε) − L(v − ε)) / 2ε for every number of a list.
  func differences(_ list: WritableKeyPath<ReferenceProblem, [Wide]>) -> [Wide] {
    self[keyPath: list].indices.map { index in
      var (above, below) = (self, self)
      above[keyPath: list][index] += Self.step
      below[keyPath: list][index] -= Self.step
      return (above.loss - below.loss) / (2 * Self.step)
    }
  }

  func differences(_ rows: WritableKeyPath<ReferenceProblem, [[Wide]]>) -> [Wide] {
    self[keyPath: rows].indices.flatMap { differences(rows.appending(path: \.[$0])) }
  }

  /// ∛ε balances the error of the difference, ε/step, against that of the formula, step².
  static var step: Wide { 0x1p-21 }

  /// Both errors together, for a loss and derivatives of order 1, summed over a few terms.
  static var differenceBound: Double { 64 * Double(step * step) }
}

func flat(_ network: ReferenceRNN<Wide>) -> [Wide] {
  network.weightIH.flatMap { $0 } + network.weightHH.flatMap { $0 } + network.biasIH
    + network.biasHH
}
