// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

@Suite struct HeadKernelTests {
  static let shapes = [(0, 2, 3), (1, 1, 1), (3, 4, 2), (7, 9, 5), (8, 17, 33)]

  @Test(arguments: shapes)
  func doubleIsTheReference(N: Int, H: Int, O: Int) throws { try compare(Double.self, N, H, O) }

  @Test(arguments: shapes)
  func floatIsTheReference(N: Int, H: Int, O: Int) throws { try compare(Float.self, N, H, O) }

  private func compare<Scalar: RecurScalar>(
    _: Scalar.Type, _ N: Int, _ H: Int, _ O: Int
  ) throws {
    let seed = UInt64((N * 64 + H) * 64 + O)
    print("heads N \(N) H \(H) O \(O) seed \(seed)")
    var random = SplitMix64(seed: seed)
    let (weight, bias): ([[Scalar]], [Scalar]) = (random.matrix(O, H), random.vector(O))
    let (h, dy): ([[Scalar]], [[Scalar]]) = (random.matrix(N, H), random.matrix(N, O))
    let labels = (0..<N).map { _ in Int(random.next() % UInt64(O)) }
    let weights: [Scalar] = random.vector(N)
    let input = try Matrix(rows: N, columns: H, elements: h.joined())
    let head = try SoftmaxHead(weight: Matrix(weight), bias: bias)
    let outputGradient = try Matrix(rows: N, columns: O, elements: dy.joined())

    let layer = ReferenceLinear<Wide>(weight: convert(weight), bias: bias.map { Wide($0) })
    let rows: [[Wide]] = convert(h)
    let z = rows.map { layer($0) }
    let y = z.map { ReferenceSoftmax.softmax($0) }

    // There are sums of H products, then of O, then of N.
    func check(_ name: String, _ got: [Scalar], _ want: [Wide]) {
      let tolerance = Tolerance(
        operations: 2 * H + 2 * O + N + 8, magnitude: magnitude(z.flatMap { $0 }, want))
      let bound = tolerance.bound(epsilon: Double(Scalar.ulpOfOne))
      #expect(largestDifference(got, want) <= bound, "\(name), seed \(seed)")
    }
    func checkBackward(
      _ name: String, _ got: HeadGradients<Matrix<Scalar>>, _ dz: [[Wide]]
    ) {
      var gradients = layer.zeroGradients
      let dh = zip(rows, dz).flatMap { layer.backward(x: $0, dy: $1, into: &gradients) }
      check("\(name) dh", got.inputs.elements, dh)
      check(
        "\(name) parameters", got.parameters.elements,
        gradients.weight.flatMap { $0 } + gradients.bias)
    }

    check("linear", try head.linear(input).elements, z.flatMap { $0 })
    checkBackward(
      "linear", try head.linear.trainingPass(input).backward(outputGradient: outputGradient),
      convert(dy))
    check("softmax", try head(input).elements, y.flatMap { $0 })
    checkBackward(
      "softmax", try head.trainingPass(input).backward(outputGradient: outputGradient),
      zip(y, dy).map { ReferenceSoftmax.softmaxBackward(y: $0, dy: $1.map { Wide($0) }) })

    let pass = try head.crossEntropy(input, labels: labels)
    check(
      "loss", pass.losses,
      zip(z, labels).map { ReferenceSoftmax.crossEntropy(logits: $0, label: $1) })
    check("probabilities", pass.probabilities.elements, y.flatMap { $0 })
    checkBackward(
      "cross-entropy", try pass.backward(weights: weights),
      (0..<N).map {
        ReferenceSoftmax.crossEntropyBackward(
          y: y[$0], label: labels[$0], dloss: Wide(weights[$0]))
      })
  }

  @Test func meanLossIsTheDefault() throws {
    var random = SplitMix64(seed: 8)
    let head = try SoftmaxHead<Double>(inputSize: 3, outputSize: 4, seed: 0)
    let input = try Matrix<Double>(random.matrix(5, 3))
    let labels = [0, 3, 2, 1, 0]
    let mean = try head.crossEntropy(input, labels: labels)
    let pass = try head.crossEntropy(input, labels: labels)
    #expect(mean.meanLoss == pass.losses.reduce(0, +) / 5)
    let a = try mean.backward()
    let b = try pass.backward(weights: [Double](repeating: 1 / 5.0, count: 5))
    #expect(a.parameters == b.parameters)
  }

