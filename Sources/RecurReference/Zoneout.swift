// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Zoneout (Krueger et al. 2016): s_t = d ∘ s_{t−1} + (1 − d) ∘ s̃_t, where s̃_t is what the cell computes,
// for h and c each with its own d. An empty d is zero.

extension ReferenceState {
  /// d ∘ past + (1 − d) ∘ self
  func zonedOut(to past: ReferenceState, by d: ReferenceState) -> ReferenceState {
    sum(past.kept(by: d), changed(by: d))
  }

  /// d ∘ self: as a gradient, what goes past the cell.
  func kept(by d: ReferenceState) -> ReferenceState {
    func part(_ d: [R], _ values: [R]) -> [R] {
      d.isEmpty ? zeros(values.count) : hadamard(d, values)
    }
    return ReferenceState(hidden: part(d.hidden, hidden), cell: part(d.cell, cell))
  }

  /// (1 − d) ∘ self: as a gradient, what goes back through the cell.
  func changed(by d: ReferenceState) -> ReferenceState {
    func part(_ d: [R], _ values: [R]) -> [R] {
      d.isEmpty ? values : hadamard(complement(d), values)
    }
    return ReferenceState(hidden: part(d.hidden, hidden), cell: part(d.cell, cell))
  }
}

/// a + b
func sum<R: ReferenceNumber>(_ a: ReferenceState<R>, _ b: ReferenceState<R>) -> ReferenceState<R> {
  ReferenceState(hidden: sum(a.hidden, b.hidden), cell: sum(a.cell, b.cell))
}
