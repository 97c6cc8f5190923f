// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTextbook

struct TextbookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "textbook",
    abstract: "Check the kernels against five worked examples from a textbook.",
    discussion: """
      For each quantity, the command prints one element as computed by the native kernels and by the \
      pure-Swift reference implementation, the expected value, and the largest difference over all \
      elements of both. If the textbook prints a value, that element is the one shown.

      The exit status is 0 if every quantity agrees to within 1e-12 and every value printed in the \
      textbook to its last digit, or to within 1e-12 if it has more digits. Otherwise, it is 1.
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
      note(
        "recur: textbook: quantities that do not agree: \(failures.map(\.name).joined(separator: ", "))"
      )
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
