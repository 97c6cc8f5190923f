// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurONNX
import Testing

@Suite("Inputs of ONNX models that stay the same")
struct ONNXConstantInputTests {
  typealias Parts = ONNXParts

  /// tanh(x) if the input `rate` is 16,000, otherwise σ(x).
  private static var bytes: [UInt8] {
    func branch(_ operatorName: String) -> [UInt8] {
      Parts.graph(
        [Parts.node(operatorName, ["x"], ["chosen"])], inputs: [],
        outputs: [Parts.value("chosen", ["T", "B", "2"])]
      ).bytes
    }
    let choice = Parts.node(
      "If", ["isWide"], ["y"],
      [
        Parts.attribute("then_branch", .bytes(6, branch("Tanh"))),
        Parts.attribute("else_branch", .bytes(6, branch("Sigmoid"))),
      ])
    return Parts.model(
      Parts.graph(
        [Parts.node("Equal", ["rate", "wide"], ["isWide"]), choice],
        inputs: [Parts.value("x", ["T", "B", "2"]), Parts.value("rate", type: 7, [])],
        outputs: [Parts.value("y", ["T", "B", "2"])],
        constants: [Parts.integers("wide", [], [16_000])]))
  }

  @Test("a condition depends on the value")
  func condition() throws {
    let x = ONNXTensor<Double>(shape: [1, 1, 2], elements: [0.5, -1])
    for (rate, expected) in [
      (16_000.0, x.elements.map { tanh($0) }), (8_000, x.elements.map { 1 / (1 + exp(-$0)) }),
    ] {
      let model = try ONNXModel<Double>(bytes: Self.bytes, constants: ["rate": rate])
      #expect(model.inputs.map(\.name) == ["x"])
      let found = try #require(try model.run(["x": x])["y"])
      for (a, b) in zip(found.elements, expected) { #expect(abs(a - b) < 1e-12) }
    }
  }

  @Test("other values are refused")
  func refusals() {
    func message(_ constants: [String: Double]) -> String {
      do {
        _ = try ONNXModel<Float>(bytes: Self.bytes, constants: constants)
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(
      message([:])
        == "Equal \"node-Equal\": depends on the model's inputs, and is supported only for constants; "
        + "the argument constants gives values of inputs that stay the same")
    #expect(message(["sr": 1]) == "constants has \"sr\", expected some of x, rate")
    for value in [0.5, .infinity, .nan] {
      #expect(
        message(["rate": value])
          == "constants has \(value) for \"rate\", which is of another type")
    }
    #expect(message(["rate": 1, "x": 0]).contains("has a constant input 1"))
  }
}
