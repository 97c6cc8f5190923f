// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The seconds per call, averaged over `calls` calls.
private func seconds(_ calls: Int, _ call: () throws -> Void) rethrows -> Double {
  let duration = try ContinuousClock().measure { for _ in 0..<calls { try call() } }
  return duration / .seconds(1) / Double(calls)
}

private func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// Runs two functions in turns of about 1 ms, for about `budget` seconds. Returns the median time of the
/// first, and the median excess of the second over the first run just before it.
func inTurn(
  for budget: Double, _ first: () throws -> Void, _ second: () throws -> Void
) rethrows -> (Double, Double) {
  let once = try max(seconds(1, first), seconds(1, second))
  let calls = max(1, Int(1e-3 / once))
  let turns = max(3, Int(budget / (2 * once * Double(calls))))
  var (times, excesses) = ([Double](), [Double]())
  for _ in 0..<turns {
    let time = try seconds(calls, first)
    times.append(time)
    excesses.append(try seconds(calls, second) - time)
  }
  return (median(times), median(excesses))
}
