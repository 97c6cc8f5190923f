// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The forms of dates that are recognized.
extension DatePattern {
  /// All forms; if several fit a column that have no order of day and month, the first one counts.
  static let all: [DatePattern] =
    years + compact + numeric + named + quarters + weeks + months + decimalYears + unixTimes
    + bareYears

  /// Those of them that fit digits alone.
  static let ofDigits = all.filter(\.isDigits)

  /// The forms in which this program writes dates.
  static let canonical = [
    pattern("YYYY-MM-DD"), pattern("YYYY-MM"), pattern("YYYY"), pattern("YYYY-Qq"),
    pattern("YYYY-Www"),
  ]

  private static let years = [pattern("YYYY", isDigits: true)]

  private static let compact = [
    DatePattern(name: "YYYYMMDD", elements: [.year, .twoDigitMonth, .twoDigitDay], isDigits: true),
    DatePattern(name: "YYYYMM", elements: yearAndMonth, isDigits: true),
    DatePattern(
      name: "YYMMDD", elements: [.twoDigitYear, .twoDigitMonth, .twoDigitDay], isDigits: true),
  ]

  private static let numeric: [DatePattern] = ["-", "/", ".", " "].flatMap { mark in
    [
      pattern("YYYY\(mark)MM\(mark)DD"),
      pattern("DD\(mark)MM\(mark)YYYY", .dmy), pattern("MM\(mark)DD\(mark)YYYY", .mdy),
      pattern("YY\(mark)MM\(mark)DD", .ymd), pattern("DD\(mark)MM\(mark)YY", .dmy),
      pattern("MM\(mark)DD\(mark)YY", .mdy),
      pattern("YYYY\(mark)MM", isDigits: mark == "."),
      pattern("MM\(mark)YYYY", isDigits: mark == "."),
    ]
  }

  private static let named: [DatePattern] =
    ["-", "/", " "].flatMap { mark in
      [
        pattern("MMM\(mark)DD\(mark)YYYY"), pattern("DD\(mark)MMM\(mark)YYYY"),
        pattern("YYYY\(mark)MMM\(mark)DD"), pattern("DD\(mark)MMM\(mark)YY"),
        pattern("MMM\(mark)YYYY"), pattern("YYYY\(mark)MMM"), pattern("MMM\(mark)YY"),
        pattern("YY\(mark)MMM"),
      ]
    } + ["MMM DD, YYYY", "MMM, YYYY", "MMMYYYY", "YYYYMMM", "DDMMMYYYY"].map { pattern($0) }

  private static let quarters = [
    "YYYYQq", "YYYY-Qq", "YYYY Qq", "YYYY/Qq", "YYYY:Qq", "Qq YYYY", "Qq-YYYY", "Qq/YYYY", "qQYYYY",
    "qQ YYYY",
    "YYYY-qQ", "YYYY qQ",
  ].map { pattern($0) }

  private static let weeks = ["YYYY-Www", "YYYYWww", "YYYY Www", "YYYY/Www"].map { pattern($0) }

  private static let months = ["YYYY'MMM", "YYYY-'MMM", "YYYY:MM", "MM/YY", "YY-MM"].map {
    pattern($0)
  }

  private static let decimalYears = [(1, false), (4, false), (12, false), (12, true)].map {
    parts, isMiddle in
    DatePattern(
      name: "decimal years (\(parts)\(isMiddle ? ", middle" : ""))",
      elements: [.decimalYear(parts: parts, isMiddle: isMiddle)],
      isDigits: true)
  }

  private static let unixTimes = [(10, "Unix seconds"), (13, "Unix milliseconds")].map {
    digits, name in
    DatePattern(name: name, elements: [.unixTime(digits: digits)], isDigits: true)
  }

  /// Months of a year that has one or two digits, as in 1-01 to 3-12 for three years.
  private static let bareYears = [
    DatePattern(name: "Y-MM", elements: [.bareYear, .literal(UInt8(ascii: "-")), .twoDigitMonth]),
    DatePattern(name: "Y-MMM", elements: [.bareYear, .literal(UInt8(ascii: "-")), .monthName]),
  ]

  /// Whether the years of dates count from the beginning of a series.
  var hasBareYear: Bool { elements.contains(.bareYear) }

  /// Translates a name. `MMM` is the name of a month, and an apostrophe precedes a letter that is no
  /// field.
  private static func pattern(_ name: String, _ order: Order? = nil, isDigits: Bool = false)
    -> DatePattern
  {
    var (rest, elements) = (name[...], [Element]())
    let fields: [(String, Element)] = [
      ("YYYY", .year), ("YY", .twoDigitYear), ("MMM", .monthName), ("MM", .month), ("DD", .day),
      ("ww", .week),
      ("q", .quarter), (" ", .spaces),
    ]
    while let first = rest.utf8.first {
      if first == UInt8(ascii: "'") {
        elements.append(.literal(UInt8(ascii: "m")))
        rest = rest.dropFirst(2)
      } else if let (text, element) = fields.first(where: { rest.hasPrefix($0.0) }) {
        elements.append(element)
        rest = rest.dropFirst(text.count)
      } else {
        elements.append(.literal(0x41...0x5A ~= first ? first | 0x20 : first))
        rest = rest.dropFirst()
      }
    }
    return DatePattern(
      name: name.replacing("'", with: ""), elements: elements, order: order, isDigits: isDigits)
  }
}
