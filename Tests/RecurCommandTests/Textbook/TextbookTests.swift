// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurTextbook

@Suite struct TextbookTests {
  @Test func allExamplesAgree() throws {
    let examples = try TextbookExample.all()
    #expect(examples.map(\.quantities.count) == [2, 2, 5, 5, 8])
    for example in examples {
      for quantity in example.quantities {
        #expect(
          quantity.agrees, "\(example.title), \(quantity.name): \(quantity.largestDifference)")
      }
    }
  }

  @Test func publishedFiguresAreFound() throws {
    let published = try TextbookExample.all().flatMap(\.quantities).compactMap(\.published)
    #expect(
      published.map(\.value) == [
        -0.4605641030588796, 0.39308187392193034, 0.08429686538067724, -0.28483955786960663,
        0.80517166,
      ])
    #expect(published.map(\.decimals) == [16, 17, 17, 17, 8])
  }

  @Test func aDifferenceIsSeen() {
    let quantity = { (native: Double, printed: Double) in
      TextbookExample.Quantity(
        name: "q", shape: [1, 1], native: [native], reference: [1], expected: [1],
        published: .init(index: [0, 0], value: printed, decimals: 3))
    }
    #expect(quantity(1, 1).agrees)
    #expect(quantity(1, 1.0004).agrees)
    #expect(!quantity(1, 1.001).agrees)
    #expect(!quantity(1 + 2e-12, 1).agrees)
    #expect(!quantity(.nan, 1).agrees)
  }

  /// The last digits and the differences, which depend on the processor, are left out.
  @Test func theReportIsThatOfTheFile() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "golden/textbook.txt")
    let result = try recur("textbook")
    let report = result.output.replacing(#/ +\d\.\de[-+]\d\d\n/#, with: "\n")
      .replacing(#/(\.\d{12})\d\d(?=\s)/#) { "\($0.output.1)##" }
    #expect(try report == String(contentsOf: file, encoding: .utf8))
    #expect(result.errors.isEmpty)
  }
}
