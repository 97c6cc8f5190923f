// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

@Suite struct ReferenceHeadTests {
  @Test(arguments: [1, 2, 5])
  func softmaxBackwardIsTheDerivative(_ O: Int) {
    var random = SplitMix64(seed: UInt64(O))
    let (z, dy): ([Wide], [Wide]) = (random.vector(O, 2), random.vector(O))
    let y = ReferenceSoftmax.softmax(z)
    let want = Differences.of(z) { dot(ReferenceSoftmax.softmax($0), dy) }
    let got = ReferenceSoftmax.softmaxBackward(y: y, dy: dy)
    #expect(largestDifference(got, want) <= Differences.bound)
  }

  @Test(arguments: [1, 2, 5])
  func crossEntropyBackwardIsTheDerivative(_ O: Int) {
    var random = SplitMix64(seed: UInt64(10 + O))
    let z: [Wide] = random.vector(O, 2)
    for label in 0..<O {
      let want = Differences.of(z) { ReferenceSoftmax.crossEntropy(logits: $0, label: label) }
      let got = ReferenceSoftmax.crossEntropyBackward(
        y: ReferenceSoftmax.softmax(z), label: label, dloss: 1)
      #expect(largestDifference(got, want) <= Differences.bound)
    }
  }

  @Test func largeLogitsAreStable() {
    #expect(ReferenceSoftmax.crossEntropy(logits: [1000, -1000.0], label: 1) == 2000)
    #expect(ReferenceSoftmax.crossEntropy(logits: [1000, -1000.0], label: 0) == 0)
    #expect(ReferenceSoftmax.softmax([1000, 1000.0]) == [0.5, 0.5])
  }

  @Test func linearBackwardIsTheDerivative() {
    var random = SplitMix64(seed: 3)
    let layer = ReferenceLinear<Wide>(weight: random.matrix(2, 3), bias: random.vector(2))
    let (x, dy): ([Wide], [Wide]) = (random.vector(3), random.vector(2))
    var gradients = layer.zeroGradients
    let dx = layer.backward(x: x, dy: dy, into: &gradients)
    let loss = { (layer: ReferenceLinear<Wide>, x: [Wide]) in dot(layer(x), dy) }
    let bound = Differences.bound
    #expect(largestDifference(dx, Differences.of(x) { loss(layer, $0) }) <= bound)
    for row in 0..<2 {
      let want = Differences.of(layer.weight[row]) { weights in
        var changed = layer
        changed.weight[row] = weights
        return loss(changed, x)
      }
      #expect(largestDifference(gradients.weight[row], want) <= bound)
    }
    #expect(gradients.bias == dy)
  }
}
