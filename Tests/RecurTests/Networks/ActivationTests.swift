// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport
import Testing

/// Compares activations with the reference's formulas and derivatives.
@Suite struct ActivationTests {
  static let all: [Activation] =
    TestedCells.activations + [.silu, .leakyRelu(alpha: -0.3), .elu(alpha: -0.4)]

  /// The corners, and points on both sides of each.
  static let z: [Double] =
    [-0.4, -0.3, 0, 0.3] + stride(from: -6.0, through: 6, by: 0.37).map { $0 + 0.001 }

  @Test(arguments: all) func valuesAndGradients(_ phi: Activation) throws {
    let z = try Matrix<Double>(rows: 1, columns: Self.z.count, elements: Self.z)
    let dh = try z.map { 1 + $0 / 8 }
    let h = try phi(z)
    let dz = try phi.backward(inputs: z, outputGradient: dh)
    for k in Self.z.indices {
      let (value, slope) = (phi.reference(Self.z[k]), phi.reference.slope(at: Self.z[k]))
      let tolerance = 64 * Double.ulpOfOne * max(1, abs(value), abs(slope))
      #expect(abs(h[0, k] - value) <= tolerance, "φ(\(Self.z[k]))")
      #expect(abs(dz[0, k] - dh[0, k] * slope) <= tolerance * abs(dh[0, k]), "φ′(\(Self.z[k]))")
    }
  }

  @Test(arguments: all) func slopesFromValues(_ phi: Activation) throws {
    let z = try SequenceBatch<Float>(
      steps: 2, batchSize: 1, features: 3, elements: [-2.5, -0.7, -0.1, 0.1, 0.7, 2.5])
    let h = try phi(z)
    switch phi {
    case .silu, .leakyRelu(alpha: -0.3), .elu(alpha: -0.4):
      #expect(throws: RecurError.self) { try phi.slopes(outputs: h) }
    default:
      let slopes = try phi.slopes(outputs: h)
      let ones = try z.map { _ in Float(1) }
      let exact = try phi.backward(inputs: z, outputGradient: ones)
      for (slope, exact) in zip(slopes.elements, exact.elements) {
        #expect(abs(slope - exact) <= 64 * .ulpOfOne)
      }
    }
  }

  @Test(arguments: all) func noSlopeIsLargerThanTheSupremum(_ phi: Activation) throws {
    let slopes = stride(from: -8.0, through: 8, by: 0.001).map { abs(phi.reference.slope(at: $0)) }
    let largest = slopes.max()!
    #expect(largest <= phi.maxSlope * (1 + 4 * .ulpOfOne))
    #expect(largest >= 0.99 * phi.maxSlope)
  }

  @Test func networksRefuseToTrainWithoutSlopes() throws {
    let network = try LSTM<Float>(
      inputSize: 1, hiddenSize: 2, candidateActivation: .silu, seed: 1)
    let x = try SequenceBatch<Float>(steps: 2, batchSize: 1, features: 1)
    #expect(try network(x).outputs.steps == 2)
    #expect {
      _ = try network.trainingPass(x)
    } throws: { error in
      guard case .unsupported(let argument, let reason) = error as? RecurError else { return false }
      return argument == "candidateActivation" && reason.contains("SiLU")
    }
  }

  @Test func limitsHaveToBeInOrder() throws {
    let z = try Matrix<Double>([[0]])
    for (min, max) in [(1.0, -1.0), (0.5, 0.5), (.nan, 1)] {
      #expect(throws: RecurError.self) { try Activation.hardTanh(min: min, max: max)(z) }
      #expect(throws: RecurError.self) {
        try RNN<Double>(
          inputSize: 1, hiddenSize: 1, activation: .hardTanh(min: min, max: max), seed: 1)
      }
      #expect(Activation.hardTanh(min: min, max: max).maxSlope.isNaN)
    }
  }

  @Test func shapesHaveToAgree() throws {
    let (z, dh) = try (Matrix<Float>([[1, 2]]), Matrix<Float>([[1], [2]]))
    #expect(
      throws: RecurError.shape(
        argument: "outputGradient", expected: .init(1, 2), found: .init(2, 1))
    ) { try Activation.tanh.backward(inputs: z, outputGradient: dh) }
  }
}
