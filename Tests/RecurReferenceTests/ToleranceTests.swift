// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import TestSupport
import Testing

/// The tests of the tests' own tools.
@Suite struct ToleranceTests {
  @Test func boundIsOfTheTypeUnderTest() {
    #expect(Tolerance.bound(operations: 3, magnitude: 5.0, of: Float.self) == 30 * 0x1p-23)
    #expect(Tolerance.bound(operations: 3, magnitude: 5.0, of: Double.self) == 30 * 0x1p-52)
    #expect(Tolerance.bound(operations: 1, magnitude: Double.nan, of: Float.self).isNaN)
  }

  @Test func differenceOfSpecialNumbers() {
    let special: [Float] = [.nan, .infinity, -.infinity, 1]
    for (i, a) in special.enumerated() {
      for (j, b) in special.enumerated() {
        #expect(largestDifference([a], [Double(b)]) == (i == j ? 0 : .infinity))
      }
    }
    #expect(largestDifference([1, 2, 3] as [Float], [1, 2.5, 2.75] as [Double]) == 0.5)
    #expect(largestDifference([.nan, 1] as [Float], [.nan, 3] as [Double]) == 2)
    #expect(largestDifference([1] as [Double], [1, 1] as [Double]) == .infinity)
    #expect(largestDifference([[1], [2]] as [[Double]], [[1], [4]]) == 2)
    #expect(largestDifference([[1]] as [[Double]], [[1], [4]]) == .infinity)
  }

  @Test func largestMagnitudeSeesNotANumber() {
    #expect(largestMagnitude([1, -3, 2] as [Double]) == 3)
    #expect(largestMagnitude([1, .nan, 2] as [Double]).isNaN)
    #expect(largestMagnitude([Double]()) == 0)
  }

  /// The published first outputs of SplitMix64 for the seed 1234567.
  @Test func generatorIsSplitMix64() {
    var random = SeededGenerator(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
  }

  @Test func numbersFillTheirRangeAndTheirType() {
    func check<R: BinaryFloatingPoint>(_: R.Type) {
      var random = SeededGenerator(seed: 1)
      let numbers: [R] = random.vector(1000, scale: 2)
      #expect(numbers.allSatisfy { $0.magnitude < 2 && $0 != 0 })
      #expect(numbers.min()! < -1.9 && numbers.max()! > 1.9)
      let coarse = R.ulpOfOne * 4
      #expect(numbers.contains { ($0 / coarse).rounded() * coarse != $0 })
    }
    check(Float.self)
    check(Double.self)
    check(Wide.self)
  }
}
