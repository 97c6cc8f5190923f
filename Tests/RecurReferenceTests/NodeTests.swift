// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

@Suite struct ReferenceNodeTests {
  @Test func gradientsOfLayersAreTheDerivatives() {
    for (k, layer) in NodeProblems<Wide>.layers.enumerated() {
      layer.check(NodeProblems<Dual<Wide>>.layers[k], seed: UInt64(100 + k))
    }
  }

  @Test func gradientsOfConvolutionsAreTheDerivatives() {
    for (k, layer) in NodeProblems<Wide>.convolutions.enumerated() {
      layer.check(NodeProblems<Dual<Wide>>.convolutions[k], seed: UInt64(200 + k))
    }
  }

  @Test(arguments: 300..<304 as Range<UInt64>)
  func gradientsOfAGraphAreTheDerivatives(seed: UInt64) {
    NodeProblems<Wide>.graph.check(NodeProblems<Dual<Wide>>.graph, seed: seed)
  }

  /// y = 1 + 2 p₀ + 3 p₁, for the inputs 1, 2, 4 and every padding of one input before and after.
  @Test func convolutionsByHand() {
    func outputs(_ padding: ReferenceConvolutionOptions.Padding, stride: Int = 1) -> [Double] {
      var options = ReferenceConvolutionOptions(over: .steps)
      (options.padding, options.before, options.after) = (padding, 1, 1)
      options.stride = stride
      let convolution = ReferenceConvolution<Double>(options, weight: [[[2, 3]]], bias: [1])
      return flat(convolution.forward([[[[1]], [[2]], [[4]]]], from: []).value)
    }
    #expect(outputs(.zeros) == [4, 9, 17, 9])
    #expect(outputs(.reflect) == [8, 9, 17, 15])
    #expect(outputs(.replicate) == [6, 9, 17, 21])
    #expect(outputs(.zeros, stride: 2) == [4, 17])
    #expect(outputs(.zeros, stride: 3) == [4, 9])
  }

  /// Each group reads its own half of the channels.
  @Test func groupsReadTheirOwnChannels() {
    var options = ReferenceConvolutionOptions(over: .positions)
    options.groups = 2
    let convolution = ReferenceConvolution<Double>(
      options, weight: [[[1], [10]], [[100], [1000]]])
    #expect(convolution.forward([[[[1, 2, 3, 4]]]], from: []).value == [[[21, 4300]]])
  }

  @Test func aTokenSelectsARow() {
    let embedding = ReferenceEmbedding<Double>(weight: [[1, 2], [3, 4], [5, 6]])
    #expect(embedding([0, 0, 1]) == [5, 6])
    var gradients = ReferenceEmbedding<Double>(weight: [[0, 0], [0, 0], [0, 0]])
    _ = embedding.backward(x: [0, 1, 0], dy: [7, 8], into: &gradients)
    #expect(gradients.weight == [[0, 0], [7, 8], [0, 0]])
  }

  /// The first of equal maxima gets the gradient.
  @Test func theFirstOfEqualMaximaGetsTheGradient() {
    let maximum = ReferenceReduction<Double>(.maximum, positions: 1, channels: 2)
    let x: ReferenceValue<Double> = [[[1, 5]], [[3, 2]], [[3, 5]]]
    #expect(maximum(x) == [[[3, 5]]])
    let result = maximum.backward(x: [x], from: [], dy: [[[7, 8]]], dFinal: [])
    #expect(result.dx == [[[[0, 8]], [[7, 0]], [[0, 0]]]])
  }

  @Test(arguments: ReferenceReduction<Double>.Kind.allCases)
  func aSequenceWithoutStepsReducesToZeros(_ kind: ReferenceReduction<Double>.Kind) {
    let layer = ReferenceReduction<Double>(kind, positions: 2, channels: 1)
    #expect(layer([]) == [[[0], [0]]])
    #expect(layer.backward(x: [[]], from: [], dy: [[[7], [8]]], dFinal: []).dx == [[]])
  }

  /// The slopes of a corner: PReLU's at 0 is a, and the magnitude's at 0 is 0.
  @Test func slopesAtCorners() {
    let prelu = ReferencePReLU<Double>(slopes: [0.25])
    let result = prelu.backward(x: [[[[0, 2]]]], from: [], dy: [[[1, 1]]], dFinal: [])
    #expect(result.dx == [[[[0.25, 1]]]] && result.gradients == [0])
    let magnitude = ReferenceMagnitude<Double>()
    #expect(magnitude([0, 3, 0, 4]) == [0, 5])
    let back = magnitude.backward(x: [[[[0, 3, 0, 4]]]], from: [], dy: [[[7, 5]]], dFinal: [])
    #expect(back.dx == [[[[0, 3, 0, 4]]]])
  }

  /// Chunks that pass their state on equal the whole sequence, also a chunk without steps.
  @Test func chunksContinueFromAState() {
    var model = ReferenceModel<Wide>(Array(NodeProblems<Wide>.graph.model.nodes.prefix(15)))
    var random = SplitMix64(seed: 400)
    model.parameters = random.vector(model.parameters.count)
    let x: ReferenceValue<Wide> = ValueShape(6, 1, 4).value(random.vector(24))
    let start: [Wide] = random.vector(model.zeroState.count)
    let whole = model.forward(["x": x], from: start)
    var state = start
    var y: ReferenceValue<Wide> = []
    for steps in [0..<1, 1..<1, 1..<4, 4..<6] {
      let chunk = model.forward(["x": Array(x[steps])], from: state)
      y += chunk.values["softmax"]!
      state = chunk.finalState
    }
    #expect(y == whole.values["softmax"]! && state == whole.finalState)
  }

  /// A sequence without steps has no values, and its state and its gradient pass through.
  @Test func withoutStepsTheStatePassesThrough() {
    let model = NodeProblems<Wide>.graph.model
    var random = SplitMix64(seed: 401)
    let state: [Wide] = random.vector(model.zeroState.count)
    let output = model.forward(["x": []], from: state)
    #expect(output.finalState == state && output.values["softmax"]!.isEmpty)
    let back = model.backward(["x": []], from: state, dOutputs: [:], dFinal: state)
    #expect(back.dInitial == state && back.values["x"]!.isEmpty)
  }

  @Test func aConvolutionOfNoStepsHasNoOutputs() {
    for problem in NodeProblems<Wide>.convolutions {
      let layer = problem.model.nodes[0].layer
      let state = problem.model.zeroState
      #expect(layer.forward([[]], from: state).value.isEmpty, "\(problem.name)")
      let back = layer.backward(x: [[]], from: state, dy: [], dFinal: state)
      #expect(back.dx == [[]] && back.gradients.allSatisfy { $0 == 0 }, "\(problem.name)")
    }
  }

  /// All numbers of the reference compute the same function.
  @Test func floatsComputeTheSame() {
    var random = SplitMix64(seed: 402)
    let inDoubles = NodeProblems<Double>.graph
    let variables: [Float] = random.vector(inDoubles.variableCount)
    let y = inDoubles.output(variables.map { Double($0) }).y
    let tolerance = Tolerance(operations: 32 * inDoubles.model.nodes.count, magnitude: 1)
    let difference = largestDifference(NodeProblems<Float>.graph.output(variables).y, y)
    #expect(difference <= tolerance.bound(epsilon: Double(Float.ulpOfOne)))
  }
}
