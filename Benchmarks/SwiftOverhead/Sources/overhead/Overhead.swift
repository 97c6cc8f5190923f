// Measures the overhead of the Swift API over the C API: make bench-swift. Both run the same rows in
// turns, in one process, and must produce bit-identical results. Arguments: a regular expression that
// selects rows by name, and the seconds per row.
//
// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

@main
struct Overhead {
  /// The permitted overhead of Swift over C: the larger of the two.
  static let (share, nanoseconds) = (0.02, 200.0)

  static func main() throws {
    let arguments = CommandLine.arguments
    let pattern = try Regex(arguments.count > 1 ? arguments[1] : "")
    let budget = arguments.count > 2 ? Double(arguments[2]) ?? 0.5 : 0.5
    let rows = Row.all.filter { $0.id.contains(pattern) }
    guard !rows.isEmpty else {
      print("no row matches \(arguments[1])")
      exit(2)
    }
    var over = 0
    for row in rows {
      print(row.id.padding(toLength: 44, withPad: " ", startingAt: 0), terminator: " ")
      do {
        let (c, excess) = try compare(row, budget)
        let isOver = excess > max(share * c, nanoseconds * 1e-9)
        over += isOver ? 1 : 0
        print(
          String(
            format: "C %10.2f us, Swift / C %.3f, %+9.0f ns%@", c * 1e6, 1 + excess / c,
            excess * 1e9, isOver ? "  OVER" : ""))
      } catch {
        over += 1
        print("FAILED: \(error)")
      }
    }
    print("\(over) rows failed or cost more than \(share * 100) % and \(nanoseconds) ns")
    exit(over == 0 ? 0 : 1)
  }

  static func compare(_ row: Row, _ budget: Double) throws -> (c: Double, excess: Double) {
    try row.scalar == "float"
      ? compare(row, Float.self, budget) : compare(row, Double.self, budget)
  }

  static func compare<Scalar: CScalar>(
    _ row: Row, _ scalar: Scalar.Type, _ budget: Double
  ) throws -> (c: Double, excess: Double) {
    switch row.cell {
    case .simple:
      try compare(row, RNN<Scalar>(inputSize: row.I, hiddenSize: row.H, seed: 0), budget)
    case .gru:
      try compare(row, GRU<Scalar>(inputSize: row.I, hiddenSize: row.H, seed: 0), budget)
    case .lstm:
      try compare(row, LSTM<Scalar>(inputSize: row.I, hiddenSize: row.H, seed: 0), budget)
    }
  }

  static func compare<Network: RecurrentNetwork>(
    _ row: Row, _ network: Network, _ budget: Double
  ) throws -> (c: Double, excess: Double) where Network.Scalar: CScalar {
    var random = SplitMix64(seed: 1)
    func numbers(_ count: Int) -> [Network.Scalar] {
      (0..<count).map { _ in Network.Scalar(2 * random.nextUnit() - 1) }
    }
    let x = numbers(row.T * row.B * row.I)
    let (h0, dy) = (numbers(row.B * row.H), numbers(row.T * row.B * row.H))
    let c = ThroughC(row, theta: network.parameters.elements, x: x, h0: h0, dy: dy)
    let swift = try ThroughSwift(row, network: network, x: x, h0: h0, dy: dy)
    switch row.pass {
    case .forward:
      c.forward()
      try swift.forward()
      precondition(swift.result?.elements == c.result(row.pass), "\(row.id): results differ")
      return try inTurn(for: budget, c.forward, swift.forward)
    case .training:
      c.training()
      let gradients = try swift.training().parameters
      precondition(gradients.elements == c.result(row.pass), "\(row.id): gradients differ")
      return try inTurn(for: budget, c.training) { _ = try swift.training() }
    case .stream:
      c.step()
      try swift.step()
      precondition(swift.outputOfStep == c.result(row.pass), "\(row.id): results differ")
      return try inTurn(for: budget, c.step, swift.step)
    }
  }
}
