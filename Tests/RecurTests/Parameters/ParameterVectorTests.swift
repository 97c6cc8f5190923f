// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@Suite struct ParameterVectorTests {
  private func norm(_ elements: [Double]) throws -> Double {
    var parameters = try Linear<Double>(
      inputSize: elements.count, outputSize: 1, bias: false, seed: 0
    ).parameters
    try parameters.setElements(elements)
    return parameters.norm
  }

  @Test func normOfExtremes() throws {
    #expect(try norm([0, 0]) == 0)
    #expect(try norm([3, -4]) == 5)
    #expect(try norm([3 * 0x1p600, 4 * 0x1p600]) == 5 * 0x1p600, "the squares overflow")
    #expect(try norm([3 * 0x1p-600, 4 * 0x1p-600]) == 5 * 0x1p-600, "the squares underflow")
    #expect(try norm([1, -.infinity, 2]) == .infinity)
    #expect(try norm([1, .nan, 2]).isNaN)
    #expect(try norm([.infinity, .nan]).isNaN)
  }
}
