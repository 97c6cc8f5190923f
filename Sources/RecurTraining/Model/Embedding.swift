// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Vectors for tokens: row k of `weight` is that of token k.
public struct Embedding<Scalar: RecurScalar>: Sendable {
  /// V: how many tokens there are, 0 ..< V.
  public let vocabularySize: Int

  /// How long a token's vector is.
  public let size: Int

  /// `weight` (V x size).
  public var parameters: ParameterVector<Scalar>

  /// An embedding of normally distributed numbers (PyTorch's default).
  ///
  /// - Parameters:
  ///   - vocabularySize: V, at least 1.
  ///   - size: how long a token's vector is, at least 1.
  ///   - seed: what the numbers are drawn from.
  /// - Throws: `RecurError` for a size below 1, or without memory.
  public init(vocabularySize: Int, size: Int, seed: UInt64) throws(RecurError) {
    // A linear layer's weight of the same shape; it knows how to refuse sizes.
    let layer = try Linear<Scalar>(zeros: size, vocabularySize, bias: false)
    self.vocabularySize = vocabularySize
    self.size = size
    self.parameters = layer.parameters
    var generator = SplitMix64(seed: seed)
    parameters.withMutableSpan { span in
      for index in span.indices { span[index] = Scalar(generator.nextNormal()) }
    }
  }

  /// An embedding with a given weight, V x size, such as PyTorch's.
  public init(weight: Matrix<Scalar>) throws(RecurError) {
    let layer = try Linear<Scalar>(weight: weight)
    self.vocabularySize = weight.rows
    self.size = weight.columns
    self.parameters = layer.parameters
  }

  /// The tokens' vectors: as many rows x size.
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

  /// Adds to the gradient of the weight what the gradient of the vectors means for it, row after row.
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
      throw .invalid(argument: "gradients", reason: "are not of this embedding's parameters")
    }
    outputGradient.matrix.withSpan { rows in
      gradients.withMutableSpan { weight in
        for (row, token) in tokens.tokens.enumerated() {
          for k in 0..<size { weight[token * size + k] += rows[row * size + k] }
        }
      }
    }
  }
}
