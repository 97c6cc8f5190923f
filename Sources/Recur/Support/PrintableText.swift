// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

extension StringProtocol {
  /// The text of a file or a user as messages and reports quote it. See ``printable(limit:)``.
  package var printable: String { printable(limit: 200) }

  /// Returns the text on one line that a terminal shows as it is.
  ///
  /// Scalars that change a terminal, the direction of text or nothing visible are escaped: controls
  /// such as escape, formats such as U+202E, line and paragraph separators, unassigned and private
  /// scalars, and U+FFFD, which stands for bytes that are not UTF-8.
  ///
  /// - Parameter limit: The maximum number of scalars of the text; the rest is replaced by `…`.
  /// - Returns: The printable text.
  package func printable(limit: Int) -> String {
    // Most texts are short and ASCII; a file may have a million of them.
    if utf8.count <= limit, utf8.allSatisfy({ 0x20..<0x7f ~= $0 }) { return String(self) }
    let rest = unicodeScalars.dropFirst(limit)
    return escaped(unicodeScalars.prefix(limit)) { $0.escaped(asASCII: true) }
      + (rest.isEmpty ? "" : "…")
  }

  /// The text of a line of JSON, in which a string may have any scalars: `\u202e` for U+202E.
  package var printableJSON: String {
    escaped(unicodeScalars[...]) { scalar in
      String(scalar).utf16.map { unit in
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    }
  }

  private func escaped(
    _ scalars: some Sequence<Unicode.Scalar>, _ escape: (Unicode.Scalar) -> String
  ) -> String {
    var result = ""
    for scalar in scalars {
      if scalar.isPrintable {
        result.unicodeScalars.append(scalar)
      } else {
        result += escape(scalar)
      }
    }
    return result
  }

  /// Whether the text is its own printable form, at any length.
  package var isPrintable: Bool { unicodeScalars.allSatisfy(\.isPrintable) }
}

extension Unicode.Scalar {
  fileprivate var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      false
    default: self != "\u{FFFD}"
    }
  }
}
