// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Reports the number of series so far, at most twice a minute.
struct SeriesProgress {
  private static let interval = Duration.seconds(30)
  private let start = ContinuousClock.now
  private var reported = ContinuousClock.now
  private var count = 0

  mutating func add(_ series: Int) {
    count += series
    let now = ContinuousClock.now
    guard now - reported >= Self.interval else { return }
    reported = now
    note("  \(count) series in \(fixed((now - start) / .seconds(1), decimals: 0)) s")
  }
}
