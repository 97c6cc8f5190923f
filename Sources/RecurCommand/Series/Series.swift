// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// A series of numbers at equal distances in time, as a CSV file has it: a header, and a date and a
/// value in every line. A value may be empty, and a line may be left out: it is missing.
struct Series {
  var dates: [SeriesDate]
  var values: [Double?]

  var missing: Int { values.count { $0 == nil } }

  /// The values, the missing ones filled by linear interpolation.
  var interpolatedValues: [Double] { MissingValues.interpolated(values) }

  /// Without missing values at the end, after which there is no forecast to begin; all of a series that has
  /// no value.
  var upToLastKnown: Series {
    values.lastIndex { $0 != nil }.map { self[0..<$0 + 1] } ?? self
  }

  subscript(range: Range<Int>) -> Series {
    Series(dates: Array(dates[range]), values: Array(values[range]))
  }
}
