// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Recognizes the dates of a panel.
extension PanelRecognition {
  func setDates(_ form: inout PanelForm, _ source: DateSource) throws {
    switch source {
    case .none: break
    case .column(let date, time: nil): try setDates(&form, date)
    default:
      throw BadInput(
        "\(table.file.path): has the dates in several columns, expected one date column in a panel"
      )
    }
  }

  /// Chooses the form of the dates, and the calendar of the longest series.
  private func setDates(_ form: inout PanelForm, _ date: Int) throws {
    let candidates = patterns(of: date).compactMap { pattern -> (DatePattern, SeriesCalendar)? in
      let moments = longestSeries.compactMap { row in
        table.splitter.field(date, of: row, in: table.file).flatMap {
          pattern.moment(table.file.bytes, $0.range)
        }
      }
      let times = Set(moments.map { $0.time - Int($0.offset ?? 0) * 60_000 }).sorted()
      guard times.count > 1 else { return nil }
      return (pattern, SeriesCalendar.best(for: times, pattern.form(of: moments)))
    }
    let fitting = candidates.count > 1 ? candidates.filter { fits($0, date) } : candidates
    guard let (pattern, calendar) = fitting.first ?? candidates.first else {
      throw BadInput(
        "\(table.file.path): has no series with at least two dates among its first rows")
    }
    guard fitting.count < 2 else {
      throw BadInput(
        "\(table.file.path): dates are \(fitting.map(\.0.name).joined(separator: " or ")), expected one "
          + "order; give --date-order")
    }
    form.date = date
    form.pattern = pattern.name
    form.calendar = calendar
  }

  /// The forms that the most rows have; several if the order of day and month is open.
  private func patterns(of date: Int) -> [DatePattern] {
    let order = reading.series.dateOrder
    let all = choice.samples[date].patterns
    let asked = all.filter { order == nil || $0.order == nil || $0.order?.rawValue == order }
    let patterns = asked.isEmpty ? all : asked
    guard patterns.count > 1 else { return patterns }
    let counts = patterns.map { pattern in
      table.rows.count { row in
        let field = table.splitter.field(date, of: row, in: table.file)
        return field.flatMap { pattern.moment(table.file.bytes, $0.range) } != nil
      }
    }
    let most = counts.max()!
    return zip(patterns, counts).filter { $0.1 == most }.map(\.0)
  }

  /// Whether all dates of the longest series are in the calendar.
  private func fits(_ candidate: (pattern: DatePattern, calendar: SeriesCalendar), _ date: Int)
    -> Bool
  {
    longestSeries.allSatisfy { row in
      let field = table.splitter.field(date, of: row, in: table.file)
      let moment = field.flatMap { candidate.pattern.moment(table.file.bytes, $0.range) }
      return moment.map {
        candidate.calendar.number(of: $0.time - Int($0.offset ?? 0) * 60_000) != nil
      } ?? true
    }
  }
}
