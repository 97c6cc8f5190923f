// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

// The checks of a tensor's numbers.

extension FileTensor {
  /// Throws `BadInput` unless all elements are finite in the precision of the model.
  func requireFinite<Scalar: RecurScalar>(_ scalar: Scalar.Type) throws {
    for index in elements.indices { try requireFinite(index, scalar) }
  }

  func requireFinite<Scalar: RecurScalar>(_ index: Int, _ scalar: Scalar.Type) throws {
    guard !Scalar(elements[index]).isFinite else { return }
    let precision = elements[index].isFinite ? " in single precision" : ""
    throw bad(index, expected: "a finite number" + precision)
  }

  /// The elements as integers.
  ///
  /// - Parameters:
  ///   - range: The allowed integers.
  ///   - name: What they are, such as `a token`.
  /// - Throws: `BadInput` if an element is no integer in the range.
  func integers(_ range: ClosedRange<Int>, _ name: String) throws -> [Int] {
    try elements.enumerated().map { index, element in
      guard let integer = Int(exactly: element), range.contains(integer) else {
        throw bad(index, expected: "\(name) from \(range.lowerBound) to \(range.upperBound)")
      }
      return integer
    }
  }

  /// The numbers of steps of sequences: one element for each. A table has one column.
  func lengths(_ sequences: Int, steps: Int) throws -> [Int] {
    guard shape == [sequences] || isSteps && shape == [sequences, 1] else {
      throw BadInput("\(place): has the shape \(shape), expected [\(sequences)]")
    }
    return try integers(0...steps, "a number of steps")
  }

  private func bad(_ index: Int, expected: String) -> BadInput {
    let element = elements[index]
    // The sign bit of a NaN means nothing.
    let number = element.isNaN ? "nan" : shortest(element)
    return BadInput("\(place): has \(number) at \(indices(of: index)), expected \(expected)")
  }

  /// The indices of an element, such as `[3, 0]`; a number if at most one axis has several.
  private func indices(of index: Int) -> String {
    guard shape.count(where: { $0 > 1 }) > 1 else { return "\(index)" }
    var (rest, indices) = (index, [Int]())
    for size in shape.reversed() {
      indices.insert(rest % size, at: 0)
      rest /= size
    }
    return "\(indices)"
  }
}
