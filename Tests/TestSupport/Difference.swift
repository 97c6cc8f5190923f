// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The largest |got - want|, in the oracle's type, which is to be the wider.
///
/// NaN equals NaN, and an infinity equals itself; what is so in one of them only is infinitely far
/// away, and so are lists of different lengths.
public func largestDifference<Tested: BinaryFloatingPoint, Oracle: BinaryFloatingPoint>(
  _ got: [Tested], _ want: [Oracle]
) -> Oracle {
  guard got.count == want.count else { return .infinity }
  return zip(got, want).reduce(0) { largest, pair in
    max(largest, difference(Oracle(pair.0), pair.1))
  }
}

public func largestDifference<Tested: BinaryFloatingPoint, Oracle: BinaryFloatingPoint>(
  _ got: [[Tested]], _ want: [[Oracle]]
) -> Oracle {
  guard got.count == want.count else { return .infinity }
  return zip(got, want).reduce(0) { largest, rows in
    max(largest, largestDifference(rows.0, rows.1))
  }
}

private func difference<R: BinaryFloatingPoint>(_ a: R, _ b: R) -> R {
  if a == b || (a.isNaN && b.isNaN) { return 0 }
  let distance = (a - b).magnitude
  return distance.isNaN ? .infinity : distance
}

/// The largest absolute value; 0 of an empty list, NaN where there is one.
public func largestMagnitude<R: BinaryFloatingPoint>(_ values: [R]) -> R {
  values.reduce(0) { largest, value in
    value.isNaN || value.magnitude > largest ? value.magnitude : largest
  }
}

public func largestMagnitude<R: BinaryFloatingPoint>(_ rows: [[R]]) -> R {
  largestMagnitude(rows.flatMap { $0 })
}
