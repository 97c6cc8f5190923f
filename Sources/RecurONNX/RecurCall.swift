// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Calls a function of Recur.
func recur<Result>(_ body: () throws(RecurError) -> Result) throws(ONNXError) -> Result {
  do throws(RecurError) { return try body() } catch { throw .recur(error) }
}
