// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Quotes a word for a shell, if necessary.
func shellWord(_ word: String) -> String {
  let isPlain = word.wholeMatch(of: #/[A-Za-z0-9_.\/=+,:@%-]+/#) != nil
  return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
