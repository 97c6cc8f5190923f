// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

extension SeriesRows {
  mutating func mergeDuplicates(_ aggregation: Aggregation?, _ note: (String) -> Void) throws {
    guard let first = times.indices.dropFirst().first(where: { times[$0] == times[$0 - 1] }) else {
      return
    }
    let isHour = aggregation == nil && isRepeatedHours
    let isSame = aggregation == nil && !isHour && haveSameValues
    guard aggregation != nil || isHour || isSame else { throw duplicateDate(first) }
    var (kept, merged, start) = ([Int](), 0, 0)
    while start < times.count {
      var end = start + 1
      while end < times.count, times[end] == times[start] { end += 1 }
      kept.append(start)
      if end > start + 1 {
        merged += end - start - 1
        let known = values[start..<end].filter { !$0.isNaN }
        if !known.isEmpty { values[start] = (aggregation ?? .mean).value(of: known) }
        guard known.isEmpty || values[start].magnitude <= maximumMagnitude else {
          throw BadInput(
            "\(place(start)): the \(aggregation!.rawValue) of \(date(start)) is \(values[start]), expected at most "
              + "\(maximumMagnitude) in magnitude")
        }
      }
      start = end
    }
    let text = date(first).description
    take(kept)
    guard !isHour else {
      note(
        "\(path): an hour is repeated at the end of daylight saving time, first at \(text): the mean of "
          + "both values is used")
      return
    }
    let what = merged == 1 ? "1 row repeats a date" : "\(merged) rows repeat dates"
    let how =
      aggregation.map { ", first \(text); merged by --aggregate \($0.rawValue)" }
      ?? " with the same value, first \(text)"
    note("\(path): \(what)\(how)")
  }

  /// Whether all rows of a date have the same value.
  private var haveSameValues: Bool {
    times.indices.dropFirst().allSatisfy {
      times[$0] != times[$0 - 1] || values[$0] == values[$0 - 1]
        || values[$0].isNaN && values[$0 - 1].isNaN
    }
  }

  /// Whether the repeated times are one hour of Sunday nights a year, each time repeated once.
  var isRepeatedHours: Bool {
    guard form.rawValue >= SeriesDate.Form.minute.rawValue, offset == nil else { return false }
    var (hours, last, hasRepeat) = (Set<Int>(), Int.min, false)
    for index in times.indices.dropFirst() where times[index] == times[index - 1] {
      guard times[index] != last else { return false }
      last = times[index]
      hasRepeat = true
      let hour = last.floorDivided(by: 3_600_000)
      let isNight = 0...3 ~= hour - 24 * hour.floorDivided(by: 24)
      guard isNight, CivilDay.weekday(hour.floorDivided(by: 24)) == 6 else { return false }
      hours.insert(hour)
    }
    guard let first = times.first, let end = times.last, hasRepeat else { return false }
    return hours.count <= 1 + (end - first) / (365 * SeriesDate.day)
  }
}
