// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import TestSupport
import Testing

/// Checks that the golden vectors detect every wrong order of gates: if any two gates of ONNX's
/// parameters are exchanged, the results differ from ONNX Runtime's.
@Suite struct GateOrderTests {
  @Test(arguments: [("lstm", 4, 23), ("gru", 3, 5)])
  func everyWrongOrderIsSeen(_ cell: String, gates: Int, wrong: Int) throws {
    let cases = try GoldenFile<ONNXCase>.read("onnxruntime").cases.filter {
      $0.cell == cell && !$0.coupled
    }
    #expect(!cases.isEmpty)
    let orders = permutations(Array(0..<gates)).filter { $0 != Array(0..<gates) }
    #expect(orders.count == wrong)
    for order in orders {
      for golden in cases {
        let deviation = try golden.deviation { network, vector in
          try network.setParameters(reordered(vector, order, golden), in: .onnx)
        }
        #expect(deviation > 1, "\(golden.name) in order \(order)")
      }
    }
  }

  /// Reorders all gates of W, R and B.
  private func reordered(
    _ vector: ParameterVector<Float>, _ order: [Int], _ golden: ONNXCase
  ) throws -> ParameterVector<Float> {
    var result = vector
    for part in vector.slices where !part.name.hasPrefix("P") {
      let elements = vector[part.name]!.elements
      let block = part.name.hasPrefix("B") ? golden.H : golden.H * part.columns
      let count = elements.count / block / order.count
      let blocks = (0..<count).flatMap { set in order.map { set * order.count + $0 } }
      try result.set(
        part.name,
        to: Matrix(
          rows: part.rows, columns: part.columns,
          elements: blocks.flatMap { elements[$0 * block..<($0 + 1) * block] }))
    }
    return result
  }

  private func permutations(_ items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.indices.flatMap { index in
      var rest = items
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }
}
