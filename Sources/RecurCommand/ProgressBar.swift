// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A progress bar on standard error, drawn over itself on a terminal; elsewhere a plain line now and
/// then.
struct ProgressBar {
  let total: Int
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1

  init(total: Int) {
    self.total = total
  }

  /// Shows that `done` of the total are done.
  func show(_ done: Int, _ details: String) {
    let share = Double(done) / Double(total)
    let left = seconds * (1 - share) / share
    let line = "epoch \(done)/\(total)  \(details)  \(fixed(left, decimals: 0)) s left"
    if isTerminal {
      let width = 24
      let filled = Int(share * Double(width))
      let bar =
        String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled)
      let end = done == total ? "\n" : ""
      writeToStandardError("\r[\(bar)] \(line)\u{1B}[K\(end)")
    } else if done == total || done.isMultiple(of: max(1, total / 5)) {
      note(line)
    }
  }

  var seconds: Double {
    (ContinuousClock.now - start) / .seconds(1)
  }
}

/// A number with so many decimals.
func fixed(_ value: Double, decimals: Int) -> String {
  String(format: "%.\(decimals)f", value)
}
