// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A worked example in `cases.json`: the inputs, the expected outputs, and the published values.
struct TextbookCase: Decodable {
  var inputs: [String: Array]
  var expected: [String: Array]
  var published: [String: Double]?

  /// An array of elements in row-major order.
  struct Array: Decodable {
    var shape: [Int]
    var data: [Double]
  }

  static func all() throws -> [String: TextbookCase] {
    try JSONDecoder().decode(
      [String: TextbookCase].self, from: Data(PackageResources.cases_json))
  }

  func input(_ name: String) throws -> Array {
    guard let array = inputs[name] else { throw TextbookError.missing(name) }
    return array
  }
}

enum TextbookError: Error {
  case missing(String)
}

/// A batch of sequences, indexed by step, sequence and feature as in Recur and the reference.
typealias Series = [[[Double]]]

extension TextbookCase.Array {
  /// The rows of a matrix.
  var rows: [[Double]] {
    let columns = shape[1]
    return (0..<shape[0]).map { row in Swift.Array(data[row * columns..<(row + 1) * columns]) }
  }

  /// The series of an array in the textbook's layout: (features, batch, time), or (features, batch)
  /// for one step.
  var seriesOfColumns: Series {
    let (features, batch, steps) = (shape[0], shape[1], shape.count > 2 ? shape[2] : 1)
    return (0..<steps).map { t in
      (0..<batch).map { b in (0..<features).map { f in data[(f * batch + b) * steps + t] } }
    }
  }

  /// The series of an array in PyTorch's layout: (time, batch, features).
  var seriesOfRows: Series {
    let (steps, batch, features) = (shape[0], shape[1], shape[2])
    return (0..<steps).map { t in
      (0..<batch).map { b in (0..<features).map { f in data[(t * batch + b) * features + f] } }
    }
  }
}

/// Returns the elements of a series in the textbook's layout, (features, batch, time).
func columns(_ series: Series) -> [Double] {
  let (batch, features) = (series[0].count, series[0][0].count)
  return (0..<features).flatMap { f in
    (0..<batch).flatMap { b in series.map { step in step[b][f] } }
  }
}

func rows(_ series: Series) -> [Double] {
  series.flatMap { $0.flatMap { $0 } }
}
