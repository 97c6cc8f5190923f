// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Formats rows as comma-separated values.
func csv(_ rows: [[String]]) -> String {
  rows.map { $0.joined(separator: ",") + "\n" }.joined()
}
