// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A worked example of the textbook: one quantity after another as the native kernels, the pure-Swift
/// reference and the page have it.
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

    /// One element that was printed, to as many decimals.
    public struct Figure: Sendable {
      public let index: [Int]
      public let value: Double
      public let decimals: Int
    }
  }

  public var agrees: Bool { quantities.allSatisfy(\.agrees) }

  /// The five examples, computed now.
  ///
  /// - Returns: the examples, in the textbook's order.
  /// - Throws: what reading or computing the cases throws.
  public static func all() throws -> [TextbookExample] {
    let cases = try TextbookCase.all()
    return try [cellForward, sequenceForward, cellBackward, sequenceBackward, torch].map {
      example in
      try example(cases)
    }
  }
}

extension TextbookExample.Quantity {
  /// Two results agree where no element differs by more than this.
  public static let tolerance = 1e-12

  /// The largest difference of the native result and of the reference from what is expected.
  public var largestDifference: Double {
    guard native.count == expected.count, reference.count == expected.count else {
      return .infinity
    }
    let differences = expected.indices.flatMap { i in
      [abs(native[i] - expected[i]), abs(reference[i] - expected[i])]
    }
    return differences.reduce(0) { $0 >= $1 ? $0 : $1.isNaN ? .infinity : $1 }
  }

  /// Which element stands for the whole in a table: the published one, or the first.
  public var sampleIndex: [Int] {
    published?.index ?? shape.map { _ in 0 }
  }

  public var sampleOffset: Int {
    zip(sampleIndex, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// To the tolerance, and the published figure to its printed digits.
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
