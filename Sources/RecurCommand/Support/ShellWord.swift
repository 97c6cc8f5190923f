// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// Quotes a word for a shell, if necessary. Text that is not printable is quoted as its bytes.
func shellWord(_ word: String) -> String {
  guard word.isPrintable else { return "$'" + word.utf8.map(shellByte).joined() + "'" }
  let isPlain = word.wholeMatch(of: #/[A-Za-z0-9_.\/=+,:@%-]+/#) != nil
  return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}

private func shellByte(_ byte: UInt8) -> String {
  let scalar = Unicode.Scalar(byte)
  let isPlain =
    scalar.isASCII && scalar.properties.isAlphabetic || "0123456789_./-".contains(Character(scalar))
  // Three octal digits end before the next character; hexadecimal ones would not.
  let octal = String(byte, radix: 8)
  return isPlain ? String(scalar) : "\\" + String(repeating: "0", count: 3 - octal.count) + octal
}
