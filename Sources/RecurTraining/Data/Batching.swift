// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// How batches are formed from examples.
public enum Batching: Sendable, Equatable, Codable {
  /// `size` examples at a time, in a new random order in every epoch; the last batch of an epoch
  /// may be smaller.
  case shuffled(size: Int)

  /// `size` examples at a time, in order, as for validation.
  case inOrder(size: Int)

  /// One example at a time, in order. The final state of each is the initial state of the next; no
  /// gradient flows between them (truncated backpropagation). Every epoch begins with a zero state.
  /// All examples must have the same number of sequences. Bidirectional networks are not supported:
  /// their reverse direction would continue from the beginning of the previous chunk.
  case stateful

  func validate(for model: some TrainableModel) throws(RecurError) {
    try require("batching", size, size >= 1, "at least 1")
    if self == .stateful { try model.requireStateful() }
  }

  var size: Int {
    switch self {
    case .shuffled(let size), .inOrder(let size): size
    case .stateful: 1
    }
  }

  /// The number of steps of an epoch.
  package func steps(examples: Int) -> Int {
    examples / size + (examples.isMultiple(of: size) ? 0 : 1)
  }
}
