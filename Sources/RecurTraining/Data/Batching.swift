// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// How batches are made of examples.
public enum Batching: Sendable, Equatable, Codable {
  /// In a new order in every epoch, so many at a time; the last batch of an epoch may be smaller.
  case shuffled(size: Int)

  /// In their order, so many at a time, such as for validation.
  case inOrder(size: Int)

  /// In their order, one at a time, where each goes on from the one before: its final state is the
  /// next one's initial state, through which no gradient flows (truncated back-propagation). An epoch
  /// begins from zero. Not for bidirectional networks, whose reverse direction would go on from the
  /// beginning of the chunk before.
  case continued

  func validate(for network: NetworkDescription) throws(RecurError) {
    try RecurTraining.require("batching", size, size >= 1, "at least 1")
    guard self != .continued || network.directions == 1 else {
      throw .unsupported(
        argument: "batching", reason: "is continued, which a bidirectional network cannot be")
    }
  }

  var size: Int {
    switch self {
    case .shuffled(let size), .inOrder(let size): size
    case .continued: 1
    }
  }
}
