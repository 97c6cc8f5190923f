// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What the name of a column says about its contents.
enum ColumnName {
  private static let datePart: [DatePart: Set<String>] = [
    .year: ["year", "yr", "yyyy", "jahr", "annee", "année", "ano", "año"],
    .month: ["month", "mon", "mo", "mm", "monat", "mes", "mois"],
    .quarter: ["quarter", "qtr", "q", "quartal", "trimestre"],
    .day: ["day", "dd", "mday", "dom", "tag", "dy", "jour", "dia", "día"],
    .period: ["period"], .hour: ["hour", "hr", "hh", "stunde", "heure", "hora"],
  ]
  private static let dates: Set<String> = [
    "date", "dates", "time", "datetime", "timestamp", "ds", "d", "dt", "t", "day", "month",
    "quarter", "year",
    "week", "period", "datum", "zeit", "fecha", "data", "ts", "yearmonth", "yyyymm", "yyyymmdd",
    "obs", "index",
  ]
  private static let notValues: Set<String> = [
    "year", "month", "quarter", "week", "weekday", "dayofweek", "day", "hour", "minute", "second",
    "yr", "mo",
    "dow", "doy", "id", "no", "nr", "index", "instant", "rownames", "row", "obs", "t", "time",
    "step", "seconds", "lat", "long",
    "latitude", "longitude",
  ]

  enum DatePart { case year, month, quarter, period, day, hour }

  private static func plain(_ name: String) -> String {
    // A lookup in Unicode's tables is slow.
    String(
      name.lowercased().unicodeScalars.filter {
        $0.isASCII ? "a"..."z" ~= $0 : $0.properties.isAlphabetic
      })
  }

  static func isDate(_ name: String) -> Bool {
    // In wide files, thousands of names are numbers.
    guard name.utf8.contains(where: { !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0) }) else {
      return false
    }
    let words = name.lowercased().split { !$0.isLetter }.map(String.init)
    let plain = plain(name)
    return words.contains(where: dates.contains) || dates.contains(plain) || plain.hasSuffix("date")
      || plain.hasSuffix("datetime") || plain.hasSuffix("timestamp") || plain.hasSuffix("year")
      || plain.hasSuffix("month") || plain.hasPrefix("date")
  }

  static func part(_ name: String) -> DatePart? {
    let plain = plain(name)
    return datePart.first { $0.value.contains(plain) }?.key
  }

  private static let smallParts: Set<String> = [
    "week", "wk", "kw", "woche", "isoweek", "semaine", "semana", "weekday", "minute", "second",
  ]

  /// Whether a column has a part of a date, such as its month or its week.
  static func isPart(_ name: String) -> Bool {
    part(name) != nil || smallParts.contains(plain(name))
  }

  /// Whether a column of numbers is more likely a part of a date, a row number or a place than a series.
  static func isHardlyValue(_ name: String) -> Bool {
    let plain = plain(name)
    return plain.isEmpty || notValues.contains(plain)
      || plain.hasSuffix("id") && name.count <= 12 && name.contains { "_I".contains($0) }
  }
}
