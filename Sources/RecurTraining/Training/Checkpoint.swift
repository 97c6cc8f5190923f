// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// Where a run is written to on its way, so that whatever stops it costs no more than the steps since.
public struct Checkpoint: Sendable {
  public var url: URL

  /// After how many steps; at the end of an epoch, and where the run is cancelled, in any case.
  public var every: Int?

  /// Strings to be kept beside the run; ``SafeTensors/info`` has them again.
  public var info: [String: String]

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
    return (step.step + 1) % every == 0
  }
}
