// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurONNX

/// Selections and other rearrangements of constants, whose elements show where each comes from.
@Suite("ONNX operators that rearrange constants")
struct ONNXSelectionTests {
  private static let six = "int64[6]:10,11,12,13,14,15"
  private static let matrix = "int64[2,3]:1,2,3,4,5,6"
  private static let floats = "float[2,3]:1,2,3,4,5,6.5"
  private static let cube = "int64[2,2,3]:1,2,3,4,5,6,7,8,9,10,11,12"

  private func check(_ call: String, _ expected: String) {
    let name = GraphText("y = \(call)").operatorName
    let found = GraphText.constant("y = \(call)")
    #expect(found == expected || found == "\(name) \"node-\(name)\": \(expected)", "\(found)")
  }

  /// Slices of 10 to 15: the first, the end and the step, with the result.
  @Test(
    "slices",
    arguments: [
      (0, 6, 1, "10,11,12,13,14,15"), (1, 3, 1, "11,12"), (1, 6, 2, "11,13,15"),
      (0, 5, 2, "10,12,14"), (0, 6, 3, "10,13"), (-2, 6, 1, "14,15"), (-3, -1, 1, "13,14"),
      (-6, 1, 1, "10"), (-7, 1, 1, "10"), (-100, 1, 1, "10"), (0, 100, 5, "10,15"),
      (5, 6, 1, "15"), (6, 7, 1, ""), (3, 2, 1, ""), (5, 2, -1, "15,14,13"),
      (5, 0, -2, "15,13,11"), (-1, -7, -1, "15,14,13,12,11,10"), (-1, -6, -1, "15,14,13,12,11"),
      (100, -100, -5, "15,10"), (0, -7, -1, "10"), (2, 4, -1, ""), (2, -7, -2, "12,10"),
      (0, Int.max, 1, "10,11,12,13,14,15"), (2, Int.max, 1, "12,13,14,15"),
    ])
  func slices(_ first: Int, _ end: Int, _ step: Int, _ expected: String) {
    let count = expected.isEmpty ? 0 : expected.split(separator: ",").count
    check(
      "Slice(\(Self.six), int64[1]:\(first), int64[1]:\(end), int64[1]:0, int64[1]:\(step))",
      "int64[\(count)]:\(expected)")
  }

  @Test(
    "slices of several axes, and of none",
    arguments: [
      ("Slice(\(matrix), int64[2]:0,1, int64[2]:1,3)", "int64[1,2]:2,3"),
      ("Slice(\(matrix), int64[2]:1,0, int64[2]:3,1, int64[2]:1,0)", "int64[1,2]:2,3"),
      ("Slice(\(floats), int64[1]:1, int64[1]:3, int64[1]:-1)", "float[2,2]:2,3,5,6.5"),
      ("Slice(\(matrix), int64[1]:1, int64[1]:2)", "int64[1,3]:4,5,6"),
      ("Slice(\(matrix)) starts=[1] ends=[2] axes=[1]", "int64[2,1]:2,5"),
      ("Slice(int64[0]:, int64[1]:0, int64[1]:5)", "int64[0]:"),
      ("Slice(int64[0]:, int64[1]:0, int64[1]:-5, int64[1]:0, int64[1]:-1)", "int64[0]:"),
      (
        "Slice(\(matrix), int64[1]:0, int64[1]:2, int64[1]:0, int64[1]:0)",
        "selects 0 to 2 with step 0 of 2 elements"
      ),
      (
        "Slice(\(matrix), int64[1]:0, int64[1]:2, int64[1]:0, int64[1]:2147483647)",
        "selects 0 to 2 with step 2147483647 of 2 elements"
      ),
      (
        "Slice(\(matrix), int64[1]:0, int64[1]:2, int64[1]:0, int64[1]:2147483646)",
        "int64[1,3]:1,2,3"
      ),
      (
        "Slice(\(matrix), int64[1]:1, int64[1]:-9, int64[1]:0, int64[1]:-2147483647)",
        "selects 1 to -9 with step -2147483647 of 2 elements"
      ),
      (
        "Slice(\(matrix), int64[1]:1, int64[1]:-9, int64[1]:0, int64[1]:-2147483646)",
        "int64[1,3]:4,5,6"
      ),
      ("Slice(\(matrix), int64[1]:0)", "has no starts or ends"),
      ("Slice(\(matrix), , int64[1]:0)", "has no starts or ends"),
      ("Slice(\(matrix), int64[2]:0,1, int64[1]:1)", "has lists of several lengths"),
      ("Slice(\(matrix), int64[1]:0, int64[1]:1, int64[2]:0,1)", "has lists of several lengths"),
      (
        "Slice(\(matrix), int64[1]:0, int64[1]:1, int64[1]:0, int64[2]:1,1)",
        "has lists of several lengths"
      ),
      ("Slice(\(matrix), int64[3]:0,0,0, int64[3]:1,1,1)", "has lists of several lengths"),
    ])
  func moreSlices(_ call: String, _ expected: String) { check(call, expected) }

