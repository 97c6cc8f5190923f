// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension [Double?] {
  /// The values, the missing ones on a straight line between their neighbours; those before the first
  /// or after the last are equal to it. Empty if all are missing.
  public func interpolated() -> [Double] {
    let known = indices.filter { self[$0] != nil }
    guard let first = known.first, let last = known.last else { return [] }
    var result = map { $0 ?? 0 }
    for index in 0..<first { result[index] = result[first] }
    for index in last..<count { result[index] = result[last] }
    for (left, right) in zip(known, known.dropFirst()) where right > left + 1 {
      for index in left + 1..<right {
        let share = Double(index - left) / Double(right - left)
        result[index] = result[left] + share * (result[right] - result[left])
      }
    }
    return result
  }
}
