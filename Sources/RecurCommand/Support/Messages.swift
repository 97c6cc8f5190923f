// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The input is not as it should be: what, where, and what was expected, in one line.
struct BadInput: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// A line for the person at the terminal; where there is none, it is lost.
func note(_ line: String) {
  writeToStandardError(line + "\n")
}

func writeToStandardError(_ text: String) {
  try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
}