  @Test(
    "of steps whose number is not known: all, the first, the last",
    arguments: [
      ("int64[1]:0, int64[1]:9223372036854775807", "float[T,4]:*0"),
      ("int64[1]:0, int64[1]:2147483647", "float[T,4]:*0"),
      ("int64[1]:0, int64[1]:2147483646", "selects 0 to 2147483646 with step 1 of T elements"),
      ("int64[1]:0, t", "float[T,4]:*0"),
      ("int64[1]:-1, t", "float[1,4]:*0"),
      ("int64[1]:-1, int64[1]:2147483647", "float[1,4]:*0"),
      ("before, t", "float[1,4]:*0"),
      ("int64[1]:0, int64[1]:1", "float[1,4]:*0"),
      ("int64[1]:1, t", "selects 1 to T with step 1 of T elements"),
      ("int64[1]:-2, t", "selects -2 to T with step 1 of T elements"),
      ("int64[1]:0, int64[1]:2", "selects 0 to 2 with step 1 of T elements"),
      ("int64[1]:0, t, int64[1]:0, int64[1]:2", "selects 0 to T with step 2 of T elements"),
      (
        "int64[1]:0, int64[1]:1, int64[1]:0, int64[1]:2", "selects 0 to 1 with step 2 of T elements"
      ),
      ("int64[1]:-1, t, int64[1]:0, int64[1]:-1", "selects -1 to T with step -1 of T elements"),
    ])
  func openSlices(_ bounds: String, _ expected: String) {
    let found = GraphText.constant(
      """
      t = Shape(x) end=1
      before = Sub(t, int64[1]:1)
      shape = Concat(t, int64[1]:4) axis=0
      zeros = ConstantOfShape(shape)
      y = Slice(zeros, \(bounds))
      """)
    #expect(found == expected || found == "Slice \"node-Slice\": \(expected)", "\(found)")
  }

  @Test(
    "gathers",
    arguments: [
      ("Gather(\(six), int64[]:2)", "int64[]:12"),
      ("Gather(\(six), int64[3]:5,-6,-1)", "int64[3]:15,10,15"),
      ("Gather(\(six), int64[1,2]:0,1)", "int64[1,2]:10,11"),
      ("Gather(\(matrix), int64[2]:1,0)", "int64[2,3]:4,5,6,1,2,3"),
      ("Gather(\(matrix), int64[]:1) axis=1", "int64[2]:2,5"),
      ("Gather(\(floats), int64[2]:2,0) axis=-1", "float[2,2]:3,1,6.5,4"),
      ("Gather(\(cube), int64[1]:1) axis=1", "int64[2,1,3]:4,5,6,10,11,12"),
      ("Gather(\(cube), int64[2]:-1,0) axis=2", "int64[2,2,2]:3,1,6,4,9,7,12,10"),
      ("Gather(\(six), int64[1]:6)", "selects an element out of range"),
      ("Gather(\(six), int64[1]:-7)", "selects an element out of range"),
      ("Gather(\(six), int64[1]:0) axis=1", "has the axis 1 of 1"),
      ("Gather(\(six), float[1]:0)", "has a constant of floating-point numbers, expected integers"),
      ("Gather(\(matrix), int64[1,1,1,1,1,1,1]:0)", "int64[1,1,1,1,1,1,1,3]:1,2,3"),
      ("Gather(\(matrix), int64[1,1,1,1,1,1,1,1]:0)", "has more than 8 axes"),
    ])
  func gathers(_ call: String, _ expected: String) { check(call, expected) }

