// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import RecurTraining

@testable import RecurCommand

// The input is two texts with a NUL byte between them, and numbers.

func textTarget(_ input: Data) throws {
  var reader = Reader(input)
  let (one, other) = (reader.string(), reader.string())
  printable(one, limit: reader.byte())
  check(shellWord(one).isPrintable, "shell word \(shellWord(one).debugDescription)")
  if let name = UnknownNames.nearest(to: one, in: [other, "epochs", "hidden-size"]) {
    check([other, "epochs", "hidden-size"].contains(name), name)
  }
  numbers(Double(reader.float()) * Double(reader.float()))
  let first = try SeriesDate(one, at: "input")
  check(required("date") { try SeriesDate("\(first)", at: "input") } == first, one)
  let second = try SeriesDate(other, at: "input")
  // A series has dates of one form.
  if first < second, first.form == second.form { dates(first, second, &reader) }
}

private func printable(_ text: String, limit: Int) {
  let shown = text.printable(limit: limit)
  check(shown.isPrintable, "not printable: \(shown.debugDescription)")
  check(shown.unicodeScalars.count <= 10 * limit + 1, "long: \(shown)")
  check(
    !text.isPrintable || text.unicodeScalars.count > limit || shown == text, "changed: \(shown)")
}

private func numbers(_ value: Double) {
  for text in [
    fixed(value, decimals: 3), fourDigits(value), shortest(value), percent(value), field(value),
    inBits(value),
  ] { check(!text.isEmpty && text.isPrintable && text.count < 100, text) }
}

private func dates(_ first: SeriesDate, _ second: SeriesDate, _ reader: inout Reader) {
  let calendar = SeriesCalendar.best(for: [first.time, second.time], first.form)
  checkMessage("\(calendar.interval)")
  _ = calendar.interval.usualPeriods
  guard let numbers = try? calendar.numbers(of: [first.time, second.time]) else { return }
  check(numbers[1] > numbers[0], "numbers \(numbers) of \(first) and \(second)")
  for (number, date) in zip(numbers, [first, second]) {
    check(calendar.time(at: number) == date.time, "\(date) has the number \(number)")
  }
  let later = calendar.time(at: numbers[1] + 1 + Int(reader.byte()))
  check(second.time < later, "\(second) is not before \(later)")
}
