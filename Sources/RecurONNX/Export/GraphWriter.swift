// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The nodes and tensors of an ONNX graph that is written.
struct GraphWriter {
  /// An attribute of a node.
  enum Attribute {
    case integer(Int)
    case float(Double)
    case string(String)
    case integers([Int])
    case floats([Double])
    case strings([String])
  }

  /// The size of an axis: a number or a name.
  enum Dimension {
    case size(Int)
    case name(String)
  }

  private var nodes: [[UInt8]] = []
  private var tensors: [[UInt8]] = []
  private var inputs: [[UInt8]] = []
  private var outputs: [[UInt8]] = []
  private var integers: [[Int]: String] = [:]
  private var count = 0

  /// Adds a node and returns the name of its first output.
  mutating func add(
    _ operatorName: String, _ inputs: [String], _ attributes: [(String, Attribute)] = [],
    output: String? = nil, more: [String] = []
  ) -> String {
    count += 1
    let output = output ?? "\(operatorName).\(count)"
    var node = WireWriter()
    for input in inputs { node.string(1, input) }
    for name in [output] + more { node.string(2, name) }
    node.string(3, output)
    node.string(4, operatorName)
    for (name, value) in attributes { node.message(5) { value.write(name, to: &$0) } }
    nodes.append(node.bytes)
    return output
  }

  /// Adds a tensor of floating-point numbers.
  mutating func tensor(_ name: String, _ dims: [Int], _ elements: some Sequence<Float>) -> String {
    var raw: [UInt8] = []
    for element in elements { withUnsafeBytes(of: element.bitPattern.littleEndian) { raw += $0 } }
    addTensor(name, dims, type: .float, raw)
    return name
  }

  /// Adds a scalar.
  mutating func scalar(_ value: Double) -> String {
    count += 1
    return tensor("constant.\(count)", [], [Float(value)])
  }

  /// Adds a list of integers, such as a shape, or returns an equal one.
  mutating func list(_ values: [Int]) -> String {
    if let name = integers[values] { return name }
    let name = "list.\(integers.count + 1)"
    var raw: [UInt8] = []
    for value in values { withUnsafeBytes(of: Int64(value).littleEndian) { raw += $0 } }
    addTensor(name, [values.count], type: .int64, raw)
    integers[values] = name
    return name
  }

  private mutating func addTensor(_ name: String, _ dims: [Int], type: ElementType, _ raw: [UInt8])
  {
    var tensor = WireWriter()
    for size in dims { tensor.varint(1, size) }
    tensor.varint(2, type.rawValue)
    tensor.string(8, name)
    tensor.bytes(9, raw)
    tensors.append(tensor.bytes)
  }

  mutating func input(_ name: String, _ type: ElementType, _ dims: [Dimension]) {
    inputs.append(Self.value(name, type, dims))
  }

  mutating func output(_ name: String, _ dims: [Dimension]) {
    outputs.append(Self.value(name, .float, dims))
  }

  private static func value(_ name: String, _ type: ElementType, _ dims: [Dimension]) -> [UInt8] {
    var value = WireWriter()
    value.string(1, name)
    value.message(2) { typeMessage in
      typeMessage.message(1) { tensor in
        tensor.varint(1, type.rawValue)
        tensor.message(2) { shape in
          for dimension in dims {
            shape.message(1) {
              switch dimension {
              case .size(let size): $0.varint(1, size)
              case .name(let name): $0.string(2, name)
              }
            }
          }
        }
      }
    }
    return value.bytes
  }

  /// The bytes of a file.
  func model(opset: Int) -> [UInt8] {
    var model = WireWriter()
    // The version of the format that came with version 17 of the operators.
    model.varint(1, 8)
    model.string(2, "Recur")
    model.message(7) { graph in
      for node in nodes { graph.bytes(1, node) }
      graph.string(2, "graph")
      for tensor in tensors { graph.bytes(5, tensor) }
      for input in inputs { graph.bytes(11, input) }
      for output in outputs { graph.bytes(12, output) }
    }
    model.message(8) {
      $0.string(1, "")
      $0.varint(2, opset)
    }
    return model.bytes
  }
}

extension GraphWriter.Attribute {
  /// Writes the value and the number of its type.
  fileprivate func write(_ name: String, to attribute: inout WireWriter) {
    attribute.string(1, name)
    switch self {
    case .float(let value):
      attribute.float(2, Float(value))
      attribute.varint(20, 1)
    case .integer(let value):
      attribute.varint(3, value)
      attribute.varint(20, 2)
    case .string(let value):
      attribute.string(4, value)
      attribute.varint(20, 3)
    case .floats(let values):
      for value in values { attribute.float(7, Float(value)) }
      attribute.varint(20, 6)
    case .integers(let values):
      for value in values { attribute.varint(8, value) }
      attribute.varint(20, 7)
    case .strings(let values):
      for value in values { attribute.string(9, value) }
      attribute.varint(20, 8)
    }
  }
}
