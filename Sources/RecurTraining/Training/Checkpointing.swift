// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// How a run is saved to a file during training, so that an interruption loses only the steps since
/// the last checkpoint.
public struct Checkpointing: Sendable {
  /// The file; each checkpoint replaces the previous one.
  public var url: URL

  /// The number of steps between checkpoints; nil for none within an epoch. The run is also saved
  /// after every epoch and when it is canceled.
  public var every: Int?

  /// Strings to store in the file; ``SafeTensors/info`` returns them.
  public var info: [String: String]

  /// Creates the options for checkpoints.
  ///
  /// - Parameters:
  ///   - url: the file; each checkpoint replaces the previous one.
  ///   - every: the number of steps between checkpoints, at least 1; nil for none within an epoch.
  ///   - info: strings to store in the file, such as a vocabulary; ``SafeTensors/info`` returns
  ///     them.
  public init(_ url: URL, every: Int? = nil, info: [String: String] = [:]) {
    self.url = url
    self.every = every
    self.info = info
  }

  func validate() throws(RecurError) {
    guard let every, every < 1 else { return }
    throw .invalid(argument: "every", reason: "is \(every), expected at least 1")
  }

  func isDue(after step: TrainingStep) -> Bool {
    if step.finishedEpoch != nil { return true }
    guard let every else { return false }
    return (step.index + 1) % every == 0
  }
}
