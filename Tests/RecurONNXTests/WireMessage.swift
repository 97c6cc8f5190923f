// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A protobuf message that tests change or create.
struct WireMessage {
  enum Field {
    case varint(Int, UInt64)
    case bytes(Int, [UInt8])
    case fixed32(Int, UInt32)

    var number: Int {
      switch self {
      case .varint(let number, _), .bytes(let number, _), .fixed32(let number, _): number
      }
    }
  }

  var fields: [Field]

  init(_ fields: [Field] = []) { self.fields = fields }

  /// Reads a valid message.
  init(_ bytes: [UInt8]) {
    fields = []
    var position = 0
    func varint() -> UInt64 {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      while true {
        let byte = bytes[position]
        position += 1
        value |= UInt64(byte & 127) << shift
        shift += 7
        if byte < 128 { return value }
      }
    }
    while position < bytes.count {
      let key = varint()
      let number = Int(key >> 3)
      switch key & 7 {
      case 0: fields.append(.varint(number, varint()))
      case 2:
        let count = Int(varint())
        fields.append(.bytes(number, Array(bytes[position..<position + count])))
        position += count
      default:
        let bits = (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << UInt32(8 * $1) }
        fields.append(.fixed32(number, bits))
        position += 4
      }
    }
  }

  var bytes: [UInt8] {
    fields.flatMap { field -> [UInt8] in
      switch field {
      case .varint(let number, let value): Self.varint(UInt64(number << 3)) + Self.varint(value)
      case .bytes(let number, let bytes):
        Self.varint(UInt64(number << 3 | 2)) + Self.varint(UInt64(bytes.count)) + bytes
      case .fixed32(let number, let bits):
        Self.varint(UInt64(number << 3 | 5))
          + (0..<4).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
      }
    }
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// The messages or strings of a field.
  subscript(number: Int) -> [[UInt8]] {
    get {
      fields.compactMap { if case .bytes(number, let bytes) = $0 { bytes } else { nil } }
    }
    set {
      fields.removeAll { $0.number == number }
      fields += newValue.map { .bytes(number, $0) }
    }
  }
}

/// Parts of ONNX models.
enum ONNXParts {
  static func text(_ string: String) -> [UInt8] { Array(string.utf8) }

  /// A model of a graph.
  static func model(_ graph: WireMessage, opset: UInt64 = 17, _ more: [WireMessage.Field] = [])
    -> [UInt8]
  {
    let version = WireMessage([.bytes(1, []), .varint(2, opset)])
    return WireMessage([.varint(1, 8), .bytes(7, graph.bytes), .bytes(8, version.bytes)] + more)
      .bytes
  }

  static func graph(
    _ nodes: [WireMessage], inputs: [WireMessage], outputs: [WireMessage],
    constants: [WireMessage] = []
  ) -> WireMessage {
    var graph = WireMessage()
    graph[1] = nodes.map(\.bytes)
    graph[5] = constants.map(\.bytes)
    graph[11] = inputs.map(\.bytes)
    graph[12] = outputs.map(\.bytes)
    return graph
  }

  static func node(
    _ name: String, _ inputs: [String], _ outputs: [String], _ attributes: [WireMessage] = []
  ) -> WireMessage {
    var node = WireMessage()
    node[1] = inputs.map(text)
    node[2] = outputs.map(text)
    node[3] = [text("node-\(name)")]
    node[4] = [text(name)]
    node[5] = attributes.map(\.bytes)
    return node
  }

  static func attribute(_ name: String, _ value: WireMessage.Field) -> WireMessage {
    WireMessage([.bytes(1, text(name)), value])
  }

  static func attribute(_ name: String, _ values: [Int]) -> WireMessage {
    WireMessage([.bytes(1, text(name))] + values.map { .varint(8, UInt64(bitPattern: Int64($0))) })
  }

  /// An input or output. Sizes are numbers or names.
  static func value(_ name: String, type: UInt64 = 1, _ dims: [String]) -> WireMessage {
    var shape = WireMessage()
    shape[1] = dims.map { dim in
      WireMessage([UInt64(dim).map { .varint(1, $0) } ?? .bytes(2, text(dim))]).bytes
    }
    let tensor = WireMessage([.varint(1, type), .bytes(2, shape.bytes)])
    return WireMessage([
      .bytes(1, text(name)), .bytes(2, WireMessage([.bytes(1, tensor.bytes)]).bytes),
    ])
  }

  static func floats(_ name: String, _ dims: [Int], _ values: [Float]) -> WireMessage {
    let raw = values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) }
    }
    return WireMessage(
      dims.map { .varint(1, UInt64($0)) } + [.varint(2, 1), .bytes(8, text(name)), .bytes(9, raw)])
  }

  static func integers(_ name: String, _ dims: [Int], _ values: [Int]) -> WireMessage {
    WireMessage(
      dims.map { .varint(1, UInt64($0)) } + [.varint(2, 7), .bytes(8, text(name))]
        + values.map { .varint(7, UInt64(bitPattern: Int64($0))) })
  }
}
