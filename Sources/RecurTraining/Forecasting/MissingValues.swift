// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Interpolation of the missing values of a series, which are nil.
public enum MissingValues {
  /// Fills missing values by linear interpolation.
  ///
  /// - Parameter values: the series; nil where a value is missing.
  /// - Returns: the series without gaps. Values before the first known value are equal to it;
  ///   values after the last known value are equal to that one. Empty if all values are missing.
  public static func interpolated(_ values: [Double?]) -> [Double] {
    let known = values.indices.filter { values[$0] != nil }
    guard let first = known.first, let last = known.last else { return [] }
    var result = values.map { $0 ?? 0 }
    for index in 0..<first { result[index] = result[first] }
    for index in last..<values.count { result[index] = result[last] }
    for (left, right) in zip(known, known.dropFirst()) where right > left + 1 {
      for index in left + 1..<right {
        let share = Double(index - left) / Double(right - left)
        result[index] = result[left] + share * (result[right] - result[left])
      }
    }
    return result
  }

  /// Fills missing values with the last known value before them, so that no value tells of later ones.
  ///
  /// - Parameter values: the series; nil where a value is missing.
  /// - Returns: the series without gaps. Values before the first known value are equal to it. Empty if
  ///   all values are missing.
  public static func held(_ values: [Double?]) -> [Double] {
    guard var last = values.lazy.compactMap(\.self).first else { return [] }
    return values.map { value in
      last = value ?? last
      return last
    }
  }
}
