// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// How to read a panel from a CSV file. What is not given is recognized.
struct PanelReading {
  /// The column that names the series, by name or position; nil if each column is a series.
  var id: String?

  /// How to read dates and values.
  var series: SeriesReading

  /// The columns of the inputs known ahead, of those known up to the present, and of the features of
  /// whole series.
  var known: [String] = []
  var past: [String] = []
  var features: [String] = []
}
