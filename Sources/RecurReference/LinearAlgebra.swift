// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Vectors are [R]; matrices are [[R]], a list of rows.

import RealModule

/// W x
func product<R: Real>(_ W: [[R]], _ x: [R]) -> [R] {
  W.map { row in zip(row, x).reduce(0) { sum, pair in sum + pair.0 * pair.1 } }
}

/// Wᵀ y
func transposedProduct<R: Real>(_ W: [[R]], _ y: [R]) -> [R] {
  var x = [R](repeating: 0, count: W.first?.count ?? 0)
  for (row, weight) in zip(W, y) {
    for j in x.indices { x[j] += row[j] * weight }
  }
  return x
}

/// A += y xᵀ
func addOuterProduct<R: Real>(_ y: [R], _ x: [R], to A: inout [[R]]) {
  for i in y.indices {
    for j in x.indices { A[i][j] += y[i] * x[j] }
  }
}

/// a + b
func sum<R: Real>(_ a: [R], _ b: [R]) -> [R] {
  zip(a, b).map { $0 + $1 }
}

/// a ∘ b
func hadamard<R: Real>(_ a: [R], _ b: [R]) -> [R] {
  zip(a, b).map { $0 * $1 }
}

func zeros<R: Real>(_ count: Int) -> [R] {
  [R](repeating: 0, count: count)
}

func zeros<R: Real>(like matrix: [[R]]) -> [[R]] {
  matrix.map { $0.map { _ in 0 } }
}
