// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CLinearAlgebra
import Testing

@Suite struct LinearAlgebraTests {
  /// GSL's default error handler would end the process.
  @Test func matricesTooLargeForTheMemoryAreAStatus() {
    let outOfMemory: Int32 = 8  // GSL_ENOMEM
    let size = 1 << 29
    var values = [0.0]
    #expect(linear_algebra_eigenvalue_magnitudes([0], size, &values) == outOfMemory)
    #expect(values == [0])
  }

  @Test func eigenvaluesByHand() {
    // A rotation times 2, and −3
    var values = [0.0, 0, 0]
    #expect(linear_algebra_eigenvalue_magnitudes([0, 2, 0, -2, 0, 0, 0, 0, -3], 3, &values) == 0)
    for (found, expected) in zip(values.sorted(), [2.0, 2, 3]) {
      #expect(abs(found - expected) <= 16 * 3 * .ulpOfOne)
    }
  }
}
