// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

@testable import RecurONNX

/// A graph as text, with one input or node in each line, such as
///
///     x: float[T,B,4]
///     y = Concat(x, float[1,2]:3,4) axis=1
///
/// Constants are written where they are read: the type, the shape and the elements. `~3` stands for elements that
/// all differ, with the seed 3, and `*0` for elements that are all 0. Inputs are separated by a comma and a space.
/// A list of attributes has no spaces.
struct GraphText {
  private(set) var nodes: [WireMessage] = []
  private(set) var inputs: [WireMessage] = []
  private(set) var constants: [WireMessage] = []

  /// The operator of the last node.
  private(set) var operatorName = ""

  init(_ text: String) {
    for line in text.split(separator: "\n").map(String.init) {
      if let equals = line.range(of: " = ") {
        addNode(line[..<equals.lowerBound], line[equals.upperBound...])
      } else {
        let parts = line.components(separatedBy: ": ")
        let (type, dims) = Self.typeAndDims(parts[1])
        inputs.append(ONNXParts.value(parts[0], type: UInt64(type.rawValue), dims))
      }
    }
  }

  private mutating func addNode(_ outputs: Substring, _ call: Substring) {
    let (open, close) = (call.firstIndex(of: "(")!, call.lastIndex(of: ")")!)
    operatorName = String(call[..<open])
    let arguments = call[open..<close].dropFirst()
    let inputs = arguments.isEmpty ? [] : arguments.components(separatedBy: ", ")
    for input in inputs where input.contains("]:") {
      if !constants.contains(where: { $0[8] == [ONNXParts.text(input)] }) {
        constants.append(Self.tensor(input, name: input))
      }
    }
    let attributes = call[close...].dropFirst().split(separator: " ").map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      return Self.attribute(parts[0], parts[1])
    }
    nodes.append(
      ONNXParts.node(operatorName, inputs, outputs.components(separatedBy: ", "), attributes))
  }

  /// An attribute: an integer, a number with a point, a tensor, a list of one kind, or a string.
  private static func attribute(_ name: String, _ value: String) -> WireMessage {
    if value.contains("]:") {
      return ONNXParts.attribute(name, .bytes(5, tensor(value, name: "").bytes))
    }
    if value.hasPrefix("[") {
      let items = value.dropFirst().dropLast().split(separator: ",").map(String.init)
      return WireMessage([.bytes(1, ONNXParts.text(name))] + items.map { field($0, 7, 8, 9) })
    }
    return ONNXParts.attribute(name, field(value, 2, 3, 4))
  }

  private static func field(_ item: String, _ float: Int, _ integer: Int, _ string: Int)
    -> WireMessage.Field
  {
    if let number = Int(item) { return .varint(integer, UInt64(bitPattern: Int64(number))) }
    if let number = Float(item) { return .fixed32(float, number.bitPattern) }
    return .bytes(string, ONNXParts.text(item))
  }

  private static func typeAndDims(_ text: String) -> (ElementType, [String]) {
    let open = text.firstIndex(of: "[")!
    let type = (0..<20).compactMap(ElementType.init).first { "\($0)" == text[..<open] }!
    return (type, text[open...].dropFirst().dropLast().split(separator: ",").map(String.init))
  }

  /// A tensor such as `float[2]:0.5,1`.
  static func tensor(_ text: String, name: String) -> WireMessage {
    let colon = text.firstIndex(of: ":")!
    let (type, sizes) = typeAndDims(String(text[..<colon]))
    let dims = sizes.map { Int($0)! }
    let list = elements(String(text[colon...].dropFirst()), dims.reduce(1, *))
    let raw = list.flatMap { value -> [UInt8] in
      let bits: UInt64 =
        switch type {
        case .float: UInt64(Float(value).bitPattern)
        case .double: value.bitPattern
        default: UInt64(bitPattern: Int64(exactly: value) ?? (value > 0 ? .max : .min))
        }
      return (0..<type.size).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }
    return WireMessage(
      dims.map { .varint(1, UInt64($0)) }
        + [.varint(2, UInt64(type.rawValue)), .bytes(8, ONNXParts.text(name)), .bytes(9, raw)])
  }

  private static func elements(_ text: String, _ count: Int) -> [Double] {
    if let number = Int(text.dropFirst()), let first = text.first, !first.isNumber, first != "-" {
      return first == "~" ? distinct(count, number) : Array(repeating: Double(number), count: count)
    }
    return text.split(separator: ",").map { Double($0)! }
  }

  /// Elements from -1 to 1 that differ from their neighbors.
  static func distinct(_ count: Int, _ seed: Int) -> [Double] {
    (0..<count).map { Double(($0 * 37 + seed * 13) % 101) / 50 - 1 }
  }

  /// A file with the graph.
  func model(outputs: [String] = ["y"], opset: UInt64 = 17) -> [UInt8] {
    ONNXParts.model(
      ONNXParts.graph(
        nodes, inputs: inputs, outputs: outputs.map { ONNXParts.value($0, []) },
        constants: constants),
      opset: opset)
  }
}

