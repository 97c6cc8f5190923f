// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension Series {
  /// The most frequent interval between dates; the shortest of several equally frequent ones.
  func interval() throws -> DateInterval {
    guard dates.count >= 2 else {
      throw BadInput(
        "the series has \(dates.isEmpty ? "no dates" : "one date"), expected at least 2")
    }
    var counts: [DateInterval: Int] = [:]
    for (a, b) in zip(dates, dates.dropFirst()) { counts[a.interval(to: b), default: 0] += 1 }
    let most = counts.values.max()!
    return counts.filter { $0.value == most }.keys.min { $0.lengthInDays < $1.lengthInDays }!
  }

  /// The next `count` dates after the series.
  func datesAfter(_ count: Int) throws -> [SeriesDate] {
    let (interval, monthEnds) = (try interval(), dates.allSatisfy(\.isMonthEnd))
    return (1...count).map { dates.last!.adding(interval, times: $0, monthEnds: monthEnds) }
  }

  /// Inserts the dates of omitted lines, with missing values. Otherwise, an omitted line would shift the
  /// seasons after it.
  func complete(path: String) throws -> Series {
    guard dates.count >= 2 else { return self }
    let (interval, monthEnds) = (try interval(), dates.allSatisfy(\.isMonthEnd))
    var all = self[0..<1]
    for next in dates.indices.dropFirst() {
      let (a, b) = (dates[next - 1], dates[next])
      guard let steps = a.steps(to: b, interval) else {
        throw BadInput(
          "\(path):\(next + 2): date \(b) follows \(a), expected dates \(interval) apart")
      }
      for step in 1..<max(steps, 1) {
        all.dates.append(a.adding(interval, times: step, monthEnds: monthEnds))
        all.values.append(nil)
      }
      all.dates.append(b)
      all.values.append(values[next])
    }
    return all
  }
}
