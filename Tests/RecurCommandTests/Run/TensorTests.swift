// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

@testable import RecurCommand

/// Tensors of files and of results: their arguments, their formats and their places.
@Suite struct TensorTests {
  private func message(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return "\(error)" }
    return nil
  }

  @Test(
    arguments: [
      ("x.csv", nil, "x.csv", nil, .csv), ("in=x.csv", "in", "x.csv", nil, .csv),
      ("in=a=b.NPY", "in", "a=b.NPY", nil, .npy), ("./a=b.npy", nil, "./a=b.npy", nil, .npy),
      ("/a=b.wav", nil, "/a=b.wav", nil, .wav), ("d.npz:t", nil, "d.npz", "t", .npz),
      ("in=d.safetensors:t.0", "in", "d.safetensors", "t.0", .safetensors),
      ("a.npz:b.npz:c", nil, "a.npz:b.npz", "c", .npz), ("d.npz:", nil, "d.npz", "", .npz),
    ] as [(String, String?, String, String?, TensorFormat)])
  func argumentsAreRead(
    text: String, name: String?, path: String, tensor: String?, format: TensorFormat
  ) throws {
    let argument = try TensorArgument(text, of: "--input")
    #expect(argument.name == name && argument.path == path && argument.tensor == tensor)
    #expect(argument.format == format && argument.description == "--input \(text)")
  }

  @Test func someFormatsHaveNames() {
    #expect(TensorFormat.allCases.filter(\.hasNames) == [.npz, .safetensors])
    #expect(message { try TensorFormat.csv.requireWritable("f") } == nil)
    #expect(
      message { try TensorFormat.npz.requireWritable("f") }
        == "f: .npz files are only read, expected .npy or .safetensors")
    #expect(
      message {
        try TensorFormat.npz.write([ResultTensor<Float>](), to: "f", sampleRate: nil)
      } == "f: .npz files are only read, expected .npy or .safetensors")
  }

  private func result(
    _ shape: [Int], _ axes: [String], name: String = "y"
  ) -> ResultTensor<Float> {
    ResultTensor(
      name: name, shape: shape, elements: (0..<shape.reduce(1, *)).map { Float($0) / 2 },
      axes: axes)
  }

  @Test(
    arguments: [
      ([3, 2], ["step", "channel"], 2), ([3, 1], ["step", "channel"], 1),
      ([1, 2], ["step", "channel"], 2), ([1, 1], ["step", "channel"], 1), ([3], ["step"], 1),
      ([3, 1, 2], ["step", "sequence", "channel"], 2),
      ([1, 3, 2], ["sequence", "step", "channel"], 2),
      ([2, 3], ["channel", "step"], nil), ([3, 2, 2], ["step", "sequence", "channel"], nil),
      ([2], ["axis"], nil), ([0, 2], ["step", "channel"], 2),
    ] as [([Int], [String], Int?)])
  func tablesHaveOneSequence(shape: [Int], axes: [String], columns: Int?) {
    var found: Int?
    let error = message { found = try result(shape, axes).columnsOfOneSequence(for: "f", "CSV") }
    #expect(found == columns)
    let expected = "f: y has the shape \(shape), but CSV is for one sequence; expected .safetensors"
    #expect(error == (columns == nil ? expected : nil))
  }

  @Test func tablesHaveHeaders() throws {
    #expect(
      try result([2, 2], ["step", "channel"]).textAsCSV(for: "f") == "y.0,y.1\n0.0,0.5\n1.0,1.5\n")
    #expect(
      try result([2], ["step"], name: "a,\"b\"").textAsCSV(for: "f")
        == "\"a,\"\"b\"\"\"\n0.0\n0.5\n")
    #expect(
      try result([1, 2], ["step", "channel"], name: "a\nb").textAsCSV(for: "f")
        == "\"a\nb.0\",\"a\nb.1\"\n0.0,0.5\n")
    #expect(try result([1], ["step"], name: "1e3").textAsCSV(for: "f") == "output 1e3\n0.0\n")
  }

  @Test func tablesAreRead() throws {
    try withModels { files in
      func read(_ text: String) throws -> FileTensor {
        try FileTensor(csv: files.write(text, to: "f.csv"))
      }
      let table = try read("left,right\n1,-2\n3e1,.5\r\n")
      #expect(table.shape == [2, 2] && table.elements == [1, -2, 30, 0.5] && table.isSteps)
      #expect(table.name == nil && table.sampleRate == nil && table.place == files.path("f.csv"))
      #expect(try read("1\n").shape == [1, 1])
      let path = files.path("f.csv")
      for (text, expected) in [
        ("a,1\n", ":1: field 1 is \"a\", expected a finite number"),
        ("1,2\n1,a\n", ":2: field 2 is \"a\", expected a finite number"),
        ("a\nb\n", ":2: field 1 is \"b\", expected a finite number"),
        ("1,2\n1,2,3\n", ":2: has 3 fields, expected 2"),
        ("1,2\n1\n", ":2: has 1 field, expected 2"),
        ("1,\n", ":1: field 2 is \"\", expected a finite number"),
        ("1\n1e999\n", ":2: field 1 is \"1e999\", expected a finite number"),
        ("1,inf\n", ":1: field 2 is \"inf\", expected a finite number"),
        (
          "1\n1 2\n",
          ":2: field 1 is \"1 2\", expected a finite number; commas separate the numbers of a line"
        ),
        (
          "1\n1;2\n",
          ":2: field 1 is \"1;2\", expected a finite number; commas separate the numbers of a line"
        ),
        ("1\n1;a\n", ":2: field 1 is \"1;a\", expected a finite number"),
        ("1\n1;\n", ":2: field 1 is \"1;\", expected a finite number"),
      ] {
        #expect(message { _ = try read(text) } == path + expected)
      }
      try Data([0x31, 0xFF, 0x0A]).write(to: files.url("f.csv"))
      #expect(
        message { _ = try FileTensor(csv: path) }
          == "\(path): is not UTF-8, expected a CSV file in UTF-8")
    }
  }

  @Test(arguments: [
    ([2, 3, 2], 7, "step 1, sequence 0, channel 1"),
    ([2, 3, 2], 11, "step 1, sequence 2, channel 1"),
    ([2, 1, 2], 3, "step 1, channel 1"), ([1, 3, 1], 2, "sequence 2"), ([1, 1, 1], 0, ""),
    ([2, 0, 2], 1, "step 0, channel 1"),
  ])
  func placesHaveAxes(shape: [Int], index: Int, place: String) {
    let tensor = ResultTensor<Float>(
      name: "y", shape: shape, elements: [], axes: ["step", "sequence", "channel"])
    #expect(tensor.place(of: index) == place)
  }

  @Test func theLargestDifferenceIsFound() throws {
    var tensor = result([2, 1, 2], ["step", "sequence", "channel"])
    // 0.25 / 1.25 is more than 0.25 / 1.75.
    #expect(TensorComparison(tensor, [0, 0.5, 1.25, 1.75]).largest == 0.2)
    #expect(
      TensorComparison(tensor, [0, 0.5, 1.25, 1.75]).description
        == "y: largest difference 0.2 at step 1, channel 0: 1 instead of 1.25")
    #expect(TensorComparison(tensor, [0, 0.5, 1, 1.5]).description == "y: no difference")
    // The first of equal differences.
    #expect(TensorComparison(tensor, [0.5, 0, 1, 1.5]).place == "step 0, channel 0")
    #expect(TensorComparison(tensor, [0, 0.5, 1, .nan]).largest == .infinity)
    tensor.counts = [true, true, false, true]
    #expect(TensorComparison(tensor, [0, 0.5, 9, 1.75]).place == "step 1, channel 1")
    let single = TensorComparison(result([1], ["step"]), [0.5])
    #expect(single.description == "y: largest difference 0.5: 0 instead of 0.5")
    let none = TensorComparison(result([0], ["step"]), [])
    #expect(none.largest == 0 && none.found == 0 && none.expected == 0)
  }

  @Test func expectedTensorsHaveTheShape() throws {
    let tensor = result([2, 1, 2], ["step", "sequence", "channel"])
    let expected = FileTensor(steps: 2, channels: 2, elements: [0, 0.5, 1, 1.6], "f.csv")
    // The file is rounded to single precision.
    #expect(
      try TensorComparison(tensor, expected).largest == (Double(Float(1.6)) - 1.5)
        / Double(Float(1.6)))
    let other = FileTensor(steps: 4, channels: 1, elements: [0, 0.5, 1, 1.5], "f.csv")
    #expect(
      message { _ = try TensorComparison(tensor, other) }
        == "f.csv: has the shape [4, 1], but y has [2, 1, 2]")
  }

  @Test func integersHaveARange() throws {
    let tensor = FileTensor(steps: 3, channels: 1, elements: [0, 2, 1], "f.csv")
    #expect(try tensor.integers(0...2, "a token") == [0, 2, 1])
    #expect(
      message { _ = try tensor.integers(0...1, "a token") }
        == "f.csv: has 2 at 1, expected a token from 0 to 1")
    #expect(
      message { _ = try tensor.integers(1...2, "a label") }
        == "f.csv: has 0 at 0, expected a label from 1 to 2")
    let table = FileTensor(steps: 2, channels: 2, elements: [0, 1, 0.5, 1], "f.csv")
    #expect(
      message { _ = try table.integers(0...1, "a token") }
        == "f.csv: has 0.5 at [1, 0], expected a token from 0 to 1")
    #expect(try tensor.lengths(3, steps: 2) == [0, 2, 1])
    #expect(
      message { _ = try tensor.lengths(3, steps: 1) }
        == "f.csv: has 2 at 1, expected a number of steps from 0 to 1")
    #expect(
      message { _ = try tensor.lengths(2, steps: 2) } == "f.csv: has the shape [3, 1], expected [2]"
    )
    #expect(
      message { _ = try table.lengths(2, steps: 2) } == "f.csv: has the shape [2, 2], expected [2]")
  }

  @Test func numbersAreFinite() throws {
    let tensor = FileTensor(steps: 1, channels: 3, elements: [1, 1e300, .nan], "f.csv")
    #expect(message { try tensor.requireFinite(1, Double.self) } == nil)
    #expect(
      message { try tensor.requireFinite(Float.self) }
        == "f.csv: has 1e+300 at 1, expected a finite number in single precision")
    #expect(
      message { try tensor.requireFinite(Double.self) }
        == "f.csv: has nan at 2, expected a finite number")
  }

  @Test func layoutsAreCommon() throws {
    typealias Layouts = [(input: String, layout: TensorLayout)]
    #expect(try TensorLayout.common([("a", .sequence), ("b", .sequence)], "m") == .sequence)
    #expect(try TensorLayout.common([("a", .sequence), ("b", .batch)], "m") == .batch)
    #expect(try TensorLayout.common([("a", .onnx), ("b", .onnx)], "m") == .onnx)
    #expect(
      message { _ = try TensorLayout.common([("a", .batch), ("b", .onnx)] as Layouts, "m") }
        == "m: b has the shape of the ONNX model, but a has steps first; expected the same for all "
        + "inputs")
  }

  @Test(
    arguments: [
      (.sequence, 5, [5, 3], [5]), (.batch, 5, [5, 2, 3], [5, 2]), (.batch, nil, [2, 3], [2]),
      (.sequence, nil, [1, 3], [1]),
    ] as [(TensorLayout, Int?, [Int], [Int])])
  func outputsHaveShapes(layout: TensorLayout, steps: Int?, values: [Int], labels: [Int]) throws {
    let port = ModelPort(name: "y", node: "y", size: 3)
    let shape = try OutputShape(port, layout, steps: steps, sequences: 2)
    #expect(shape.values == values && shape.labels == labels)
    #expect(shape.place(of: 4) == 4)
    #expect(shape.matrixOrder(values: [3, 1, 2]) == [3, 1, 2])
    #expect(shape.matrixOrder(labels: [3, 1, 2]) == [3, 1, 2])
  }

  @Test func inputsHaveShapes() throws {
    let features = ModelPort(name: "x", node: "x", size: 2)
    let mono = ModelPort(name: "x", node: "x", size: 1)
    let tokens = ModelPort(name: "x", node: "x", size: 9, isTokens: true)
    func tensor(_ shape: [Int]) throws -> FileTensor {
      try withFile(shape) { try TensorFormat.npy.read($0)[0] }
    }
    for (port, shape, steps, sequences, layout) in [
      (features, [3, 2], 3, 1, .sequence), (features, [3, 4, 2], 3, 4, .batch),
      (mono, [3], 3, 1, .sequence), (mono, [3, 1], 3, 1, .sequence),
      (mono, [3, 2, 1], 3, 2, .batch), (tokens, [3], 3, 1, .sequence),
      (tokens, [3, 2], 3, 2, .batch), (tokens, [3, 1], 3, 1, .batch),
    ] as [(ModelPort, [Int], Int, Int, TensorLayout)] {
      let (input, found) = try port.input(tensor(shape), of: Float.self)
      #expect(input.steps == steps && input.batchSize == sequences && found == layout, "\(shape)")
    }
    let table = FileTensor(steps: 3, channels: 1, elements: [1, 2, 3], "f.csv")
    let (column, layout) = try tokens.input(table, of: Float.self)
    #expect(column.steps == 3 && column.batchSize == 1 && layout == .sequence)
    for (port, shape, expected) in [
      (features, [3], "[steps, 2] or [steps, sequences, 2]"),
      (features, [3, 3], "[steps, 2] or [steps, sequences, 2]"),
      (features, [3, 2, 1], "[steps, 2] or [steps, sequences, 2]"),
      (features, [1, 1, 1, 2], "[steps, 2] or [steps, sequences, 2]"),
      (mono, [2, 2], "[steps, 1] or [steps, sequences, 1]"),
      (tokens, [1, 2, 3], "[steps] or [steps, sequences]"),
    ] {
      let error = message { _ = try port.input(tensor(shape), of: Float.self) }
      #expect(
        error?.hasSuffix(": has the shape \(shape), expected \(expected)") == true, "\(error ?? "")"
      )
    }
    let wide = FileTensor(steps: 1, channels: 3, elements: [1, 2, 3], "f.csv")
    for (port, expected) in [(features, "2 columns"), (mono, "1 column"), (tokens, "one column")] {
      #expect(
        message { _ = try port.input(wide, of: Float.self) }
          == "f.csv: has the shape [1, 3], expected \(expected)")
    }
  }

  /// Passes a `.npy` file with the numbers 0, 1, … to a function.
  private func withFile(_ shape: [Int], _ body: (String) throws -> FileTensor) throws -> FileTensor
  {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "recur-\(UUID().uuidString).npy")
    defer { try? FileManager.default.removeItem(at: file) }
    let elements = (0..<shape.reduce(1, *)).map { Float($0 % 7) }
    try SafeTensors.Tensor("x", shape: shape, elements: elements).writeNPY(to: file)
    return try body(file.path)
  }
}
