// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The value and the gradient of ``Loss/errorToSignal(preEmphasis:)``: a ratio of sums over a whole batch.
///
/// Elements that do not count are 0, and so is the one before the first of a sequence.
struct ErrorToSignal {
  /// The mean square of a target in a recording that is nearly silent, −50 dB. It is added to the mean square of
  /// the targets, as in the program of Wright et al.
  static let leastEnergy = 1e-5

  /// κ of the filter x_t − κ x_{t−1}.
  let preEmphasis: Double

  /// The distance between two steps of a sequence: B·C.
  let stride: Int

  /// Whether each element counts.
  let counting: [Bool]

  /// The sums of squares of the targets, plus the least energy.
  struct Energies: Sendable, Equatable {
    /// Of the targets.
    var plain: Double

    /// Of the filtered targets.
    var filtered: Double
  }

  /// Returns the sums of squares of targets.
  func energies(_ targets: [Double]) -> Energies {
    let targets = counting.indices.map { counting[$0] ? targets[$0] : 0 }
    let least = Self.leastEnergy * Double(counting.count(where: \.self))
    return Energies(
      plain: sumOfSquares(targets) + least, filtered: sumOfSquares(emphasized(targets)) + least)
  }

  /// Returns the loss and its derivative with respect to every output.
  ///
  /// - Parameters:
  ///   - errors: e = y − t.
  ///   - energies: those of the targets t of the whole batch.
  func value(_ errors: [Double], _ energies: Energies) -> (loss: Double, slopes: [Double]) {
    let filtered = emphasized(errors)
    let (energy, filteredEnergy) = (energies.plain, energies.filtered)
    let means = means(errors)
    // Σ d² / Σ s² and, of the mean error m of each sequence with n elements, Σ n m² / Σ t².
    var loss = sumOfSquares(filtered) / filteredEnergy
    var slopes = [Double](repeating: 0, count: errors.count)
    for k in slopes.indices where counting[k] {
      let next = k + stride < filtered.count ? filtered[k + stride] : 0
      let mean = means[k % stride]
      loss += mean * mean / energy
      slopes[k] =
        2 * (filtered[k] - preEmphasis * next) / filteredEnergy + 2 * mean / energy
    }
    return (loss, slopes)
  }

  private func emphasized(_ values: [Double]) -> [Double] {
    values.indices.map { k in
      guard counting[k] else { return 0 }
      return values[k] - preEmphasis * (k >= stride ? values[k - stride] : 0)
    }
  }

  /// Returns the mean of each sequence and column.
  private func means(_ values: [Double]) -> [Double] {
    var (sums, counts) = (
      [Double](repeating: 0, count: stride), [Double](repeating: 0, count: stride)
    )
    for k in values.indices where counting[k] {
      sums[k % stride] += values[k]
      counts[k % stride] += 1
    }
    return zip(sums, counts).map { $1 == 0 ? 0 : $0 / $1 }
  }

  private func sumOfSquares(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }
  }
}

extension ErrorToSignal {
  /// Computes the loss of outputs, and writes its gradient to a matrix of zeros. The energies are those of the
  /// targets unless the batch is a part of another one.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func value<Scalar: RecurScalar>(
    _ y: UnsafeMutablePointer<Scalar>, _ t: UnsafeMutablePointer<Scalar>,
    _ gradient: UnsafeMutablePointer<Scalar>, _ total: Energies?
  ) -> LossValue {
    let count = counting.count(where: \.self)
    guard count > 0 else { return LossValue(sum: 0, count: 0) }
    let targets = counting.indices.map { counting[$0] ? Double(t[$0]) : 0 }
    let errors = counting.indices.map { counting[$0] ? Double(y[$0]) - targets[$0] : 0 }
    let (loss, slopes) = value(errors, total ?? energies(targets))
    for k in slopes.indices { gradient[k] = Scalar(slopes[k]) }
    return LossValue(mean: loss, count: count)
  }
}

extension Metric {
  /// The error-to-signal ratio Σ (y − t)² / Σ t² of each batch, without the filter of
  /// ``Loss/errorToSignal(preEmphasis:)``. It is NaN for a batch whose targets are 0.
  public static var errorToSignal: Metric {
    Metric("error-to-signal ratio") { rows in
      guard case .values(let targets) = rows.targets else {
        throw RecurError.invalid(argument: "targets", reason: "has labels, expected values")
      }
      let errors = try rows.outputs - targets
      return Double(targets.rows) * sumOfSquares(errors) / sumOfSquares(targets)
    }
  }
}

private func sumOfSquares<Scalar: RecurScalar>(_ matrix: Matrix<Scalar>) -> Double {
  matrix.withSpan { span in
    span.withUnsafeBufferPointer { $0.reduce(0) { $0 + Double($1) * Double($1) } }
  }
}
