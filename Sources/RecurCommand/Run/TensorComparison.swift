// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// The largest difference between results and the values that were expected.
///
/// A difference is |found − expected| / max(1, |expected|): absolute for small values, relative for large ones.
struct TensorComparison {
  let name: String
  let largest: Double

  /// The place of the largest difference, such as `step 3, channel 0`; empty for a single element.
  let place: String

  let found: Double
  let expected: Double

  /// Compares a tensor with one from a file, whose shape may differ in axes of size 1, and whose elements are rounded
  /// to the precision of the tensor.
  init<Scalar>(_ tensor: ResultTensor<Scalar>, _ expected: FileTensor) throws {
    guard tensor.shape.filter({ $0 != 1 }) == expected.shape.filter({ $0 != 1 }) else {
      throw BadInput(
        "\(expected.place): has the shape \(expected.shape), but \(tensor.name) has \(tensor.shape)"
      )
    }
    self.init(tensor, expected.elements.map { Double(Scalar($0)) })
  }

  init<Scalar>(_ tensor: ResultTensor<Scalar>, _ expected: [Double]) {
    var (largest, index) = (0.0, 0)
    for (k, (found, wanted)) in zip(tensor.elements, expected).enumerated()
    where tensor.counts?[k] ?? true {
      let difference = Self.difference(Double(found), wanted)
      if difference > largest { (largest, index) = (difference, k) }
    }
    name = tensor.name
    self.largest = largest
    place = tensor.place(of: index)
    found = tensor.elements.isEmpty ? 0 : Double(tensor.elements[index])
    self.expected = tensor.elements.isEmpty ? 0 : expected[index]
  }

  /// The difference of two numbers; infinite if it is not a number and the numbers are not the same.
  private static func difference(_ found: Double, _ expected: Double) -> Double {
    guard found != expected else { return 0 }
    let difference = abs(found - expected) / max(1, abs(expected))
    return difference.isNaN ? .infinity : difference
  }

  /// One line, such as `y: largest difference 2.1e-07 at step 17, channel 0: 0.25 instead of 0.3`.
  var description: String {
    let name = name.printable(limit: 100)
    guard largest > 0 else { return "\(name): no difference" }
    let place = place.isEmpty ? "" : " at \(place)"
    return "\(name): largest difference \(String(format: "%.2g", largest))\(place): "
      + "\(texts.0) instead of \(texts.1)"
  }

  /// The numbers, with six digits or as many as tell them apart.
  private var texts: (String, String) {
    for digits in 6...17 {
      let texts = [found, expected].map { String(format: "%.\(digits)g", $0) }
      if texts[0] != texts[1] || digits == 17 { return (texts[0], texts[1]) }
    }
    preconditionFailure("17 digits are the last")
  }
}

extension ResultTensor {
  /// Describes an index of `elements` by the axes that have more than one index.
  func place(of index: Int) -> String {
    var (rest, words) = (index, [String]())
    for (size, axis) in zip(shape, axes).reversed() where size > 0 {
      if size > 1 { words.insert("\(axis) \(rest % size)", at: 0) }
      rest /= size
    }
    return words.joined(separator: ", ")
  }
}
