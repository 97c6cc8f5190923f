// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

@Suite struct DualTests {
  /// Two variables, with derivatives computed by hand.
  @Test func derivativesByHand() {
    let u = Dual(value: 3.0, variable: 0, of: 2)
    let v = Dual(value: -2.0, variable: 1, of: 2)
    #expect((u + v).tangent == [1, 1])
    #expect((u - v).tangent == [1, -1])
    #expect((u * v).tangent == [-2, 3])
    #expect((u / v).tangent == [-0.5, -0.75])
    #expect((-v).tangent == [0, -1])
    #expect(v.magnitude.tangent == [0, -1])
    #expect(Dual.exp(u).tangent == [.exp(3), 0])
    #expect(Dual.expMinusOne(u).tangent == [.exp(3), 0])
    #expect(Dual.log(onePlus: u).tangent == [0.25, 0])
    #expect(Dual.tanh(Dual(value: 0.0, variable: 0, of: 1)).tangent == [1])
  }

  @Test func anEmptyTangentIsZero() {
    let u = Dual(value: 3.0, variable: 1, of: 2)
    #expect((2 * u).tangent == [0, 2])
    #expect((u / 2).tangent == [0, 0.5])
    #expect((1 - u).tangent == [0, -1])
    #expect((Dual<Double>(0.5) * 4).tangent.isEmpty)
  }

  /// Nested dual numbers compute second derivatives.
  @Test func dualNumbersNest() {
    let inner = Dual(value: 0.5, variable: 0, of: 1)
    let square = Dual(value: inner, tangent: [1]) * Dual(value: inner, tangent: [1]) * 3
    #expect(square.value.value == 0.75)
    #expect(square.tangent[0].value == 3)
    #expect(square.tangent[0].tangent == [6])
  }
}
