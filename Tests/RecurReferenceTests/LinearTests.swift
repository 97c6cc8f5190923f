// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import RecurReference
import TestSupport
import Testing

@Suite struct LinearTests {
  static let shapes: [(inputs: Int, outputs: Int, seed: UInt64)] = [
    (1, 1, 1), (1, 3, 2), (4, 1, 3), (3, 5, 4),
  ]

  @Test func byHand() {
    let layer = ReferenceLinear<Double>(weight: [[1, 2, 3], [4, 5, 6]], bias: [1000, 2000])
    #expect(layer([1, 10, 100]) == [1321, 2654])
    #expect(layer.forward([1, 10, 100]) == [1321, 2654])
    var gradients = ReferenceLinear<Double>(weight: [[1, 1, 1], [1, 1, 1]], bias: [1, 1])
    #expect(layer.backward(x: [1, 10, 100], dy: [2, 3], into: &gradients) == [14, 19, 24])
    #expect(gradients == ReferenceLinear(weight: [[3, 21, 201], [4, 31, 301]], bias: [3, 4]))
  }

  @Test(arguments: shapes) func finiteDifferences(inputs: Int, outputs: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let layer = ReferenceLinear<Wide>(
      weight: random.matrix(outputs, inputs), bias: random.vector(outputs))
    let x: [Wide] = random.vector(inputs)
    let dy: [Wide] = random.vector(outputs)
    var gradients = layer.zeroGradients
    let dx = layer.backward(x: x, dy: dy, into: &gradients)

    let bound = Tolerance.difference(
      operations: Tolerance.linearForward(inputs: inputs) + outputs,
      magnitude: dot(dy.map { $0.magnitude }, layer.forwardMagnitudes(x)))
    #expect(largestDifference(dx, centralDifferences(at: x) { dot(dy, layer($0)) }) <= bound)
    let flat = layer.weight.flatMap { $0 } + layer.bias
    let want = centralDifferences(at: flat) { value in
      let split = outputs * inputs
      let changed = ReferenceLinear(
        weight: rows(Array(value[..<split]), of: inputs), bias: Array(value[split...]))
      return dot(dy, changed(x))
    }
    #expect(largestDifference(gradients.weight.flatMap { $0 } + gradients.bias, want) <= bound)
  }

  @Test(arguments: shapes) func floatIsWithinToleranceOfWide(
    inputs: Int, outputs: Int, seed: UInt64
  ) {
    var random = SeededGenerator(seed: seed)
    let layer = ReferenceLinear<Float>(
      weight: random.matrix(outputs, inputs), bias: random.vector(outputs))
    let x: [Float] = random.vector(inputs)
    let dy: [Float] = random.vector(outputs)
    let wide = ReferenceLinear<Wide>(
      weight: layer.weight.map { $0.map { Wide($0) } }, bias: layer.bias.map { Wide($0) })
    let (wideX, wideDY) = (x.map { Wide($0) }, dy.map { Wide($0) })

    let bound = Tolerance.bound(
      operations: Tolerance.linearForward(inputs: inputs),
      magnitude: largestMagnitude(wide.forwardMagnitudes(wideX)), of: Float.self)
    #expect(largestDifference(layer(x), wide(wideX)) <= bound)

    var (gradients, wideGradients, m) = (
      layer.zeroGradients, wide.zeroGradients, wide.zeroGradients
    )
    let dx = layer.backward(x: x, dy: dy, into: &gradients)
    let want = wide.backward(x: wideX, dy: wideDY, into: &wideGradients)
    let mx = wide.backwardMagnitudes(x: wideX, dy: wideDY, into: &m)
    func boundBackward(_ magnitude: Wide) -> Wide {
      Tolerance.bound(
        operations: Tolerance.linearBackward(rows: 1, outputs: outputs), magnitude: magnitude,
        of: Float.self)
    }
    #expect(largestDifference(dx, want) <= boundBackward(largestMagnitude(mx)))
    #expect(
      largestDifference(gradients.weight, wideGradients.weight)
        <= boundBackward(largestMagnitude(m.weight)))
  }
}
