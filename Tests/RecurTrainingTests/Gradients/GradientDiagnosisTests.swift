// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import Testing
import TestSupport

/// Compares the diagnosis of gradients with cases computed by hand.
@Suite struct GradientDiagnosisTests {
  static let T = 12, H = 6

  func model<S: RecurScalar>(
    _ network: any RecurrentNetwork<S>, _ reading: ModelReading = .lastStep
  ) throws -> SequenceModel<S> {
    try SequenceModel(
      network: network,
      head: Linear(
        inputSize: network.configuration.outputSize, outputSize: 1,
        initialization: .uniform, seed: 2),
      reading: reading)
  }

  func batch<S: RecurScalar>(
    steps: Int = Self.T, size: Int = 2, _ reading: ModelReading = .lastStep,
    lengths: [Int]? = nil, seed: UInt64 = 5
  ) throws -> TrainingBatch<S> {
    var generator = SplitMix64(seed: seed)
    let rows = reading == .lastStep ? size : steps * size
    return TrainingBatch(
      input: .features(
        try SequenceBatch(
          steps: steps, batchSize: size, features: 1, elements: generator.vector(steps * size))),
      lengths: lengths,
      targets: .values(try Matrix(rows: rows, columns: 1, elements: generator.vector(rows))))
  }

  // An orthogonal W_hh times s

  @Test(arguments: [0.5, 1, 1.75])
  func anOrthogonalMatrixMultipliesByItsScale(_ scale: Double) throws {
    try orthogonal(Float.self, scale)
    try orthogonal(Double.self, scale)
  }

  private func orthogonal<S: RecurScalar>(_: S.Type, _ scale: Double) throws {
    var network = try RNN<S>(
      inputSize: 1, hiddenSize: Self.H, activation: .identity,
      initialization: .orthogonal, seed: 1)
    let weight = network.parameters["weight_hh_l0"]!
    try network.parameters.set(
      "weight_hh_l0",
      to: Matrix(
        rows: Self.H, columns: Self.H, elements: weight.elements.map { $0 * S(scale) }))
    let diagnosis = try model(network).diagnoseGradients(.meanSquaredError, of: batch())
    let epsilon = Double(S.ulpOfOne)
    // The matrix is orthogonal up to 2H roundings of each element, and σ₁ sums H elements. The same
    // holds for each of T products.
    let operations = 3 * Self.H * Self.H
    func close(_ got: Double, _ want: Double, steps: Int) -> Bool {
      abs(got - want)
        <= Tolerance(operations: steps * operations, magnitude: want).bound(epsilon: epsilon)
    }
    let jacobians = try #require(diagnosis.jacobians)
    for (steps, products) in zip(jacobians.stepNorms, jacobians.productNorms) {
      #expect(steps.count == Self.T)
      for (t, norm) in steps.enumerated() {
        #expect(close(norm, scale, steps: 1))
        let back = Self.T - t
        let want = (0..<back).reduce(1) { value, _ in value * scale }
        #expect(close(products[t], want, steps: back), "\(products[t]), \(want)")
      }
    }
    let gate = diagnosis.layers[0].gates[0]
    #expect(close(gate.largestSingularValue, scale, steps: 1))
    #expect(close(try #require(gate.spectralRadius), scale, steps: 1))
    // ‖∂L/∂h_t‖ shrinks or grows by the same factor.
    for norms in diagnosis.layers[0].stateNorms {
      for t in 1..<Self.T {
        #expect(close(norms[t - 1], norms[t] * scale, steps: Self.T))
      }
    }
    #expect(abs(diagnosis.flow!.factorPerStep! - scale) <= 1e3 * epsilon)
    #expect(diagnosis.bound.kind == (scale < 1 ? .vanishes : .mayExplode))
  }

  @Test func productsOfSinglePrecisionDoNotUnderflow() throws {
    var network = try RNN<Float>(
      inputSize: 1, hiddenSize: 2, activation: .identity,
      initialization: .init(input: .zeros, recurrent: .zeros), seed: 0)
    try network.parameters.set("weight_hh_l0", to: Matrix([[0.25, 0], [0, -0.25]]))
    let diagnosis = try model(network).diagnoseGradients(
      .meanSquaredError, of: batch(steps: 100, size: 1))
    #expect(diagnosis.jacobians!.productNorms[0][0] == 0x1p-200)
  }

  @Test func aResidualNetworkWithoutWeightsKeepsItExactly() throws {
    try residual(Float.self)
    try residual(Double.self)
  }

