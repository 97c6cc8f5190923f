// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The input of a model.
public enum ModelInput<Scalar: RecurScalar>: Sendable {
  /// Features, T·B x I.
  case features(SequenceBatch<Scalar>)

  /// Tokens, for a model with an embedding.
  case tokens(TokenBatch)

  /// T, the number of steps.
  public var steps: Int {
    switch self {
    case .features(let batch): batch.steps
    case .tokens(let batch): batch.steps
    }
  }

  /// B, the number of sequences.
  public var batchSize: Int {
    switch self {
    case .features(let batch): batch.batchSize
    case .tokens(let batch): batch.batchSize
    }
  }
}
