// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

/// Norms of matrices, and what they tell about gradients.
@Suite struct RealMatrixTests {
  private func matrix(_ rows: Int, _ elements: [Double]) -> RealMatrix {
    RealMatrix(rows: rows, columns: elements.count / rows, elements: elements)
  }

  @Test(
    arguments: [
      (1, [3, -4], 5), (2, [3, -4], 5), (2, [3, 0, 0, -7], 7), (2, [0, 0, 0, 0], 0), (1, [0], 0),
      (2, [1, 1, 1, 1], 2), (2, [1, 1, 0, 1], 1.618033988749895), (1, [5e-324], 5e-324),
      (2, [3e300, 0, 0, 4e300], 4e300), (1, [.infinity, 1], .infinity),
      (1, [-.infinity], .infinity),
      (2, [2, 1, 1, 2, 0, 1], 3.24421605),
    ] as [(Int, [Double], Double)])
  func spectralNorms(rows: Int, elements: [Double], norm: Double) {
    let found = matrix(rows, elements).largestSingularValue
    #expect(found == norm || abs(found - norm) <= 1e-7 * norm)
  }

  @Test(
    arguments: [
      (1, [-3], 3), (2, [0, 2, -2, 0], 2), (2, [0, 1, 0, 0], 0), (2, [0, 0, 0, 0], 0),
      (2, [1e300, 0, 0, -2e300], 2e300), (2, [.infinity, 0, 0, 1], .infinity),
    ] as [(Int, [Double], Double)])
  func spectralRadii(rows: Int, elements: [Double], radius: Double) {
    let found = matrix(rows, elements).spectralRadius
    #expect(found == radius || abs(found - radius) <= 1e-14 * radius)
  }

  @Test func notANumberStaysSo() {
    #expect(matrix(1, [.nan, .infinity]).largestSingularValue.isNaN)
    #expect(matrix(1, [.nan]).spectralRadius.isNaN)
  }

  /// A matrix of rank 1 is exact at any size, and one with many columns is near.
  @Test func largeMatricesAreEstimated() {
    var generator = SplitMix64(seed: 4)
    func norm(_ vector: [Double]) -> Double {
      vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    for (rows, columns) in [(3, 50), (50, 3), (40, 40)] {
      let u: [Double] = (0..<rows).map { _ in generator.nextNormal() }
      let v: [Double] = (0..<columns).map { _ in generator.nextNormal() }
      let product: [Double] = u.flatMap { x in v.map { x * $0 } }
      let (found, expected) = (matrix(rows, product).largestSingularValue, norm(u) * norm(v))
      #expect(abs(found - expected) <= 1e-12 * expected)
    }
    // The singular values are 1 to 60.
    var diagonal = Array(repeating: 0.0, count: 60 * 60)
    for k in 0..<60 { diagonal[61 * k] = Double(k + 1) }
    let found = matrix(60, diagonal).largestSingularValue
    #expect(abs(found - 60) <= 1e-5 * 60)
  }

  @Test(
    arguments: [
      ([1, 0.5, 1e-3], .neither, nil, 0.1), ([1, 0.5, 0.9e-3], .vanishes, 3, 0.0965489384),
      ([0.5, 1e-4, 1e-5], .vanishes, 2, 0.0215443469), ([1e-4, 1], .neither, nil, 1),
      ([1e-4], .vanishes, 1, 1e-4), ([10, 1000], .neither, nil, 31.6227766),
      ([10, 1001, 1], .explodes, 2, 1), ([1e-9, 2000], .explodes, 2, 44.7213595),
      ([2000, 1e-9], .explodes, 1, 3.16227766e-5), ([1, .infinity], .explodes, 2, nil),
      ([1, .nan], .explodes, 2, nil), ([], .neither, nil, nil),
    ] as [([Double], GradientFlow.Kind, Int?, Double?)])
  func flows(products: [Double], kind: GradientFlow.Kind, stepsBack: Int?, factor: Double?) {
    let flow = GradientFlow(products)
    #expect(flow.kind == kind && flow.stepsBack == stepsBack)
    #expect((flow.factorPerStep == nil) == (factor == nil))
    if let found = flow.factorPerStep, let factor {
      #expect(abs(found - factor) <= 1e-8 * factor)
    }
  }

  @Test func flowsInWords() {
    #expect(
      GradientFlow([1e-4]).summary
        == "Gradients vanish: from 1 step back on, less than 0.001 of them remains. On average, each step "
        + "back multiplies their largest component by 0.0001.")
    #expect(
      GradientFlow([1, .infinity]).summary
        == "Gradients explode: 2 steps back, they can grow by a factor above 1000.")
    #expect(
      GradientFlow([0.25]).summary
        == "Gradients neither vanish nor explode over these steps. On average, each step back multiplies "
        + "their largest component by 0.25.")
    #expect(GradientFlow.vanishingThreshold == 1e-3 && GradientFlow.explodingThreshold == 1e3)
  }

  @Test func boundsInWords() throws {
    var bound = GradientBound(
      try RNN<Double>(inputSize: 1, hiddenSize: 1, seed: 1), largestSingularValue: 1)
    #expect(bound.kind == .mayExplode && bound.largestSlope == 1)
    #expect(bound.largestSingularValue == 1)
    func summary(_ kind: GradientBound.Kind, _ slope: Double, _ value: Double) -> String {
      bound.kind = kind
      (bound.largestSlope, bound.largestSingularValue) = (slope, value)
      return bound.summary
    }
    let sizes = "γ σ₁(W_hh) = 0.25 · 2 = 0.5"
    #expect(
      summary(.vanishes, 0.25, 2)
        == sizes
        + " is below 1, so gradients vanish over enough steps for any input (Pascanu, Mikolov "
        + "and Bengio 2013).")
    #expect(
      summary(.mayExplode, 0.25, 2)
        == sizes
        + " is not below 1, which is necessary but not sufficient for gradients to explode "
        + "(Pascanu, Mikolov and Bengio 2013).")
    #expect(
      summary(.aroundOne, 0.25, 2)
        == sizes
        + ": the norm of 1 + diag(φ′) W_hh is at most 1 plus this product, which does not keep "
        + "gradients from exploding.")
    #expect(
      summary(.aroundOne, 1, 0)
        == "γ σ₁(W_hh) = 1 · 0 = 0: the Jacobian of a step is exactly 1, so gradients pass back "
        + "unchanged.")
    #expect(
      summary(.unknown, 1, 1)
        == "For a network with gates, W_hh alone gives no such bound; the measurements apply to this "
        + "batch only.")
  }

  @Test func productsHaveMaxima() {
    let jacobians = GradientJacobians(
      stepNorms: [], productNorms: [[1, 5, 2], [4], [], [.nan, 7]])
    let maxima = jacobians.maximumProductNorms
    #expect(maxima[0] == 7 && maxima[1].isNaN && maxima[2] == 1 && maxima.count == 3)
    #expect(GradientJacobians(stepNorms: [], productNorms: []).maximumProductNorms == [])
  }
}
