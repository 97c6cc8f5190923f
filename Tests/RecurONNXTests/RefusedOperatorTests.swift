// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurONNX
import Testing

@Suite("ONNX operators with inputs and attributes that Recur cannot express")
struct ONNXRefusedOperatorTests {
  typealias Parts = ONNXParts

  /// A call with x of T x B x 4. Lists of integers are further inputs.
  private struct Case: CustomTestStringConvertible {
    let message: String
    let name: String
    var inputs: [String] = ["x"]
    var lists: [[Int]] = []
    var attributes: [WireMessage] = []
    var constants: [WireMessage] = []
    var opset: UInt64 = 17

    var testDescription: String { "\(name): \(message)" }

    var bytes: [UInt8] {
      let names = lists.indices.map { "list\($0)" }
      return ONNXRefusedModelTests.model(
        name, inputs + names, attributes,
        constants: constants
          + zip(names, lists).map { Parts.integers($0, [$1.count], $1) }, opset: opset)
    }
  }

  private static func text(_ name: String, _ value: String) -> WireMessage {
    Parts.attribute(name, .bytes(4, Parts.text(value)))
  }

  private static func integer(_ name: String, _ value: Int) -> WireMessage {
    Parts.attribute(name, .varint(3, UInt64(bitPattern: Int64(value))))
  }

  private static func ones(_ name: String, _ dims: Int...) -> WireMessage {
    Parts.floats(name, dims, Array(repeating: 0.5, count: dims.reduce(1, *)))
  }

