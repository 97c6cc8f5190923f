// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What samples of a column tell.
struct ColumnSample {
  let name: String
  let index: Int

  /// The sampled fields that are not missing.
  let fields: [CSVBytes.Field]

  /// The number of fields that are numbers, and that are times of day.
  let numbers: Int
  let times: Int

  /// The forms of dates that fit the most fields, and how many.
  let patterns: [DatePattern]
  let dates: Int

  /// The beginnings of the dates of the first form.
  let moments: [Int]

  init(
    _ index: Int, _ name: String, _ fields: [CSVBytes.Field], _ file: CSVBytes, _ kinds: FieldKinds
  ) {
    (self.index, self.name, self.fields) = (index, name, fields)
    numbers = fields.count { kinds.isNumber($0, file) }
    times = fields.count { field in
      var cursor = DateCursor(file.bytes, field.range)
      let hasMark = file.bytes[field.range].contains(UInt8(ascii: ":")) || field.range.count == 8
      return hasMark && TimeOfDay.read(&cursor) != nil && cursor.isAtEnd
    }
    let areDigits = fields.allSatisfy { file.bytes[$0.range].allSatisfy { $0 &- 0x30 < 10 } }
    // Every date has a digit, and a file may have thousands of columns of words.
    let possible = fields.filter { FieldKinds.hasDigit($0, file) }
    let counted = (areDigits ? DatePattern.ofDigits : DatePattern.all).map { pattern in
      (pattern, possible.count { pattern.moment(file.bytes, $0.range) != nil })
    }
    let most = counted.map(\.1).max() ?? 0
    dates = most
    let best = most > 0 ? counted.filter { $0.1 == most }.map(\.0) : []
    // Only the order of day and month can be open.
    let patterns =
      best.first?.order == nil ? Array(best.prefix(1)) : best.filter { $0.order != nil }
    self.patterns = patterns
    moments = fields.compactMap { patterns.first?.moment(file.bytes, $0.range)?.time }
  }

  var isMostlyNumbers: Bool { numbers > 0 && 2 * numbers >= fields.count }
  var isMostlyDates: Bool { dates > 0 && 2 * dates >= fields.count }

  /// Whether the values are mere numbers that happen to have the form of a date.
  var isDigits: Bool { patterns.first?.isDigits ?? false }

  func steps(_ isInOrder: (Int, Int) -> Bool) -> Bool {
    zip(moments, moments.dropFirst()).allSatisfy(isInOrder)
  }
  var isStrictlyMonotonic: Bool { steps(<) || steps(>) }
  var isMonotonic: Bool { steps(<=) || steps(>=) }

  var hasUsualYears: Bool {
    let usual =
      CivilDay(year: 1500, month: 1, day: 1).number..<CivilDay(year: 2200, month: 1, day: 1).number
    return moments.allSatisfy { usual.contains($0.floorDivided(by: SeriesDate.day)) }
  }

  /// Whether the fields are at least three numbers that only increase or only decrease.
  func isNumberedInOrder(_ file: CSVBytes) -> Bool {
    let values = fields.compactMap { NumberStyle().number(file.bytes, $0.range) }
    let pairs = zip(values, values.dropFirst())
    return values.count == fields.count && values.count > 2
      && (pairs.allSatisfy { $0 < $1 } || pairs.allSatisfy { $0 > $1 })
  }

  /// The integers of the fields; nil if one has other text.
  func integers(_ file: CSVBytes) -> [Int]? {
    var result: [Int] = []
    for field in fields {
      guard let number = NumberStyle().number(file.bytes, field.range), number == number.rounded(),
        abs(number) < 1e9
      else { return nil }
      result.append(Int(number))
    }
    return result
  }

  /// How likely the column has the dates; nil if it has none.
  func dateRank(_ isFirst: Bool) -> Int? {
    guard isMostlyDates else { return nil }
    let isNamed = ColumnName.isDate(name)
    if isDigits {
      guard isNamed || isFirst && hasUsualYears, isNamed || isMonotonic else { return nil }
      if patterns[0].name.hasPrefix("decimal"), !isMonotonic { return nil }
    }
    return (isDigits ? 1 : 3) + (isNamed ? 2 : 0) + (isStrictlyMonotonic ? 1 : 0)
  }
}
