// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Vectors are [R]; matrices are [[R]], a list of rows.

/// ⟨a, b⟩
func dot<R: ReferenceNumber>(_ a: [R], _ b: [R]) -> R {
  var sum: R = 0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}

/// W x
func product<R: ReferenceNumber>(_ W: [[R]], _ x: [R]) -> [R] {
  W.map { row in dot(row, x) }
}

/// Wᵀ y
func transposedProduct<R: ReferenceNumber>(_ W: [[R]], _ y: [R]) -> [R] {
  var x: [R] = zeros(W.first?.count ?? 0)
  for (row, weight) in zip(W, y) {
    for j in x.indices { x[j] += row[j] * weight }
  }
  return x
}

/// A += y xᵀ
func addOuterProduct<R: ReferenceNumber>(_ y: [R], _ x: [R], to A: inout [[R]]) {
  for i in y.indices {
    for j in x.indices { A[i][j] += y[i] * x[j] }
  }
}

/// a + b
func sum<R: ReferenceNumber>(_ a: [R], _ b: [R]) -> [R] {
  a.indices.map { a[$0] + b[$0] }
}

/// a − b
func difference<R: ReferenceNumber>(_ a: [R], _ b: [R]) -> [R] {
  a.indices.map { a[$0] - b[$0] }
}

/// 1 − a
func complement<R: ReferenceNumber>(_ a: [R]) -> [R] {
  a.map { 1 - $0 }
}

/// a ∘ b
func hadamard<R: ReferenceNumber>(_ a: [R], _ b: [R]) -> [R] {
  a.indices.map { a[$0] * b[$0] }
}

func mean<R: ReferenceNumber>(_ a: [R]) -> R {
  a.reduce(0, +) / R(Double(a.count))
}

/// Cuts a list into rows of equal length.
func matrix<R: ReferenceNumber>(_ list: [R], rows: Int) -> [[R]] {
  let columns = rows == 0 ? 0 : list.count / rows
  return (0..<rows).map { row in Array(list[row * columns..<(row + 1) * columns]) }
}

func zeros<R: ReferenceNumber>(_ count: Int) -> [R] {
  [R](repeating: 0, count: count)
}

func zeros<R: ReferenceNumber>(like matrix: [[R]]) -> [[R]] {
  matrix.map { zeros($0.count) }
}

func zeros<R: ReferenceNumber>(like value: [[[R]]]) -> [[[R]]] {
  value.map { zeros(like: $0) }
}