  @Test(
    "concatenations",
    arguments: [
      ("Concat(int64[2]:1,2, int64[1]:3) axis=0", "int64[3]:1,2,3"),
      ("Concat(\(matrix), int64[2,1]:7,8) axis=1", "int64[2,4]:1,2,3,7,4,5,6,8"),
      ("Concat(\(floats), float[1,3]:7,8,9) axis=-2", "float[3,3]:1,2,3,4,5,6.5,7,8,9"),
      ("Concat(int64[0]:, int64[1]:3) axis=0", "int64[1]:3"),
      ("Concat(\(matrix)) axis=1", "int64[2,3]:1,2,3,4,5,6"),
      ("Concat(\(matrix), float[2,1]:7,8) axis=1", "has inputs of several types"),
      ("Concat(\(matrix), int32[2,1]:7,8) axis=1", "has inputs of several types"),
      ("Concat(\(matrix), int64[2]:7,8) axis=1", "concatenates tensors of several ranks"),
      (
        "Concat(\(matrix), int64[3,1]:7,8,9) axis=1", "concatenates the shapes [2, 4] and [3, 1]"
      ),
      ("Concat() axis=0", "has no input of known shape"),
      ("Concat(\(matrix), \(matrix)) axis=2", "has the axis 2 of 2"),
    ])
  func concatenations(_ call: String, _ expected: String) { check(call, expected) }

  @Test(
    "concatenations of one number at all places",
    arguments: [
      ("Concat(a, a) axis=0", "float[2*T,2]:*0"),
      ("Concat(a, b) axis=1", "float[T,5]:*0"),
      ("Concat(a, b) axis=0", "joins tensors of several shapes"),
      ("Concat(a, c) axis=1", "has a constant of the shape [T, 2], whose sizes are not known"),
      ("Concat(a, d) axis=1", "has a constant of the shape [T, 2], whose sizes are not known"),
      ("Concat(a, e) axis=1", "has inputs of several types"),
    ])
  func filledConcatenations(_ call: String, _ expected: String) {
    let found = GraphText.constant(
      """
      t = Shape(x) end=1
      two = Concat(t, int64[1]:2) axis=0
      three = Concat(t, int64[1]:3) axis=0
      a = ConstantOfShape(two)
      b = ConstantOfShape(three)
      c = ConstantOfShape(three) value=float[1]:1
      d = ConstantOfShape(t)
      e = ConstantOfShape(three) value=double[1]:0
      y = \(call)
      """)
    #expect(found == expected || found == "Concat \"node-Concat\": \(expected)", "\(found)")
  }