extension GraphText {
  /// Returns a graph in which other lines replace one line; an empty text removes it.
  static func changed(_ text: String, _ line: String, _ other: String) -> String {
    guard !line.isEmpty else { return text }
    precondition(text.split(separator: "\n").contains(Substring(line)), line)
    return text.split(separator: "\n").compactMap {
      $0 == line ? (other.isEmpty ? nil : other) : String($0)
    }.joined(separator: "\n")
  }
}

// What is known while a graph is read

extension GraphText {
  /// Returns the value of `y` while the graph is read. Without inputs, x is T x B x 4. An input of integers is
  /// tokens, and those of `states` are states.
  static func value(
    _ text: String, opset: Int = 17, budget: Int = 1 << 20, states: Set<String> = []
  ) throws -> Value {
    let graph = GraphText((text.hasPrefix("x: ") ? "" : "x: float[T,B,4]\n") + text)
    let bytes = ONNXParts.graph(
      graph.nodes, inputs: graph.inputs, outputs: [], constants: graph.constants
    ).bytes
    var parts = PartCount(bytes: 1 << 20, ExternalData(folder: nil, bytes: 0))
    let proto = try GraphProto(WireReader(bytes), depth: 0, &parts)
    let lowering = Lowering(opset: opset, fileSize: 1 << 20)
    var inputs: [String: Value] = [:]
    for (number, info) in proto.inputs.enumerated() {
      let input = try GraphInput(info, sizes: [:], roles: nil, isState: false)
      let (axes, rank) = ([[Factor.steps], [.sequences], [.channels]], input.dims.count)
      let features = input.type?.isFloating == true ? axes.suffix(rank) : axes.prefix(rank)
      let meaning = states.contains(info.name) ? Interpretation.state : .axes(Array(features))
      inputs[info.name] = try input.value(number, meaning, lowering)
    }
    var interpreter = Interpreter(
      proto, opset: opset, lowering, openAxes: ["T", "B"], budget: budget)
    return try interpreter.run(inputs: inputs, outputs: ["y"])["y"]!
  }

  /// Returns the constant `y` as text such as `int64[2]:T,4`; the message of an error if it cannot be computed.
  static func constant(_ text: String, opset: Int = 17) -> String {
    do {
      guard let constant = try value(text, opset: opset).constant else { return "no constant" }
      return Self.text(constant)
    } catch { return "\(error)" }
  }

  static func text(_ constant: Constant) -> String {
    let shape = "\(constant.type)[\(constant.dims.map { "\($0)" }.joined(separator: ","))]:"
    if case .filled(let value, _) = constant.storage { return shape + "*" + text(value) }
    if !constant.type.isFloating, let sizes = try? constant.sizes() {
      return shape + sizes.elements.map { "\($0)" }.joined(separator: ",")
    }
    return shape + ((try? constant.values().elements) ?? []).map(text).joined(separator: ",")
  }

  private static func text(_ value: Double) -> String {
    guard let number = Int(exactly: value), value != 0 || value.sign == .plus else {
      return value == 0 ? "-0" : "\(value)"
    }
    return "\(number)"
  }
}

// What a graph computes

extension GraphText {
  /// Runs a graph in double precision. The inputs have the elements of ``distinct(_:_:)``, with the seeds 1, 2, …
  static func run(
    _ text: String, _ shapes: [[Int]], opset: UInt64 = 17, roles: [String: [ONNXAxisRole?]] = [:],
    outputs: [String] = ["y"]
  ) throws -> [String: ONNXTensor<Double>] {
    let graph = GraphText(text)
    let model = try ONNXModel<Double>(
      bytes: graph.model(outputs: outputs, opset: opset), roles: roles)
    var (features, tokens): ([String: ONNXTensor<Double>], [String: ONNXTensor<Int>]) = ([:], [:])
    for (k, shape) in shapes.enumerated() {
      let name = String(decoding: graph.inputs[k][1][0], as: UTF8.self)
      let elements = distinct(shape.reduce(1, *), k + 1)
      if model.inputs.contains(where: { $0.name == name && $0.isTokens }) {
        tokens[name] = ONNXTensor(shape: shape, elements: elements.indices.map { $0 % 3 })
      } else {
        features[name] = ONNXTensor(shape: shape, elements: elements)
      }
    }
    return try model.run(features, tokens: tokens)
  }

  /// The message of a model that cannot be read.
  static func message(
    _ text: String, opset: UInt64 = 17, outputs: [String] = ["y"], sizes: [String: Int] = [:],
    roles: [String: [ONNXAxisRole?]] = [:], constants: [String: Double] = [:]
  ) -> String {
    do {
      _ = try ONNXModel<Float>(
        bytes: GraphText(text).model(outputs: outputs, opset: opset), sizes: sizes,
        constants: constants, roles: roles)
      return "no error"
    } catch { return "\(error)" }
  }
}
