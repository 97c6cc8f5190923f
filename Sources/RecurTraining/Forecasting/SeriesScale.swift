// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// The scale on which a series is forecast.
public enum SeriesScale: String, Sendable, Codable, CaseIterable {
  /// The values themselves.
  case linear

  /// The logarithms of the values. The seasons and the errors of many positive series grow with
  /// their level; those of their logarithms do not. All quantiles are positive.
  case logarithmic

  /// Creates the scale that suits a series: logarithmic if all values are positive and, over blocks
  /// of one season, the standard deviation varies less relative to the mean than absolutely
  /// (Guerrero 1993, "Time-series analysis supported by power transformations").
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; all finite.
  ///   - period: the number of values per season; 1 without a season.
  public init(of values: [Double], period: Int) {
    let length = period > 1 ? period : min(10, max(2, values.count / 6))
    let count = values.count / length
    guard count >= 2, values.allSatisfy({ $0 > 0 }) else {
      self = .linear
      return
    }
    let first = values.count - count * length
    let blocks = (0..<count).map {
      Moments(of: values[first + $0 * length..<first + ($0 + 1) * length])
    }
    guard blocks.allSatisfy({ $0.deviation > 0 && $0.mean.isNormal }) else {
      self = .linear
      return
    }
    let absolute = Moments(of: blocks.map(\.deviation)[...])
    let relative = Moments(of: blocks.map { $0.deviation / $0.mean }[...])
    self =
      relative.deviation * absolute.mean < absolute.deviation * relative.mean
      ? .logarithmic : .linear
  }

  /// Returns the values on the scale.
  ///
  /// - Throws: `RecurError.invalid(argument:reason:)` if a value has no logarithm.
  func applied(to values: [Double]) throws(RecurError) -> [Double] {
    guard self == .logarithmic else { return values }
    if let index = values.firstIndex(where: { $0 <= 0 }) {
      throw .invalid(
        argument: "values",
        reason:
          "has \(values[index]) at index \(index), expected positive values for a logarithmic "
          + "scale")
    }
    return values.map { log($0) }
  }

  /// Returns the value with a number on the scale.
  func value(of number: Double) -> Double { self == .logarithmic ? exp(number) : number }
}

/// The mean and the standard deviation of values.
struct Moments {
  let mean: Double
  let deviation: Double

  init(of values: ArraySlice<Double>) {
    // Squares of large or small values could overflow or underflow. A power of two changes only
    // the exponents, so the results for ordinary values are bit-identical with and without it.
    let exponent = values.exponent
    let (first, count) = (scalbn(values.first ?? 0, -exponent), Double(values.count))
    // Differences from the first value: the mean of equal values is exactly that value.
    let mean = values.reduce(0) { $0 + (scalbn($1, -exponent) - first) } / count + first
    let squares = values.reduce(0) { sum, value in
      let difference = scalbn(value, -exponent) - mean
      return sum + difference * difference
    }
    self.mean = scalbn(mean, exponent)
    deviation = scalbn((squares / count).squareRoot(), exponent)
  }
}

extension Collection<Double> {
  /// The exponent of two of the value with the largest magnitude; 0 if all are zero.
  var exponent: Int {
    let largest = reduce(0) { Swift.max($0, $1.magnitude) }
    return largest > 0 ? Int(largest.exponent) : 0
  }
}
