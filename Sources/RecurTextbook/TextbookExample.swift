// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A worked example of the textbook. Each quantity has the values of the native kernels, of the
/// pure-Swift reference, and of the textbook.
public struct TextbookExample: Sendable {
  public let title: String
  public let equations: String
  public let quantities: [Quantity]

  public struct Quantity: Sendable {
    public let name: String
    public let shape: [Int]
    public let native: [Double]
    public let reference: [Double]
    public let expected: [Double]
    public let published: Figure?

    /// One published element, rounded to a number of decimals.
    public struct Figure: Sendable {
      public let index: [Int]
      public let value: Double
      public let decimals: Int
    }
  }

  public var agrees: Bool { quantities.allSatisfy(\.agrees) }

  /// Computes the five examples.
  ///
  /// - Returns: the examples, in the textbook's order.
  /// - Throws: any error from reading or computing the cases.
  public static func all() throws -> [TextbookExample] {
    let cases = try TextbookCase.all()
    return try [cellForward, sequenceForward, cellBackward, sequenceBackward, torch].map {
      example in
      try example(cases)
    }
  }
}

extension TextbookExample.Quantity {
  /// Two results agree if no element differs by more than this.
  public static let tolerance = 1e-12

  /// The largest difference between the native or reference result and the expected values.
  public var largestDifference: Double {
    guard native.count == expected.count, reference.count == expected.count else {
      return .infinity
    }
    let differences = expected.indices.flatMap { i in
      [abs(native[i] - expected[i]), abs(reference[i] - expected[i])]
    }
    return differences.reduce(0) { $0 >= $1 ? $0 : $1.isNaN ? .infinity : $1 }
  }

  /// The index of the element that represents the quantity in a table: the published element, or
  /// the first.
  public var sampleIndex: [Int] {
    published?.index ?? shape.map { _ in 0 }
  }

  public var sampleOffset: Int {
    zip(sampleIndex, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// Whether the results agree with the expected values to the tolerance, and with the published
  /// value to its printed digits.
  public var agrees: Bool {
    guard largestDifference <= Self.tolerance else { return false }
    guard let published else { return true }
    var halfUnit = 0.5
    for _ in 0..<published.decimals { halfUnit /= 10 }
    let bound = Swift.max(halfUnit, Self.tolerance)
    return abs(native[sampleOffset] - published.value) <= bound
      && abs(reference[sampleOffset] - published.value) <= bound
  }
}
