// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

/// Compares the kernels with the reference in a wider type: every cell, option and direction.
@Suite struct NetworkKernelTests {
  /// Zero, one or several steps and sequences.
  @Test(arguments: TestedCells.all)
  func fewStepsAndSequences(_ cell: any TestedCell) throws {
    for T in [0, 1, 3] {
      for B in [0, 1, 2] { try compare(cell, NetworkShape(T: T, B: B, I: 2, H: 5)) }
    }
  }

  /// Critical sizes: one, and vectors of 4 to 16 elements ± 1.
  @Test(arguments: TestedCells.all)
  func smallSizes(_ cell: any TestedCell) throws {
    for (I, H) in [(1, 3), (3, 4), (5, 7), (4, 9), (1, 16)] {
      for B in [1, 2] { try compare(cell, NetworkShape(T: 3, B: B, I: I, H: H)) }
    }
  }

  /// All combinations of layers, directions, lengths, random options and segments.
  @Test(arguments: TestedCells.all)
  func smallNetworks(_ cell: any TestedCell) throws {
    for layers in [1, 2] {
      for bidirectional in [false, true] {
        for ragged in [false, true] {
          for segmentLength in bidirectional ? [nil] : [nil, 1] as [Int?] {
            let shape = NetworkShape(
              T: 4, B: 3, I: 2, H: 3, L: layers, bidirectional: bidirectional, ragged: ragged,
              segmentLength: segmentLength)
            try compare(cell, shape)
            try compare(cell, shape.withRandomOptions)
          }
        }
      }
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func randomNetworks(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func size(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) + 1 }
    for cell in TestedCells.structures {
      let layers = size(4)
      var shape = NetworkShape(
        T: size(8), B: size(6), I: size(20), H: size(20) + 2, L: layers,
        bidirectional: size(2) == 1, ragged: size(2) == 1)
      if layers > 1, size(2) == 1 { shape.dropout = 0.3 }
      if size(2) == 1 { shape.recurrentDropout = 0.25 }
      if size(2) == 1 { (shape.zoneout, shape.cellZoneout) = (0.2, 0.3) }
      if !shape.bidirectional, size(2) == 1 { shape.segmentLength = size(shape.T) }
      try cell.visit(shape, seed: random.next(), Comparison())
    }
  }

  private func compare(_ cell: any TestedCell, _ shape: NetworkShape) throws {
    let seed = UInt64(((shape.T * 64 + shape.B) * 64 + shape.I) * 64 + shape.H)
    try cell.visit(shape, seed: seed, Comparison())
  }
}

/// Compares every result with the reference's.
struct Comparison: ProblemVisitor {
  func visit<Network, Cell>(_ problem: NetworkProblem<Network, Cell>) throws {
    let (got, want) = (try problem.native(), try problem.expected())
    let operations = problem.operations
    func check(_ name: String, _ got: [Network.Scalar], _ want: [Wide], _ operations: Int) {
      let tolerance = Tolerance(operations: operations, magnitude: magnitude(want))
      let difference = largestDifference(got, want)
      #expect(
        difference <= tolerance.bound(epsilon: Double(Network.Scalar.ulpOfOne)),
        "\(name) of \(Network.self), \(problem.options), \(problem.shape)")
    }
    for (got, want) in zip(got.forward, want.forward) {
      check(got.name, got.values, want.values, operations.forward)
    }
    for (got, want) in zip(got.inputs, want.inputs) {
      check(got.name, got.values, want.values, operations.inputs)
    }
    check("parameters", got.parameters, want.parameters, operations.parameters)
  }
}
