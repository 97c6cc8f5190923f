// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import TestSupport
import Testing

/// Compares all kinds of nodes with the reference in a wider type, and their streams with whole sequences.
@Suite struct NodeKernelTests {
  @Test(arguments: NodeCase.all, 0..<12 as Range<UInt64>)
  func nodesAreTheReference(_ node: NodeCase, seed: UInt64) throws {
    var sizes = RandomSizes(seed: seed, limit: 5)
    try compare(node, &sizes, T: sizes.below(9), B: sizes.below(4), seed: seed)
  }

  /// More rows than a convolution copies at a time, and more channels than the widest vector has elements.
  @Test(arguments: NodeCase.all)
  func manyRowsAreTheReference(_ node: NodeCase) throws {
    var sizes = RandomSizes(seed: 100, limit: 18)
    try compare(node, &sizes, T: 40, B: 7, seed: 100)
  }

  private func compare(
    _ node: NodeCase, _ sizes: inout RandomSizes, T: Int, B: Int, seed: UInt64
  ) throws {
    print("\(node.name) seed \(seed)")
    let graph = node.graph(&sizes)
    let (T, ragged) = (max(T, node.least), sizes.coin())
    func check<Scalar: RecurScalar>(_: Scalar.Type) throws {
      let problem = try ModelProblem<Scalar>(
        graph, T: T, B: B, ragged: ragged, least: node.least, seed: seed)
      try problem.check()
      try problem.checkStream()
    }
    try check(Double.self)
    try check(Float.self)
  }
}
