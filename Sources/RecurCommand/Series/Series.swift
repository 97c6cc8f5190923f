// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// A series of values at equal intervals in time, from a CSV file with a header and a date and a value
/// on each line. A value is missing if its field is empty or its line is omitted.
struct Series {
  var dates: [SeriesDate]
  var values: [Double?]

  /// The number of missing values.
  var missing: Int { values.count { $0 == nil } }

  /// The values, with missing ones filled by linear interpolation.
  var interpolatedValues: [Double] { MissingValues.interpolated(values) }

  /// The series up to its last known value, where a forecast begins; the whole series if all values are
  /// missing.
  var upToLastKnown: Series {
    values.lastIndex { $0 != nil }.map { self[0..<$0 + 1] } ?? self
  }

  subscript(range: Range<Int>) -> Series {
    Series(dates: Array(dates[range]), values: Array(values[range]))
  }
}
