// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// An error in the input; the message has one line: where, what was found, and what was expected.
struct BadInput: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Prints a line on standard error, and ignores a failure to write it.
func note(_ line: String) {
  writeToStandardError(line + "\n")
}

func writeToStandardError(_ text: String) {
  try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
}
