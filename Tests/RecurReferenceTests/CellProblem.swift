// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport

/// A cell and a sequence with seeded values. The loss is linear in every h_t and in the final
/// state:
/// L = Σ_t ⟨dh_t, h_t⟩ + ⟨dh_T, h_T⟩ + ⟨dc_T, c_T⟩.
struct CellProblem<Cell: ReferenceCell> where Cell.R == Wide {
  var cell: Cell
  var x: [[Wide]]
  var initial: ReferenceState<Wide>
  var dh: [[Wide]]
  var dFinal: ReferenceState<Wide>

  /// Parameters are uniform in ±½, so that the third derivatives, which central differences
  /// neglect, remain of order 1 for all activations.
  init(_ options: Cell.Options, T: Int = 4, I: Int = 2, H: Int = 3, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let shape = options.shape(inputSize: I, hiddenSize: H)
    cell = Cell(
      options, inputSize: I, hiddenSize: H, parameters: random.vector(shape.parameterCount, 0.5))
    x = random.matrix(T, I)
    initial = random.state(shape)
    dh = random.matrix(T, shape.stateSize)
    dFinal = random.state(shape)
  }

  var loss: Wide {
    let states = cell.states(x, from: initial)
    let last = states.last ?? initial
    return dot(states.map(\.hidden), dh) + dot(last.hidden, dFinal.hidden)
      + dot(last.cell, dFinal.cell)
  }

  var backward: ReferenceBackward<Wide> {
    cell.backward(x: x, initial: initial, dh: dh, dFinal: dFinal)
  }

  /// Values as flat lists, for differences.
  var parameters: [Wide] {
    get { cell.parameters.elements }
    set { cell.parameters = ReferenceParameters(cell.shape, elements: newValue) }
  }

  var inputs: [Wide] {
    get { Array(x.joined()) }
    set { x = rows(newValue, of: cell.shape.inputSize) }
  }

  func differences(_ list: WritableKeyPath<CellProblem, [Wide]>) -> [Wide] {
    Differences.of(self, list, \.loss)
  }
}

extension SplitMix64 {
  /// Uniform in ±1.
  mutating func state(_ shape: ReferenceShape) -> ReferenceState<Wide> {
    let hidden: [Wide] = vector(shape.stateSize)
    return ReferenceState(hidden: hidden, cell: vector(shape.hasCellState ? shape.hiddenSize : 0))
  }
}
