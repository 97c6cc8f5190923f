// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

/// Learning tasks, compared with baselines. Each test prints a row of the table in docs/tasks.md.
/// The slow ones run in `make test-slow`.
///
/// The tests run one after another, so that their times are accurate.
@Suite(.serialized) struct TaskTests {
  static let slow = ProcessInfo.processInfo.environment["RECUR_TEST_SLOW"] != nil

  /// A file of Examples/data.
  static func data(_ name: String) throws -> Data {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try Data(
      contentsOf: tests.deletingLastPathComponent().appending(path: "Examples/data/\(name)"))
  }
}

/// A row of the table.
struct TaskRow {
  let task: String
  let model: String
  let seed: UInt64
  let steps: Int
  let reached: Double
  let baselines: [Double]
  let start: ContinuousClock.Instant

  func show() {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let numbers = [reached] + baselines
    let shown = numbers.map { $0 < 0.01 ? String(format: "%.6f", $0) : String(format: "%.4f", $0) }
    print(
      "| \(task) | \(model) | \(seed) | \(steps) | \(shown[0]) "
        + "| \(shown.dropFirst().joined(separator: "; ")) | \(String(format: "%.1f", seconds)) |")
    fflush(nil)
  }
}
