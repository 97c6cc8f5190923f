// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The downhill simplex method (Nelder and Mead 1965, "A simplex method for function minimization").
/// GSL's implementation would need the error handler of the whole process off during the search.
struct NelderMead {
  private var simplex: [(point: [Double], value: Double)]
  private let function: ([Double]) -> Double

  /// Minimizes a function, which must not be NaN.
  ///
  /// - Parameters:
  ///   - start: the first corner of the simplex. The others are one unit away along each axis.
  ///   - tolerance: the difference between the corners' values below which the search ends.
  ///   - evaluations: the number of function values after which the search ends.
  ///   - function: the function.
  /// - Returns: the point with the least value.
  static func minimum(
    from start: [Double], tolerance: Double, evaluations: Int,
    of function: @escaping ([Double]) -> Double
  ) -> [Double] {
    var search = NelderMead(start, function)
    var left = evaluations - search.simplex.count
    while left > 0, search.spread > tolerance { left -= search.step() }
    return search.simplex[0].point
  }

  private init(_ start: [Double], _ function: @escaping ([Double]) -> Double) {
    self.function = function
    let corners =
      [start]
      + start.indices.map { axis in
        var corner = start
        corner[axis] += 1
        return corner
      }
    simplex = corners.map { ($0, function($0)) }
    sort()
  }

  private mutating func sort() { simplex.sort { $0.value < $1.value } }

  /// The difference between the largest and the least value of a corner.
  private var spread: Double { simplex[simplex.count - 1].value - simplex[0].value }

  /// Replaces the worst corner, or moves all corners towards the best one. Returns the number of
  /// function values that it needed.
  private mutating func step() -> Int {
    let last = simplex.count - 1
    let worst = simplex[last]
    let center = worst.point.indices.map { axis in
      simplex[..<last].reduce(0) { $0 + $1.point[axis] } / Double(last)
    }
    /// The point on the line from the worst corner through the center of the others.
    func corner(_ factor: Double) -> (point: [Double], value: Double) {
      let point = zip(center, worst.point).map { $0 + factor * ($0 - $1) }
      return (point, function(point))
    }
    let reflected = corner(1)
    var (best, count) = (reflected, 1)
    if reflected.value < simplex[0].value {
      let expanded = corner(2)
      count += 1
      if expanded.value < reflected.value { best = expanded }
    } else if reflected.value >= simplex[last - 1].value {
      best = corner(reflected.value < worst.value ? 0.5 : -0.5)
      count += 1
      guard best.value < min(reflected.value, worst.value) else { return count + shrink() }
    }
    simplex[last] = best
    sort()
    return count
  }

  private mutating func shrink() -> Int {
    let best = simplex[0].point
    for index in 1..<simplex.count {
      let point = zip(best, simplex[index].point).map { ($0 + $1) / 2 }
      simplex[index] = (point, function(point))
    }
    sort()
    return simplex.count - 1
  }
}
