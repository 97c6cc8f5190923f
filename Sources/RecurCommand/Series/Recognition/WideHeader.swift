// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The columns of a wide file, whose header has dates or numbers.
struct WideHeader {
  /// The columns with a date or a number in the header, and the other ones.
  var columns: [Int]
  var labels: [Int]
  var times: [Int]
  var form: SeriesDate.Form

  /// The form of the dates; nil for numbers.
  var pattern: DatePattern?

  /// Finds dates of one form in at least three fields and at least half of all.
  ///
  /// - Parameters:
  ///   - fields: The fields of a header.
  ///   - file: The bytes of the file.
  ///   - order: The order of day and month, if it is given.
  /// - Returns: The form that fits the most fields; nil if there is none, or if two orders fit.
  static func dates(
    _ fields: [CSVBytes.Field], _ file: CSVBytes, order: DatePattern.Order? = nil
  ) -> WideHeader? {
    guard fields.count > 3 else { return nil }
    // Sums and the like may follow the dates.
    let probes = fields.filter { !$0.isEmpty }.suffix(3)
    var found: [WideHeader] = []
    for pattern in DatePattern.all where pattern.canHead && pattern.order == order ?? pattern.order
    {
      guard probes.contains(where: { pattern.moment(file.bytes, $0.range) != nil }) else {
        continue
      }
      let moments = fields.map { pattern.moment(file.bytes, $0.range) }
      let columns = moments.indices.filter { moments[$0] != nil }
      guard columns.count >= 3, 2 * columns.count >= fields.count else { continue }
      // Among other integers, those in the form of years only count the values.
      guard
        !pattern.isDigits
          || !moments.indices.contains(where: { moments[$0] == nil && file.isInteger(fields[$0]) })
      else { continue }
      found.append(
        WideHeader(
          columns: columns, labels: moments.indices.filter { moments[$0] == nil },
          times: columns.map { moments[$0]!.time },
          form: pattern.form(of: columns.map { moments[$0]! }),
          pattern: pattern))
    }
    guard let most = found.map(\.columns.count).max() else { return nil }
    let best = found.filter { $0.columns.count == most }
    return best.count > 1 && best[0].pattern?.order != nil ? nil : best[0]
  }

  /// Finds names that count values, such as `V2`, `V3`, … or `d_1`, `d_2`, …, in more than half of all
  /// fields and at least three.
  ///
  /// - Parameters:
  ///   - fields: The fields of a header.
  ///   - file: The bytes of the file.
  ///   - labels: Columns with another use, such as the names of the series.
  /// - Returns: The last fields with numbers that follow each other; nil if there are too few.
  static func numbers(
    _ fields: [CSVBytes.Field], _ file: CSVBytes, excluding labels: [Int]
  ) -> WideHeader? {
    func split(_ column: Int) -> (name: Substring, number: Int)? {
      let text = file.text(fields[column])
      let end = text.lastIndex { !($0.isASCII && $0.isNumber) }.map { text.index(after: $0) }
      let digits = text[(end ?? text.startIndex)...]
      guard digits.count < 10, let number = Int(digits) else { return nil }
      return (text[..<digits.startIndex], number)
    }
    guard fields.count > 3, let last = fields.lastIndex(where: { !$0.isEmpty }),
      !labels.contains(last), var next = split(last)
    else { return nil }
    let end = next.number
    var first = last
    while first > 0, !labels.contains(first - 1), let before = split(first - 1),
      before == (next.name, next.number - 1)
    {
      (first, next) = (first - 1, before)
    }
    let count = last - first + 1
    guard count >= 3, 2 * count > fields.count else { return nil }
    return WideHeader(
      columns: Array(first...last), labels: fields.indices.filter { $0 < first || $0 > last },
      times: Array(next.number...end), form: .number, pattern: nil)
  }
}

extension CSVBytes {
  fileprivate func isInteger(_ field: Field) -> Bool {
    !field.isEmpty && bytes[field.range].allSatisfy { $0 &- 0x30 < 10 }
  }
}

extension DatePattern {
  /// Whether fields of this form in a header are dates. Decimal years and the like could be values.
  fileprivate var canHead: Bool { !hasBareYear && (!isDigits || name.hasPrefix("YYYY")) }
}
