// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// A series of a panel's file, and the dates of its forecast.
struct PanelEntry {
  var series: PanelSeries

  /// The dates of the forecast.
  var dates: [SeriesDate]
}

/// A series that cannot be read.
struct PanelFailure: Error {
  /// The name of the series.
  var id: String
  var error: BadInput

  /// Whether other rows of the series were read before.
  var isCut = false
}

extension BadInput {
  /// The error of a row, with the name of its series.
  func ofSeries(_ id: String) -> BadInput { BadInput("\(self) (series \"\(id.printable)\")") }
}