  private static let cases: [Case] = [
    Case(
      message: "copies the size of an axis that does not exist", name: "Reshape",
      lists: [[0, 0, 0, 0]]),
    Case(
      message: "copies the size of an axis that does not exist", name: "Reshape",
      lists: [[0, 0, 0, 0, 0, 0]]),
    Case(message: "has more than 8 axes", name: "Reshape", lists: [[1, 1, 1, 1, 1, 1, 1, 1, 1]]),
    Case(message: "has the shape [-1, -1, 4]", name: "Reshape", lists: [[-1, -1, 4]]),
    Case(message: "reshapes [T, B, 4] to [T, B, 5]", name: "Reshape", lists: [[0, 0, 5]]),
    Case(message: "has the axis 4", name: "Flatten", attributes: [integer("axis", 4)]),
    Case(message: "has the axis -4", name: "Flatten", attributes: [integer("axis", -4)]),
    Case(
      message: "removes axis 2 of [T, B, 4], whose size is not 1", name: "Squeeze", lists: [[2]]),
    Case(message: "has the axis 3 of 3", name: "Squeeze", lists: [[3]]),
    Case(message: "has the axis 4 of 4", name: "Unsqueeze", lists: [[4]]),
    Case(message: "has an axis twice: [0, 0]", name: "Unsqueeze", lists: [[0, 0]]),
    Case(
      message: "has the permutation [0, 1]", name: "Transpose",
      attributes: [Parts.attribute("perm", [0, 1])]),
    Case(
      message: "has the permutation [0, 1, 1]", name: "Transpose",
      attributes: [Parts.attribute("perm", [0, 1, 1])]),
    Case(
      message: "has the permutation [0, 1, 3]", name: "Transpose",
      attributes: [Parts.attribute("perm", [0, 1, 3])]),
    Case(
      message: "repeats values, which is supported only for constants", name: "Expand",
      lists: [[2, 1, 1, 1]]),
    Case(message: "has the axis 3 of 3", name: "Slice", lists: [[0], [2], [3]]),
    Case(message: "has lists of several lengths", name: "Slice", lists: [[0], [2, 3], [2]]),
    Case(message: "has no starts or ends", name: "Slice", lists: [[0]]),
    Case(
      message: "splits 4 elements into [1, 4]", name: "Split", lists: [[1, 4]],
      attributes: [integer("axis", 2)]),
    Case(message: "has the axis 3 of 3", name: "Split", attributes: [integer("axis", 3)]),
    Case(
      message: "joins steps, which is supported only for channels and positions", name: "Concat",
      inputs: ["x", "z"], attributes: [integer("axis", 0)]),
    Case(
      message: "has the axis 3 of 3", name: "Concat", inputs: ["x", "z"],
      attributes: [integer("axis", 3)]),
    Case(
      message: "joins values with constants, or a state with values", name: "Concat",
      inputs: ["x", "c"], attributes: [integer("axis", 2)], constants: [ones("c", 1, 1, 4)]),
    Case(
      message: "has the axis 3 of 3", name: "Gather", lists: [[0, 1]],
      attributes: [integer("axis", 3)]),
    Case(
      message: "selects an element out of range", name: "Gather", lists: [[4]],
      attributes: [integer("axis", 2)]),
    Case(message: "has the pads [0, 0, 1, 0, 0]", name: "Pad", lists: [[0, 0, 1, 0, 0]]),
    Case(message: "has the pads [-1, 0, 0, 0, 0, 0]", name: "Pad", lists: [[-1, 0, 0, 0, 0, 0]]),
    Case(
      message: "has the mode wrap", name: "Pad", lists: [[1, 0, 0, 0, 0, 0]],
      attributes: [text("mode", "wrap")]),
    Case(
      message: "has the auto_pad ROUND", name: "Conv", inputs: ["x", "K"],
      attributes: [text("auto_pad", "ROUND")], constants: [ones("K", 4, 4, 3)]),
    Case(
      message: "has inputs of ranks 3 and 4", name: "Conv", inputs: ["x", "K"],
      constants: [ones("K", 4, 4, 3, 3)]),
    Case(
      message: "multiplies [T, B, 4] by a matrix of 3 x 4", name: "MatMul", inputs: ["x", "M"],
      constants: [ones("M", 3, 4)]),
    Case(
      message: "has a constant of the shape [4, 4, 4], expected a matrix", name: "MatMul",
      inputs: ["x", "M"], constants: [ones("M", 4, 4, 4)]),
    Case(
      message: "has inputs of ranks 3 and 2, expected 2", name: "Gemm", inputs: ["x", "M"],
      constants: [ones("M", 4, 4)]),
    Case(
      message: "has the exponent [4.0], expected 2 or 3", name: "Pow", inputs: ["x", "e"],
      constants: [Parts.floats("e", [], [4])]),
    Case(
      message: "combines [T, B, 4] with a constant of the shape [2, 1, 1]", name: "PRelu",
      inputs: ["x", "s"], constants: [Parts.floats("s", [2, 1, 1], [1, 2])]),
    Case(
      message: "normalizes several axes, expected the channels", name: "LayerNormalization",
      inputs: ["x", "w"], attributes: [integer("axis", 1)], constants: [ones("w", 4)]),
    Case(
      message: "combines [T, B, 4] with a constant of the shape [3]", name: "LayerNormalization",
      inputs: ["x", "w"], constants: [ones("w", 3)]),
    Case(
      message: "has the axis 1 of sequences, expected channels", name: "BatchNormalization",
      inputs: ["x", "a", "b", "c", "d"],
      constants: [ones("a", 3), ones("b", 3), ones("c", 3), ones("d", 3)]),
    Case(
      message: "has the type 8, which is not supported", name: "Cast",
      attributes: [integer("to", 8)]),
    Case(
      message: "combines [T, B, 4] with a constant of the shape [5]", name: "Add",
      inputs: ["x", "c"], constants: [ones("c", 5)]),
    Case(
      message: "combines [T, B, 4] with a constant of the shape [2, 2, 1, 1, 1]", name: "Add",
      inputs: ["x", "c"], constants: [ones("c", 2, 2, 1, 1, 1)]),
    Case(
      message: "combines [T, B, 4] with a constant of the shape [2, 1, 1]", name: "Mul",
      inputs: ["x", "c"], constants: [Parts.floats("c", [2, 1, 1], [1, 2])]),
    Case(
      message: "reduces channels, expected steps", name: "ReduceMax",
      attributes: [Parts.attribute("axes", [0, 2])]),
    Case(message: "has the axis 3 of 3", name: "Softmax", attributes: [integer("axis", 3)]),
    Case(
      message: "has an input 2 of the shape [1, 16, 4], expected [1, 12, 4]", name: "LSTM",
      inputs: ["x", "W", "R"], constants: [ones("W", 1, 16, 4), ones("R", 1, 16, 3)]),
    Case(
      message: "has no input 3", name: "LSTM", inputs: ["x", "W"], constants: [ones("W", 1, 16, 4)]),
    Case(
      message: "has the layout 2", name: "GRU", inputs: ["x", "W", "R"],
      attributes: [integer("layout", 2)], constants: [ones("W", 1, 12, 4), ones("R", 1, 12, 4)]),
    Case(
      message: "has the clip -1.0", name: "GRU", inputs: ["x", "W", "R"],
      attributes: [Parts.attribute("clip", .fixed32(2, 0xBF80_0000))],
      constants: [ones("W", 1, 12, 4), ones("R", 1, 12, 4)]),
    Case(
      message: "has an input 4 of the shape [1, 12], expected [1, 24]", name: "GRU",
      inputs: ["x", "W", "R", "b"],
      constants: [ones("W", 1, 12, 4), ones("R", 1, 12, 4), ones("b", 1, 12)]),
  ]

  @Test("are refused with the reason", arguments: cases)
  private func refused(_ one: Case) {
    #expect(
      ONNXRefusedModelTests.message(one.bytes)
        == "\(one.name) \"node-\(one.name)\": \(one.message)")
  }
}
