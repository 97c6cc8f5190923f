// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import Recur
import TestSupport
import Testing

/// The kernels against the reference in a wider type.
@Suite struct RNNKernelTests {
  /// All small shapes around what matters: nothing, one, and vectors of 2 to 16 numbers ± 1.
  static let smallShapes = [0, 1, 2, 5].flatMap { T in
    [0, 1, 3].flatMap { B in
      [1, 2, 3, 9].flatMap { I in [1, 3, 4, 7, 8, 9, 15, 16, 17].map { H in (T, B, I, H) } }
    }
  }

  @Test(arguments: Activation.allCases)
  func smallShapesInDouble(_ activation: Activation) throws {
    for (T, B, I, H) in Self.smallShapes {
      try compare(Double.self, activation, T: T, B: B, I: I, H: H)
    }
  }

  @Test(arguments: Activation.allCases)
  func smallShapesInFloat(_ activation: Activation) throws {
    for (T, B, I, H) in Self.smallShapes {
      try compare(Float.self, activation, T: T, B: B, I: I, H: H)
    }
  }

  @Test(arguments: 0..<20)
  func randomShapes(_ number: Int) throws {
    var random = SplitMix64(seed: UInt64(number))
    let size = { (limit: Int) in Int(random.next() % UInt64(limit)) + 1 }
    let (T, B, I, H) = (size(24), size(12), size(40), size(48))
    for activation in Activation.allCases {
      try compare(Double.self, activation, T: T, B: B, I: I, H: H)
      try compare(Float.self, activation, T: T, B: B, I: I, H: H)
    }
  }

  private func compare<Scalar: RecurScalar & Real>(
    _: Scalar.Type, _ activation: Activation, T: Int, B: Int, I: Int, H: Int
  ) throws {
    let seed = UInt64(((T * 64 + B) * 64 + I) * 64 + H)
    let problem = try RNNProblem<Scalar>(activation, T: T, B: B, I: I, H: H, seed: seed)
    let (got, want) = (try problem.native(), problem.expected())
    let epsilon = Double(Scalar.ulpOfOne)
    func check(_ name: String, _ got: [Scalar], _ want: [Wide], _ operations: Int) {
      let tolerance = Tolerance(operations: operations, magnitude: magnitude(want))
      let difference = largestDifference(got, want)
      #expect(
        difference <= tolerance.bound(epsilon: epsilon),
        "\(name) of \(Scalar.self) \(activation), T B I H \(T) \(B) \(I) \(H), seed \(seed)")
    }
    let operations = problem.operations
    check("h", got.h, want.h, operations.forward)
    check("dx", got.dx, want.dx, operations.inputs)
    check("dh0", got.dh0, want.dh0, operations.inputs)
    check("norms", got.norms, want.norms, operations.inputs)
    check("parameters", got.parameters, want.parameters, operations.parameters)
  }

  @Test func errorTermsAreTheReferences() throws {
    for (t, activation) in zip([0, 2, 5], [Activation.tanh, .relu, .tanh]) {
      let problem = try RNNProblem<Double>(activation, T: 6, B: 3, I: 2, H: 5, seed: 77)
      let pass = try problem.network.trainingPass(problem.x, initialState: problem.state)
      let got = try pass.errorTerms(step: t, gradient: problem.dh.step(t))
      for b in 0..<3 {
        let x: [[Wide]] = convert(problem.x.batchFirst[b])
        let h0 = problem.state.hidden.rowArrays[b].map { Wide($0) }
        let h = problem.reference.forward(x, h0: h0)
        let want = problem.reference.errorTerms(
          h: h, t: t, dh: problem.dh.batchFirst[b][t].map { Wide($0) })
        let tolerance = Tolerance(operations: problem.operations.errorTerms, magnitude: 1)
        let difference = largestDifference(got.batchFirst[b].flatMap { $0 }, want.flatMap { $0 })
        #expect(difference <= tolerance.bound(epsilon: .ulpOfOne))
      }
    }
  }
}
