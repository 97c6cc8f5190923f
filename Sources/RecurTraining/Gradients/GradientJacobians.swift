// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The norms σ₁ of the Jacobians that multiply the gradient in the backward pass of a
/// unidirectional network. s is the whole state: h of every layer and, for an LSTM, c of every
/// layer.
///
/// With S up to 32, the norms are exact up to rounding; otherwise their relative error is about
/// 1e-5. The products are stored with a separate power of two, so even in single precision their
/// norms cover 1e-308 to 1e308. Each list has one value per step of the sequence.
public struct GradientJacobians: Sendable, Equatable, Codable {
  /// ‖∂sₜ/∂sₜ₋₁‖ for each step t.
  public var stepNorms: [[Double]]

  /// The norm of the derivative of the last state with respect to sₜ₋₁, for each step t. It is the
  /// norm of the product of the Jacobians from the last step back to step t. The first value covers
  /// all steps, from the end to the initial state.
  public var productNorms: [[Double]]

  /// The maximum product norm over all sequences, for k = 1, 2, … steps back from the end.
  public var maximumProductNorms: [Double] {
    let longest = productNorms.map(\.count).max() ?? 0
    return (0..<longest).map { back in
      productNorms.compactMap { back < $0.count ? $0[$0.count - 1 - back] : nil }
        .reduce(0) { $1.isNaN || $0.isNaN ? .nan : max($0, $1) }
    }
  }
}

extension RecurrentNetwork {
  /// Computes the Jacobians of the first sequences of a batch, as many as there are lengths.
  func gradientJacobians(
    _ input: SequenceBatch<Scalar>, lengths: [Int], initialState: State?, _ threads: Threads?
  ) throws(RecurError) -> GradientJacobians {
    let states = try states(input, initialState, steps: lengths.max() ?? 0)
    let places = StateLayout(configuration)
    var result = GradientJacobians(stepNorms: [], productNorms: [])
    for (b, length) in lengths.enumerated() {
      var (steps, products): ([Double], [Double]) = ([], [])
      var product = JacobianProduct(matrix: try places.identity(Scalar.self))
      for t in (0..<length).reversed() {
        let jacobian = try transposedJacobian(input, states[t], step: t, sequence: b, threads)
        steps.append(jacobian.largestSingularValue)
        product = try product.times(transposed: jacobian)
        products.append(product.norm)
      }
      result.stepNorms.append(steps.reversed())
      result.productNorms.append(products.reversed())
    }
    return result
  }

  /// Computes the states before the first steps. Running step by step is bit-identical to running
  /// layer by layer.
  private func states(
    _ input: SequenceBatch<Scalar>, _ initialState: State?, steps: Int
  ) throws(RecurError) -> [State] {
    let zero = try zeroState(batchSize: input.batchSize)
    var states = [initialState ?? zero]
    for t in 0..<max(steps - 1, 0) {
      states.append(try step(input.step(t), from: states[t]).state)
    }
    return states
  }

  /// Computes the transpose of ∂sₜ/∂sₜ₋₁ for one sequence, S x S. A training pass over that step
  /// has one sequence per element of the state. In each sequence, the gradient of the final state
  /// is 1 for that element and 0 for the others.
  private func transposedJacobian(
    _ input: SequenceBatch<Scalar>, _ before: State, step: Int, sequence: Int, _ threads: Threads?
  ) throws(RecurError) -> Matrix<Scalar> {
    let places = StateLayout(configuration)
    let row = (0..<input.features).map { input[step, sequence, $0] }
    let inputs = try SequenceBatch(
      steps: 1, batchSize: places.count, features: input.features,
      elements: repeatElement(row, count: places.count).joined())
    let pass = try trainingPass(
      inputs, initialState: state(places.copies(of: before, sequence: sequence)),
      threads: threads)
    let gradients = try pass.backward(finalStateGradient: state(places.units(Scalar.self)))
    return try places.transposedRows(of: gradients.initialState)
  }
}

/// A product of Jacobians as a matrix times a power of two.
private struct JacobianProduct<Scalar: RecurScalar> {
  var matrix: Matrix<Scalar>
  var exponent = 0

  /// The norm σ₁.
  var norm: Double {
    Double(sign: .plus, exponent: exponent, significand: matrix.largestSingularValue)
  }

  /// Returns P J, given the transpose of J.
  func times(transposed jacobian: Matrix<Scalar>) throws(RecurError) -> JacobianProduct {
    var product = try JacobianProduct(
      matrix: Linear(weight: jacobian)(matrix), exponent: exponent)
    let largest = product.matrix.withSpan { span in
      span.indices.reduce(Scalar(0)) { max($0, span[$1].magnitude) }
    }
    guard largest > 0, largest.isFinite else { return product }
    product.exponent += Int(largest.exponent)
    let scale = Scalar(sign: .plus, exponent: -largest.exponent, significand: 1)
    product.matrix.withMutableSpan { span in
      for index in span.indices { span[index] *= scale }
    }
    return product
  }
}

extension Matrix {
  fileprivate var largestSingularValue: Double {
    RealMatrix(rows: rows, columns: columns, elements: elements.map(Double.init))
      .largestSingularValue
  }
}
