// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The labels of dates along the axis of a plot: few enough to be read, at round dates.
struct DateLabels {
  /// The indices of the labeled dates, and their texts.
  let labels: [(index: Int, text: String)]

  /// Chooses the shortest distance whose labels fit.
  ///
  /// - Parameter dates: The dates, in order.
  init(of dates: [SeriesDate]) {
    for unit in Self.units(of: dates[0].form) {
      for stride in unit.strides {
        let found = unit.labels(of: dates, stride: stride)
        // A plot as text has room for about 90 characters.
        if found.count >= 2, found.count <= min(10, 90 / (found[0].text.count + 4)) {
          labels = found
          return
        }
      }
    }
    labels = [0, dates.count - 1].map { ($0, "\(dates[$0])") }
  }

  /// The units of time from that of the dates to years.
  private static func units(of form: SeriesDate.Form) -> [Unit] {
    switch form {
    case .number: [.number]
    case .year: [.year]
    case .quarter: [.quarter, .year]
    case .month: [.month, .year]
    case .week: [.week, .year]
    case .day: [.day, .month, .year]
    case .minute: [.minute, .hour, .day, .month, .year]
    case .second, .millisecond: [.second, .minute, .hour, .day, .month, .year]
    }
  }
}

/// A unit of time between labels.
private struct Unit: Sendable {
  /// The numbers of units between labels, in increasing order.
  var strides: [Int]

  /// The number of the unit that contains a time.
  var number: @Sendable (Int) -> Int
  var text: @Sendable (SeriesDate) -> String

  /// Labels the first date of every so many units.
  func labels(of dates: [SeriesDate], stride: Int) -> [(index: Int, text: String)] {
    func group(_ time: Int) -> Int { number(time).floorDivided(by: stride) }
    return dates.indices.filter { index in
      // The first date is labeled only if a group begins with it.
      let before = index == 0 ? dates[0].time - 1 : dates[index - 1].time
      return group(before) != group(dates[index].time)
    }.map { ($0, text(dates[$0])) }
  }

  private static let round: [Int] = (0..<9).flatMap { power in
    [1, 2, 5].map { $0 * repeatElement(10, count: power).reduce(1, *) }
  }

  private static func day(_ time: Int) -> CivilDay {
    CivilDay(number: time.floorDivided(by: SeriesDate.day))
  }

  /// Month, day and time of day.
  @Sendable private static func withTime(_ date: SeriesDate) -> String {
    String("\(date)".prefix(16).dropFirst(5)).replacing("T", with: " ")
  }

  static let number = Unit(strides: round, number: { $0 }, text: { "\($0)" })
  static let year = Unit(
    strides: round, number: { day($0).year }, text: { String("\($0)".prefix(4)) })
  static let quarter = Unit(strides: [3, 6], number: { day($0).months }, text: { "\($0)" })
  static let month = Unit(
    strides: [1, 2, 3, 6], number: { day($0).months }, text: { String("\($0)".prefix(7)) })
  static let week = Unit(
    strides: [1, 2, 4, 13, 26],
    number: { ($0.floorDivided(by: SeriesDate.day) + 3).floorDivided(by: 7) },
    text: { "\($0)" })
  static let day = Unit(
    strides: [1, 2, 7, 14], number: { $0.floorDivided(by: SeriesDate.day) + 3 },
    text: { String("\($0)".prefix(10)) })
  static let hour = Unit(
    strides: [1, 2, 3, 6, 12], number: { $0.floorDivided(by: 3_600_000) }, text: withTime)
  static let minute = Unit(
    strides: [1, 2, 5, 10, 15, 30], number: { $0.floorDivided(by: 60_000) }, text: withTime)
  static let second = Unit(
    strides: [1, 2, 5, 10, 15, 30], number: { $0.floorDivided(by: 1000) },
    text: { String("\($0)".dropFirst(11).prefix(8)) })
}