  @Test(
    "transpositions and reshapes",
    arguments: [
      ("Transpose(\(matrix))", "int64[3,2]:1,4,2,5,3,6"),
      ("Transpose(\(cube)) perm=[1,2,0]", "int64[2,3,2]:1,7,2,8,3,9,4,10,5,11,6,12"),
      ("Transpose(\(floats)) perm=[0,1]", "float[2,3]:1,2,3,4,5,6.5"),
      ("Reshape(\(matrix), int64[2]:3,2)", "int64[3,2]:1,2,3,4,5,6"),
      ("Reshape(\(matrix), int64[2]:-1,2)", "int64[3,2]:1,2,3,4,5,6"),
      ("Reshape(\(matrix), int64[3]:0,-1,1)", "int64[2,3,1]:1,2,3,4,5,6"),
      ("Reshape(\(matrix), int64[2]:2,0)", "int64[2,3]:1,2,3,4,5,6"),
      ("Reshape(int64[0]:, int64[2]:0,3) allowzero=1", "int64[0,3]:"),
      ("Reshape(\(matrix), int64[2]:0,3) allowzero=1", "reshapes [2, 3] to [0, 3]"),
      ("Reshape(\(matrix), int64[2]:0,3) allowzero=0", "int64[2,3]:1,2,3,4,5,6"),
      ("Reshape(\(matrix), int64[2]:-1,4)", "reshapes [2, 3] to [1, 4]"),
      ("Reshape(\(matrix), int64[2]:2,4)", "reshapes [2, 3] to [2, 4]"),
      ("Reshape(\(matrix), int64[2]:-2,-3)", "has the shape [-2, -3]"),
      ("Reshape(\(matrix), int64[8]:1,1,1,1,1,1,2,3)", "int64[1,1,1,1,1,1,2,3]:1,2,3,4,5,6"),
      ("Flatten(\(cube))", "int64[2,6]:1,2,3,4,5,6,7,8,9,10,11,12"),
      ("Flatten(\(cube)) axis=2", "int64[4,3]:1,2,3,4,5,6,7,8,9,10,11,12"),
      ("Flatten(\(cube)) axis=-1", "int64[4,3]:1,2,3,4,5,6,7,8,9,10,11,12"),
      ("Flatten(\(cube)) axis=-3", "int64[1,12]:1,2,3,4,5,6,7,8,9,10,11,12"),
      ("Flatten(\(matrix)) axis=2", "int64[6,1]:1,2,3,4,5,6"),
      ("Flatten(\(matrix)) axis=0", "int64[1,6]:1,2,3,4,5,6"),
      ("Unsqueeze(\(matrix), int64[2]:0,-1)", "int64[1,2,3,1]:1,2,3,4,5,6"),
      ("Unsqueeze(int64[2]:5,6, int64[1]:1)", "int64[2,1]:5,6"),
      ("Unsqueeze(\(matrix))", "has no axes"),
      ("Unsqueeze(int64[2]:5,6) axes=[0,1,2,3,4,5,6]", "int64[1,1,1,1,1,1,1,2]:5,6"),
      ("Unsqueeze(int64[2]:5,6) axes=[0,1,2,3,4,5,6,7]", "has more than 8 axes"),
      ("Squeeze(int64[1,2,1]:5,6)", "int64[2]:5,6"),
      ("Squeeze(int64[1,2,1]:5,6, int64[1]:0)", "int64[2,1]:5,6"),
      ("Squeeze(int64[1,2,1]:5,6, int64[1]:-1)", "int64[1,2]:5,6"),
      (
        "Squeeze(int64[1,2,1]:5,6, int64[1]:1)",
        "removes axis 1 of [1, 2, 1], whose size is not 1"
      ),
      ("Identity(\(matrix))", "int64[2,3]:1,2,3,4,5,6"),
      ("Dropout(\(floats), float[]:0.5, bool[]:0)", "float[2,3]:1,2,3,4,5,6.5"),
      ("Dropout(\(floats), float[]:0.5, bool[]:1)", "is in training mode"),
    ])
  func shapes(_ call: String, _ expected: String) { check(call, expected) }

  /// The parts of 0 to 6 of a split, each as text.
  @Test(
    "splits",
    arguments: [
      ("a, b, c", "int64[7]:0,1,2,3,4,5,6, int64[3]:2,4,1", "", ["0,1", "2,3,4,5", "6"]),
      ("a, b", "int64[7]:0,1,2,3,4,5,6", "", ["0,1,2,3", "4,5,6"]),
      ("a, b, c", "int64[7]:0,1,2,3,4,5,6", "", ["0,1,2", "3,4,5", "6"]),
      ("a, b", "int64[2]:0,1, int64[2]:0,2", "", ["", "0,1"]),
      ("a, b", "int64[4]:0,1,2,3", "split=[3,1]", ["0,1,2", "3"]),
      ("a, b", "int64[4]:0,1,2,3", "num_outputs=2", ["0,1", "2,3"]),
    ])
  func splits(_ names: String, _ inputs: String, _ attributes: String, _ expected: [String]) {
    for (name, part) in zip(names.components(separatedBy: ", "), expected) {
      let count = part.isEmpty ? 0 : part.split(separator: ",").count
      #expect(
        GraphText.constant("\(names) = Split(\(inputs)) \(attributes)\ny = Identity(\(name))")
          == "int64[\(count)]:\(part)")
    }
  }

  @Test(
    "splits that do not fit",
    arguments: [
      ("int64[2]:2,3", "splits 4 elements into [2, 3]"),
      ("int64[1]:4", "splits 4 elements into [4]"),
      ("int64[2]:5,-1", "splits 4 elements into [5, -1]"),
      ("int64[3]:2,1,1", "splits 4 elements into [2, 1, 1]"),
    ])
  func wrongSplits(_ sizes: String, _ expected: String) {
    #expect(
      GraphText.constant("y, b = Split(int64[4]:0,1,2,3, \(sizes))")
        == "Split \"node-Split\": \(expected)")
  }
}
