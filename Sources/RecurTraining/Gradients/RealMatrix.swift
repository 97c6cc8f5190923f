// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CLinearAlgebra
import Recur

/// A matrix of doubles that computes its largest singular value and its spectral radius.
struct RealMatrix {
  let rows: Int
  let columns: Int
  let elements: [Double]

  /// The largest magnitude of an eigenvalue of a square matrix. Infinite or NaN for a matrix that
  /// is not finite; NaN if the iteration does not converge.
  var spectralRadius: Double {
    scaled { a in
      var magnitudes = Array(repeating: 0.0, count: a.rows)
      let status = linear_algebra_eigenvalue_magnitudes(a.elements, a.rows, &magnitudes)
      return status == 0 ? magnitudes.max() ?? 0 : .nan
    }
  }

  /// σ₁, the spectral norm. Infinite or NaN for a matrix that is not finite.
  ///
  /// The method is bidiagonalization from a fixed random vector (Golub and Kahan 1965) with full
  /// reorthogonalization. With up to 32 columns, the result is exact up to rounding. With more
  /// columns, the estimate approaches σ₁ from below, and the iteration ends when eight more steps
  /// raise it by a relative amount below 1e-6. This stopping rule does not bound the error: with
  /// 512 columns whose singular values cluster near the largest, the error was 6e-6; otherwise it
  /// was 2e-8. The norms of columns and the sums of rows and columns also bound the result. Where
  /// these bounds meet, as for the identity, the result is exact.
  var largestSingularValue: Double {
    scaled { a in
      let (least, most) = a.bounds
      return least == most ? most : min(max(a.bidiagonalized(), least), most)
    }
  }

  /// Evaluates a function for the matrix divided by a power of two, and multiplies the result by
  /// that power. The scaled elements have magnitudes below 2, so no square overflows or underflows,
  /// and no digit is lost.
  private func scaled(_ value: (RealMatrix) -> Double) -> Double {
    let largest = elements.reduce(0) { max($0, abs($1)) }
    guard elements.allSatisfy(\.isFinite) else {
      return elements.contains(where: \.isNaN) ? .nan : .infinity
    }
    guard largest > 0 else { return 0 }
    let scale = Double(sign: .plus, exponent: largest.exponent, significand: 1)
    return scale
      * value(RealMatrix(rows: rows, columns: columns, elements: elements.map { $0 / scale }))
  }

  /// Lower and upper bounds: maxⱼ ‖aⱼ‖ ≤ σ₁ ≤ √(‖A‖₁ ‖A‖∞).
  private var bounds: (Double, Double) {
    var squares = Array(repeating: 0.0, count: columns)
    var (columnSums, largestRowSum) = (squares, 0.0)
    for row in 0..<rows {
      var rowSum = 0.0
      for column in 0..<columns {
        let element = abs(elements[row * columns + column])
        squares[column] += element * element
        columnSums[column] += element
        rowSum += element
      }
      largestRowSum = max(largestRowSum, rowSum)
    }
    return (squares.max()!.squareRoot(), (columnSums.max()! * largestRowSum).squareRoot())
  }

  private func bidiagonalized() -> Double {
    var generator = SplitMix64(seed: 0)
    var right = [unit((0..<columns).map { _ in generator.nextNormal() }).vector]
    var left: [[Double]] = []
    // α₁, β₁, α₂, …: elements of the diagonal and of the superdiagonal, alternately.
    var (bidiagonal, values): ([Double], [Double]) = ([], [])
    let nothing = 4 * Double(columns) * .ulpOfOne
    while true {
      // uₖ αₖ = A vₖ − βₖ₋₁ uₖ₋₁ and vₖ₊₁ βₖ = Aᵀ uₖ − αₖ vₖ
      let (u, alpha) = unit(orthogonal(times(right.last!), to: left))
      left.append(u)
      bidiagonal.append(alpha)
      let (v, beta) = unit(orthogonal(transposedTimes(u), to: right))
      let value = largestOfBidiagonal(bidiagonal)
      let before = values.dropLast(7).last ?? 0
      if alpha <= nothing || beta <= nothing || left.count == columns
        || left.count >= 32 && value - before <= 1e-6 * value
      {
        return value
      }
      values.append(value)
      bidiagonal.append(beta)
      right.append(v)
    }
  }

  private func times(_ vector: [Double]) -> [Double] {
    elements.withUnsafeBufferPointer { a in
      (0..<rows).map { row in
        var sum = 0.0
        for column in 0..<columns { sum += a[row * columns + column] * vector[column] }
        return sum
      }
    }
  }

  private func transposedTimes(_ vector: [Double]) -> [Double] {
    var result = Array(repeating: 0.0, count: columns)
    elements.withUnsafeBufferPointer { a in
      for row in 0..<rows {
        let factor = vector[row]
        for column in 0..<columns { result[column] += factor * a[row * columns + column] }
      }
    }
    return result
  }
}

/// Returns σ₁ of an upper bidiagonal matrix: the largest eigenvalue of the tridiagonal matrix with
/// a zero diagonal and these elements next to it, found by bisection. x is above all eigenvalues if
/// every pivot of x minus that matrix is positive (Golub and Van Loan, *Matrix Computations*,
/// sections 8.4 and 8.6).
private func largestOfBidiagonal(_ numbers: [Double]) -> Double {
  func isAbove(_ x: Double) -> Bool {
    var pivot = x
    for number in numbers {
      pivot = x - number * number / pivot
      if !(pivot > 0) { return false }
    }
    return true
  }
  var (low, high) = (0.0, 2 * numbers.max()!)
  while true {
    let middle = low + (high - low) / 2
    if middle <= low || middle >= high { return high }
    if isAbove(middle) { high = middle } else { low = middle }
  }
}

/// Returns a vector divided by its length, and the length. A zero vector stays zero.
private func unit(_ vector: [Double]) -> (vector: [Double], norm: Double) {
  let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return (norm == 0 ? vector : vector.map { $0 / norm }, norm)
}

/// Returns a vector minus its components along orthonormal vectors. After two rounds, the result is
/// orthogonal up to rounding.
private func orthogonal(_ vector: [Double], to others: [[Double]]) -> [Double] {
  var vector = vector
  for other in others + others {
    var part = 0.0
    for index in vector.indices { part += vector[index] * other[index] }
    for index in vector.indices { vector[index] -= part * other[index] }
  }
  return vector
}
