// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// An embedding of tokens: row k of `weight` is the vector of token k.
public struct Embedding<Scalar: RecurScalar>: Sendable {
  /// V: the number of tokens, which are 0 ..< V.
  public let vocabularySize: Int

  /// The embedding size: the number of elements of a token's vector.
  public let size: Int

  /// The parameters: `weight` (V x size).
  public var parameters: ParameterVector<Scalar>

  /// Creates an embedding with normally distributed elements (PyTorch's default).
  ///
  /// - Parameters:
  ///   - vocabularySize: V, at least 1.
  ///   - size: the embedding size, at least 1.
  ///   - seed: the seed of the random elements.
  /// - Throws: `RecurError` if a size is below 1, or if memory allocation fails.
  public init(vocabularySize: Int, size: Int, seed: UInt64) throws(RecurError) {
    // A linear layer has a weight of the same shape and checks the sizes.
    let layer = try Linear<Scalar>(zeros: size, vocabularySize, bias: false)
    self.vocabularySize = vocabularySize
    self.size = size
    self.parameters = layer.parameters
    var generator = SplitMix64(seed: seed)
    // The layer shares its memory until the end of its scope.
    _ = try parameters.uniqueBase()
    parameters.withMutableSpan { span in
      for index in span.indices { span[index] = Scalar(generator.nextNormal()) }
    }
  }

  /// Creates an embedding with a given weight, such as PyTorch's.
  ///
  /// - Parameter weight: V x size.
  /// - Throws: `RecurError` if the weight is empty, or if memory allocation fails.
  public init(weight: Matrix<Scalar>) throws(RecurError) {
    let layer = try Linear<Scalar>(weight: weight)
    self.vocabularySize = weight.rows
    self.size = weight.columns
    self.parameters = layer.parameters
  }

  /// Returns the vectors of tokens.
  ///
  /// - Parameter tokens: T·B tokens.
  /// - Returns: the vectors, T·B x size.
  /// - Throws: `RecurError` if a token is out of range, or if memory allocation fails.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func callAsFunction(_ tokens: TokenBatch) throws(RecurError) -> SequenceBatch<Scalar> {
    try tokens.require(vocabularySize)
    var result = try SequenceBatch<Scalar>(
      steps: tokens.steps, batchSize: tokens.batchSize, features: size)
    parameters.withSpan { weight in
      result.withMutableSpan { rows in
        for (row, token) in tokens.tokens.enumerated() {
          for k in 0..<size { rows[row * size + k] = weight[token * size + k] }
        }
      }
    }
    return result
  }

  /// Adds the gradient with respect to the weight. Each row of `outputGradient` is added to the row
  /// of its token, in order.
  ///
  /// - Parameters:
  ///   - tokens: T·B tokens.
  ///   - outputGradient: the gradient of the loss with respect to the vectors, T·B x size.
  ///   - gradients: a vector with the layout of the embedding's parameters.
  /// - Throws: `RecurError` if a token is out of range, if a gradient has a different shape, or if
  ///   memory allocation fails.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func backward(
    tokens: TokenBatch, outputGradient: SequenceBatch<Scalar>,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) {
    try tokens.require(vocabularySize)
    guard outputGradient.matrix.rows == tokens.tokens.count, outputGradient.features == size else {
      throw .shape(
        argument: "outputGradient", expected: .init(tokens.tokens.count, size),
        found: .init(outputGradient.matrix.rows, outputGradient.features))
    }
    guard gradients.slices == parameters.slices else {
      throw .invalid(
        argument: "gradients", reason: "does not have the layout of this embedding's parameters")
    }
    _ = try gradients.uniqueBase()
    outputGradient.matrix.withSpan { rows in
      gradients.withMutableSpan { weight in
        for (row, token) in tokens.tokens.enumerated() {
          for k in 0..<size { weight[token * size + k] += rows[row * size + k] }
        }
      }
    }
  }
}