  @Test func withoutABiasIsWithABiasOfZero() throws {
    var random = SplitMix64(seed: 9)
    let weight = try Matrix<Double>(random.matrix(4, 3))
    let (input, dy) = try (
      Matrix<Double>(random.matrix(5, 3)), Matrix<Double>(random.matrix(5, 4))
    )
    let without = try SoftmaxHead(weight: weight)
    let zero = try SoftmaxHead(weight: weight, bias: [0, 0, 0, 0])
    #expect(without.parameters.slices.map(\.name) == ["weight"])
    #expect(try without(input) == zero(input))
    #expect(try without.linear(input) == zero.linear(input))
    let a = try without.trainingPass(input).backward(outputGradient: dy)
    let b = try zero.trainingPass(input).backward(outputGradient: dy)
    #expect(a.inputs == b.inputs && a.parameters["weight"] == b.parameters["weight"])
    #expect(a.parameters.count == 12)
    let new = try Linear<Double>(inputSize: 3, outputSize: 4, bias: false, seed: 0)
    #expect(
      try new.parameters["weight"]
        == Linear<Double>(inputSize: 3, outputSize: 4, seed: 0).parameters["weight"])
    #expect(
      try SoftmaxHead<Float>(inputSize: 3, outputSize: 4, bias: false, seed: 0).parameters.count
        == 12
    )
  }

  @Test func gradientsAreAddedToThoseGiven() throws {
    var random = SplitMix64(seed: 10)
    let head = try SoftmaxHead<Double>(weight: Matrix(random.matrix(4, 3)), bias: random.vector(4))
    let (input, dy) = try (
      Matrix<Double>(random.matrix(1, 3)), Matrix<Double>(random.matrix(1, 4))
    )
    var given = try head.parameters.zeros()
    try given.setElements(random.vector(given.count) as [Double])

    func check(
      _ gradients: HeadGradients<Matrix<Double>>,
      _ add: (inout ParameterVector<Double>) throws -> Matrix<Double>
    ) throws {
      var sum = given
      #expect(try add(&sum) == gradients.inputs)
      // There is one row, so a gradient is one product: two rounded operations including the sum.
      for (index, element) in sum.elements.enumerated() {
        let (start, gradient) = (given.elements[index], gradients.parameters.elements[index])
        let magnitude = max(start.magnitude, gradient.magnitude, element.magnitude)
        #expect((element - (start + gradient)).magnitude <= 4 * magnitude * Double.ulpOfOne)
      }
    }
    try check(head.linear.trainingPass(input).backward(outputGradient: dy)) {
      try head.linear.trainingPass(input).backward(outputGradient: dy, addingTo: &$0)
    }
    try check(head.trainingPass(input).backward(outputGradient: dy)) {
      try head.trainingPass(input).backward(outputGradient: dy, addingTo: &$0)
    }
    try check(head.crossEntropy(input, labels: [2]).backward()) {
      try head.crossEntropy(input, labels: [2]).backward(addingTo: &$0)
    }
    var other = try Linear<Double>(inputSize: 4, outputSize: 3, seed: 0).parameters
    let before = other
    #expect(throws: RecurError.self) {
      _ = try head.trainingPass(input).backward(outputGradient: dy, addingTo: &other)
    }
    #expect(other == before)
  }

  @Test func largeLogitsAreStable() throws {
    let head = try SoftmaxHead<Float>(weight: Matrix([[1000], [-1000]]), bias: [0, 0])
    let pass = try head.crossEntropy(Matrix([[1], [1]]), labels: [0, 1])
    #expect(pass.losses == [0, 2000])
    #expect(pass.probabilities.elements == [1, 0, 1, 0])
    let gradients = try pass.backward(weights: [1, 1])
    #expect(gradients.inputs.elements == [0, 2000])
  }
}
