// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import TestSupport
import Testing

/// Compares clipped gradients with PyTorch's.
@Suite struct ClippingTests {
  @Test(arguments: TrainingGolden.file.clippings)
  func pyTorch(_ golden: ClippingCase) throws {
    var generator = SplitMix64(seed: golden.seed)
    var gradients = try parameterVector(generator.values(golden.count))
    let before = gradients
    let norm = try gradients.clip(golden.clipping)
    // The operations are those of a sum of squared quotients, a root, a product and a factor.
    let bound = Tolerance(operations: 3 * golden.count + 6, magnitude: golden.norm)
      .bound(epsilon: .ulpOfOne)
    #expect(abs(norm - golden.norm) <= bound)
    #expect(largestDifference(gradients.elements, golden.gradients) <= bound)
    #expect((gradients == before) == (golden.gradients == before.elements))
  }

  @Test("Gradients do not change without clipping or below the limit")
  func unchanged() throws {
    var gradients = try parameterVector([3.0, -4.0])
    for clipping in [GradientClipping.none, .norm(5.1), .norm(.infinity), .value(4)] {
      #expect(try gradients.clip(clipping) == 5)
      #expect(gradients.elements == [3, -4])
    }
  }

  @Test("Clipping preserves NaN")
  func notANumber() throws {
    for clipping in [GradientClipping.norm(1), .value(1)] {
      var gradients = try parameterVector([3, Float.nan])
      #expect(try gradients.clip(clipping).isNaN)
      #expect(gradients.elements[1].isNaN)
    }
  }

  @Test("A limit must be positive", arguments: [0, -1, Double.nan])
  func refusals(_ limit: Double) throws {
    var gradients = try parameterVector([3.0, -4.0])
    for clipping in [GradientClipping.norm(limit), .value(limit)] {
      #expect(throws: RecurError.self) { try gradients.clip(clipping) }
    }
    #expect(gradients.elements == [3, -4])
  }
}

struct ClippingCase: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var clipping: GradientClipping
  var seed: UInt64
  var count: Int
  var norm: Double
  var gradients: [Double]

  var testDescription: String { name }
}
