// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// Random series, each written in a random form, are read as the same dates and values.
@Suite struct SeriesPropertyTests {
  /// SplitMix64, so that a seed repeats a failure.
  private struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
  }

  private struct Written {
    var text = ""
    var options = SeriesReading()
    var dates: [SeriesDate] = []
    var values: [Double?] = []
  }

  private static let names = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The ways to write a month or a day.
  private func forms(_ form: SeriesDate.Form) -> [(CivilDay) -> String] {
    let (two, names) = (self.two, Self.names)
    switch form {
    case .month:
      return [
        { "\($0.year)-\(two($0.month))" }, { "\($0.year)/\($0.month)" },
        { "\(names[$0.month - 1]) \($0.year)" },
        { "\($0.year)M\(two($0.month))" }, { "\($0.year)\(two($0.month))" },
        { "\(names[$0.month - 1])-\(two($0.year % 100))" },
      ]
    case .quarter:
      return [
        { "\($0.year)Q\(($0.month + 2) / 3)" }, { "Q\(($0.month + 2) / 3) \($0.year)" },
        { "\($0.year)-Q\(($0.month + 2) / 3)" },
      ]
    case .year: return [{ "\($0.year)" }]
    default:
      return [
        { "\($0.year)-\(two($0.month))-\(two($0.day))" }, { "\($0.day).\($0.month).\($0.year)" },
        { "\(two($0.month))/\(two($0.day))/\($0.year)" },
        { "\($0.year)\(two($0.month))\(two($0.day))" },
        { "\(names[$0.month - 1]) \($0.day) \($0.year)" },
        { "\($0.day)-\(names[$0.month - 1])-\(two($0.year % 100))" },
        { "\($0.year)-\(two($0.month))-\(two($0.day))T00:00:00" },
      ]
    }
  }

  private func number(_ value: Double, comma: Bool, grouped: Bool) -> String {
    var (whole, part) = ("\(Int(value.magnitude))", "\(value.magnitude)".split(separator: ".")[1])
    if part == "0" { part = "00" }
    if grouped {
      let digits = Array(whole)
      whole = digits.indices.map {
        ($0 > 0 && (digits.count - $0) % 3 == 0 ? (comma ? "." : ",") : "") + String(digits[$0])
      }.joined()
    }
    return (value < 0 ? "-" : "") + whole + (comma ? "," : ".") + part
  }

  private func write(_ random: inout Random) -> Written {
    var result = Written()
    let intervals: [(SeriesDate.Form, SeriesCalendar)] = [
      (.day, SeriesCalendar(interval: .days(1), origin: 0)),
      (.day, SeriesCalendar(interval: .days(7), origin: 0)),
      (.day, SeriesCalendar(interval: .mondayToFriday, origin: 0)),
      (.month, SeriesCalendar(interval: .months(1), origin: 0)),
      (.day, SeriesCalendar(interval: .months(1), rules: [.day(31)], origin: 0)),
      (.quarter, SeriesCalendar(interval: .months(3), origin: 0)),
      (.year, SeriesCalendar(interval: .months(12), origin: 0)),
    ]
    let (form, calendar) = intervals.randomElement(using: &random)!
    let (first, count) = (
      Int.random(in: 1...20, using: &random), Int.random(in: 40...90, using: &random)
    )
    let start =
      calendar.interval == .mondayToFriday || calendar.interval == .days(1) ? 11_000 + first : first
    result.dates = (0..<count).map {
      SeriesDate(
        time: calendar.time(
          at: calendar.interval == .mondayToFriday ? start / 7 * 5 + $0 : start + $0), form: form)
    }
    result.values = (0..<count).map { index in
      let isMissing = index > 0 && index < count - 1 && Int.random(in: 0..<12, using: &random) == 0
      return isMissing
        ? nil : (Double.random(in: -20_000...20_000, using: &random) * 100).rounded() / 100
    }
    let separator = [",", ";", "\t"].randomElement(using: &random)!
    let comma = separator != "," && Bool.random(using: &random)
    let grouped = separator != "," && Bool.random(using: &random)
    let write = forms(form).randomElement(using: &random)!
    let quote = Bool.random(using: &random) ? "\"" : ""
    let token = ["", "NA", "-", "null"].randomElement(using: &random)!
    let dateFirst = Bool.random(using: &random)
    var rows = zip(result.dates, result.values).map { date, value in
      let text = quote + write(CivilDay(number: date.time.floorDivided(by: SeriesDate.day))) + quote
      let number =
        value.map { quote + self.number($0, comma: comma, grouped: grouped) + quote } ?? token
      return dateFirst ? text + separator + number : number + separator + text
    }
    if Bool.random(using: &random) { rows.reverse() }
    if Bool.random(using: &random) { rows.swapAt(3, 17) }
    let header = dateFirst ? "date\(separator)sales" : "sales\(separator)date"
    let end = ["\n", "\r\n"].randomElement(using: &random)!
    let before = Bool.random(using: &random) ? ["Sales of a shop, made up"] : []
    result.text = (before + [header] + rows).joined(separator: end) + end
    return result
  }

  @Test(arguments: 0..<300) func seriesInAnyForm(seed: UInt64) throws {
    var random = Random(state: seed)
    let written = write(&random)
    do {
      let found = try ReadSeries(written.text, written.options)
      #expect(
        found.dates == written.dates.map(\.description), "seed \(seed): \(written.text.prefix(200))"
      )
      #expect(found.values == written.values, "seed \(seed): \(written.text.prefix(200))")
    } catch {
      Issue.record("seed \(seed): \(error): \(written.text.prefix(300))")
    }
  }
}
