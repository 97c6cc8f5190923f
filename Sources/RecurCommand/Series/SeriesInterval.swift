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

  /// Returns the next dates after the series.
  ///
  /// - Parameters:
  ///   - count: The number of dates.
  ///   - path: The path of the file.
  /// - Returns: The dates.
  /// - Throws: `BadInput` if a date is after the year 9999.
  func datesAfter(_ count: Int, path: String) throws -> [SeriesDate] {
    let (interval, monthEnds) = (try interval(), dates.allSatisfy(\.isMonthEnd))
    var next: [SeriesDate] = []
    while next.count < count {
      let step = next.count + 1
      guard let date = dates.last!.adding(interval, times: step, monthEnds: monthEnds) else {
        throw BadInput(
          "\(path): ends at \(dates.last!), expected a horizon of at most \(next.count), found \(count): "
            + "no date is after 9999-12-31")
      }
      next.append(date)
    }
    return next
  }

  /// Inserts the dates of omitted lines, with missing values. Otherwise, an omitted line would shift the
  /// seasons after it.
  func complete(path: String) throws -> Series {
    guard dates.count >= 2 else { return self }
    let (interval, monthEnds) = (try interval(), dates.allSatisfy(\.isMonthEnd))
    let steps = try gaps(interval, path: path)
    var all = self[0..<1]
    for next in dates.indices.dropFirst() {
      for step in 1..<steps[next - 1] {
        // The date exists, because it is before the next one.
        all.dates.append(
          dates[next - 1].adding(interval, times: step, monthEnds: monthEnds)!)
        all.values.append(nil)
      }
      all.dates.append(dates[next])
      all.values.append(values[next])
    }
    return all
  }

  /// Returns the number of intervals between each date and the next one.
  ///
  /// - Parameters:
  ///   - interval: The interval between dates.
  ///   - path: The path of the file.
  /// - Returns: The numbers, each at least 1.
  /// - Throws: `BadInput` if a number is not whole, or if far more dates are missing than given. A
  ///   mistyped year could leave millions of them.
  private func gaps(_ interval: DateInterval, path: String) throws -> [Int] {
    let steps = try dates.indices.dropFirst().map { next in
      let (a, b) = (dates[next - 1], dates[next])
      guard let steps = a.steps(to: b, interval) else {
        throw BadInput(
          "\(path):\(next + 2): date \(b) follows \(a), expected dates \(interval) apart")
      }
      return steps
    }
    let (missing, most) = (steps.reduce(0, +) - steps.count, 10 * dates.count + 1000)
    guard missing <= most else {
      let widest = steps.indices.max { steps[$0] < steps[$1] }!
      throw BadInput(
        "\(path):\(widest + 3): date \(dates[widest + 1]) follows \(dates[widest]) on line \(widest + 2): "
          + "with dates \(interval) apart, \(missing) lines are missing, expected at most \(most)")
    }
    return steps
  }
}