  private func residual<S: RecurScalar>(_: S.Type) throws {
    let network = try ResidualRNN<S>(
      inputSize: 1, hiddenSize: Self.H,
      initialization: Initialization(input: .glorot, recurrent: .zeros), seed: 1)
    let diagnosis = try model(network).diagnoseGradients(.meanSquaredError, of: batch())
    let ones = Array(repeating: Array(repeating: 1.0, count: Self.T), count: 2)
    #expect(diagnosis.jacobians?.stepNorms == ones)
    #expect(diagnosis.jacobians?.productNorms == ones)
    for norms in diagnosis.layers[0].stateNorms { #expect(Set(norms).count == 1) }
    #expect(diagnosis.flow?.kind == .neither)
    #expect(diagnosis.bound.kind == .aroundOne)
  }

  @Test func clippingScalesAllGradients() throws {
    let network = try GRU<Double>(inputSize: 1, hiddenSize: 3, initialization: .uniform, seed: 4)
    let (model, batch): (_, TrainingBatch<Double>) = (try model(network), try batch())
    let diagnosis = try model.diagnoseGradients(.meanSquaredError, of: batch)
    var gradients = try model.parameters.zeros()
    let (loss, _) = try model.loss(.meanSquaredError, of: batch, addingGradientsTo: &gradients)
    #expect(diagnosis.loss == loss)
    #expect(diagnosis.gradientNorm == gradients.norm)
    let limit = gradients.norm / 3
    try gradients.clip(.norm(limit))
    let clipped = diagnosis.clipping(at: limit)
    #expect(clipped.factor == limit / (diagnosis.gradientNorm + 1e-6))
    // The number of summed squares in a norm is the number of parameters.
    let rounding = Double(gradients.count) * .ulpOfOne * limit
    #expect(abs(clipped.norm - gradients.norm) <= rounding)
    #expect(diagnosis.clipping(at: 2 * diagnosis.gradientNorm).factor == 1)
  }

  // Shapes

  @Test func twoDirectionsHaveNormsAndNoJacobians() throws {
    let network = try LSTM<Double>(
      inputSize: 1, hiddenSize: 3, layers: 2, bidirectional: true, projectionSize: 2,
      initialization: .uniform, seed: 4)
    let diagnosis = try model(network, .everyStep).diagnoseGradients(
      .meanSquaredError, of: batch(.everyStep, lengths: [12, 7]))
    #expect(diagnosis.jacobians == nil)
    #expect(diagnosis.flow == nil)
    #expect(diagnosis.summary.contains("bidirectional networks"))
    #expect(diagnosis.layers.map(\.layer) == [0, 0, 1, 1])
    #expect(diagnosis.layers.map(\.isReverse) == [false, true, false, true])
    for recurrence in diagnosis.layers {
      #expect(recurrence.stateNorms.map(\.count) == [12, 7])
      #expect(recurrence.stateNorms.joined().allSatisfy { $0 > 0 })
      #expect(recurrence.gates.allSatisfy { $0.spectralRadius == nil })
    }
  }

  @Test func normsOfStatesAreThoseOfThePass() throws {
    let network = try GRU<Double>(
      inputSize: 1, hiddenSize: 3, layers: 2, bidirectional: true,
      initialization: .uniform, seed: 4)
    let (model, batch): (_, TrainingBatch<Double>) = (
      try model(network, .everyStep), try batch(.everyStep, lengths: [12, 7])
    )
    let diagnosis = try model.diagnoseGradients(.meanSquaredError, of: batch)
    guard case .features(let x) = batch.input, case .values(let targets) = batch.targets else {
      return
    }
    // ∂L/∂y is that of the mean of (y − t)² over the 19 valid steps, computed through the head by
    // hand.
    let pass = try network.trainingPass(x, lengths: batch.lengths)
    let outputs = try model.head(pass.outputs.matrix)
    var dy = outputs
    for row in 0..<dy.rows {
      let counts = row / 2 < batch.lengths![row % 2]
      dy[row, 0] = counts ? 2 * (outputs[row, 0] - targets[row, 0]) / 19 : 0
    }
    let slope = try model.head.trainingPass(pass.outputs.matrix).backward(outputGradient: dy).inputs
    let norms = try pass.backward(
      outputGradient: SequenceBatch(steps: Self.T, batchSize: 2, matrix: slope), stateNorms: true
    ).stateNorms!
    // The rounding errors of the loss derivatives differ.
    let operations = NetworkOperations(T: Self.T, B: 2, I: 1, H: 3, P: 3, G: 3, L: 2, D: 2).states
    let bound = Tolerance(operations: operations, magnitude: magnitude(norms.elements))
      .bound(epsilon: .ulpOfOne)
    for (part, recurrence) in diagnosis.layers.enumerated() {
      for (b, length) in batch.lengths!.enumerated() {
        for t in 0..<length {
          let want = norms[part * Self.T + t, b]
          #expect(abs(recurrence.stateNorms[b][t] - want) <= bound)
        }
      }
    }
  }

  @Test func whatCannotBeMeasuredIsAnError() throws {
    let masked = try model(GRU<Double>(inputSize: 1, hiddenSize: 3, zoneout: 0.1, seed: 0))
    let plain = try model(GRU<Double>(inputSize: 1, hiddenSize: 3, seed: 0))
    #expect(throws: RecurError.self) {
      try masked.diagnoseGradients(.meanSquaredError, of: batch())
    }
    #expect(throws: RecurError.self) {
      try plain.diagnoseGradients(.meanSquaredError, of: batch(), sequences: 3)
    }
    #expect(throws: RecurError.self) {
      try plain.diagnoseGradients(.meanSquaredError, of: batch(), saturatedBelow: 1.5)
    }
    let one = try plain.diagnoseGradients(.meanSquaredError, of: batch(), sequences: 1)
    #expect(one.jacobians?.stepNorms.count == 1)
  }
}
