// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import RecurReference
import TestSupport
import Testing

@Suite struct SoftmaxTests {
  static let shapes: [(outputs: Int, seed: UInt64)] = [(1, 1), (2, 2), (3, 3), (10, 4)]

  @Test(arguments: shapes) func softmaxFiniteDifferences(outputs: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let z: [Wide] = random.vector(outputs, scale: 2)
    let dy: [Wide] = random.vector(outputs)
    let got = ReferenceSoftmax.softmaxBackward(y: ReferenceSoftmax.softmax(z), dy: dy)
    let want = centralDifferences(at: z) { dot(dy, ReferenceSoftmax.softmax($0)) }
    let bound = Tolerance.difference(
      operations: Tolerance.softmax(outputs: outputs) + outputs,
      magnitude: largestMagnitude(dy) * Wide(outputs))
    #expect(largestDifference(got, want) <= bound)
  }

  @Test(arguments: shapes) func crossEntropyFiniteDifferences(outputs: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let z: [Wide] = random.vector(outputs, scale: 2)
    let dloss: Wide = random.number()
    let bound = Tolerance.difference(
      operations: Tolerance.crossEntropy(outputs: outputs),
      magnitude: crossEntropyMagnitude(z) * dloss.magnitude)
    for label in 0..<outputs {
      let got = ReferenceSoftmax.crossEntropyBackward(
        y: ReferenceSoftmax.softmax(z), label: label, dloss: dloss)
      let want = centralDifferences(at: z) {
        dloss * ReferenceSoftmax.crossEntropy(logits: $0, label: label)
      }
      #expect(largestDifference(got, want) <= bound)
    }
  }

  /// The loss and its gradient are those of -log softmax.
  @Test(arguments: shapes) func crossEntropyIsMinusLogOfSoftmax(outputs: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let z: [Double] = random.vector(outputs, scale: 3)
    let y = ReferenceSoftmax.softmax(z)
    let bound = Tolerance.bound(
      operations: Tolerance.crossEntropy(outputs: outputs), magnitude: crossEntropyMagnitude(z),
      of: Double.self)
    for label in 0..<outputs {
      let loss = ReferenceSoftmax.crossEntropy(logits: z, label: label)
      #expect((loss + .log(y[label])).magnitude <= bound)

      var dy = [Double](repeating: 0, count: outputs)
      dy[label] = -1 / y[label]
      let got = ReferenceSoftmax.crossEntropyBackward(y: y, label: label, dloss: 1)
      let want = ReferenceSoftmax.softmaxBackward(y: y, dy: dy)
      let boundBackward = Tolerance.bound(
        operations: Tolerance.softmaxBackward(outputs: outputs),
        magnitude: 2 * largestMagnitude(dy), of: Double.self)
      #expect(largestDifference(got, want) <= boundBackward)
    }
  }

  @Test(arguments: shapes) func floatIsWithinToleranceOfWide(outputs: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let z: [Float] = random.vector(outputs, scale: 5)
    let wide = z.map { Wide($0) }
    let got = ReferenceSoftmax.softmax(z)
    let bound = Tolerance.bound(
      operations: Tolerance.softmax(outputs: outputs), magnitude: Wide(1), of: Float.self)
    #expect(largestDifference(got, ReferenceSoftmax.softmax(wide)) <= bound)
    let boundLoss = Tolerance.bound(
      operations: Tolerance.crossEntropy(outputs: outputs), magnitude: crossEntropyMagnitude(wide),
      of: Float.self)
    for label in 0..<outputs {
      let loss = ReferenceSoftmax.crossEntropy(logits: z, label: label)
      let want = ReferenceSoftmax.crossEntropy(logits: wide, label: label)
      #expect((Wide(loss) - want).magnitude <= boundLoss)
    }
  }

  /// Two classes in closed form, a thousand either way of 0, and the third far below both.
  @Test(arguments: [0, 1000, -1000] as [Double]) func farFromZero(shift: Double) {
    let z = [shift, shift - 1, shift - 2000]
    let e = Double.exp(-1)
    let y = ReferenceSoftmax.softmax(z)
    let bound = Tolerance.bound(
      operations: Tolerance.softmax(outputs: 3), magnitude: 1.0, of: Double.self)
    #expect(largestDifference(y, [1 / (1 + e), e / (1 + e), 0]) <= bound)

    let want = [0, 1, 2000].map { $0 + Double.log(onePlus: e) }
    let losses = (0..<3).map { ReferenceSoftmax.crossEntropy(logits: z, label: $0) }
    let boundLoss = Tolerance.bound(
      operations: Tolerance.crossEntropy(outputs: 3), magnitude: crossEntropyMagnitude(z),
      of: Double.self)
    #expect(largestDifference(losses, want) <= boundLoss)
  }

  /// A loss near 0, and the gradient of its logit, keep every digit.
  @Test(arguments: [-1000, 0, 1000] as [Double]) func nearCertainty(shift: Double) {
    let z = [shift - 50, shift, shift - 50]
    let small = 2 * Double.exp(-50)
    let loss = ReferenceSoftmax.crossEntropy(logits: z, label: 1)
    let bound = Tolerance.bound(
      operations: Tolerance.crossEntropy(outputs: 3), magnitude: small, of: Double.self)
    #expect((loss - small).magnitude <= bound)
    let dz = ReferenceSoftmax.crossEntropyBackward(
      y: ReferenceSoftmax.softmax(z), label: 1, dloss: 1)
    #expect((dz[1] + small).magnitude <= bound)
  }

  /// The largest logits may be equal: one of them alone is split off.
  @Test func equalLogits() {
    let z: [Double] = [1000, 1000, 1000, 1000]
    #expect(ReferenceSoftmax.softmax(z) == [0.25, 0.25, 0.25, 0.25])
    #expect(ReferenceSoftmax.crossEntropy(logits: z, label: 2) == .log(onePlus: 3))
  }

  /// 1 + (largest z - smallest z), as `Tolerance.crossEntropy` asks for.
  private func crossEntropyMagnitude<R: Real>(_ z: [R]) -> R {
    1 + z.max()! - z.min()!
  }
}
