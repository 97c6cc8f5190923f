// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTextbook

struct TextbookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "textbook",
    abstract: "Check the textbook's five worked examples.",
    discussion: """
      For every quantity: one element (the published one, where there is one) by the native kernel \
      and by the pure-Swift reference, the figure expected, and the largest difference over all \
      elements of both. The exit status is 0 only if every quantity agrees to 1e-12, and every \
      published figure to its printed digits, or to 1e-12 where there are more of those.
      """)

  func run() throws {
    let examples = try TextbookExample.all()
    for (number, example) in examples.enumerated() {
      print("\(number + 1). \(example.title)\n   \(example.equations)\n")
      print(row("quantity", "element", "native", "reference", "expected", "difference"))
      for quantity in example.quantities { print(describe(quantity)) }
      print("")
    }
    let failures = examples.flatMap(\.quantities).filter { !$0.agrees }
    guard failures.isEmpty else {
      note("recur: textbook: these do not agree: \(failures.map(\.name).joined(separator: ", "))")
      throw ExitCode(1)
    }
    print("All \(examples.count) examples agree.")
  }

  private func describe(_ quantity: TextbookExample.Quantity) -> String {
    let offset = quantity.sampleOffset
    let element = quantity.sampleIndex.map { "[\($0)]" }.joined()
    let expected =
      quantity.published.map { fixed($0.value, decimals: $0.decimals) + " (printed)" }
      ?? fixed(quantity.expected[offset], decimals: 14)
    return row(
      quantity.name, element, fixed(quantity.native[offset], decimals: 14),
      fixed(quantity.reference[offset], decimals: 14), expected,
      String(format: "%.1e", quantity.largestDifference) + (quantity.agrees ? "" : "  DIFFERS"))
  }

  private func row(_ cells: String...) -> String {
    let widths = [11, 10, 18, 18, 30, 0]
    let padded = zip(cells, widths).map { cell, width in
      cell + String(repeating: " ", count: max(0, width - cell.count))
    }
    return "   " + padded.joined(separator: " ")
  }
}
