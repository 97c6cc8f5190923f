// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// The messages of onnx.proto: the fields that are needed, with their numbers. Fields that change the meaning of
// a model are refused; others, such as descriptions, are skipped.

/// A model.
struct ModelProto {
  var opset: Int?
  var graph: GraphProto?

  /// The number of bytes of the file and of those that it names.
  private(set) var size = 0

  /// - Parameters:
  ///   - bytes: The file.
  ///   - folder: The folder of the files that it names; nil if it is unknown.
  init(_ bytes: [UInt8], folder: String?) throws(ONNXError) {
    let data = ExternalData(folder: folder, bytes: bytes.count)
    var (reader, parts) = (WireReader(bytes), PartCount(bytes: bytes.count, data))
    while let (number, value) = try reader.next() {
      switch number {
      case 7:
        guard graph == nil else { throw .malformed(reason: "the model has two graphs") }
        graph = try GraphProto(value.message("graph"), depth: 0, &parts)
      case 8: try addOpset(value.message("opset_import"))
      case 20: throw .unsupported(part: "training_info", reason: "is not supported")
      case 25: throw .unsupported(part: "functions", reason: "are not supported")
      default: break
      }
    }
    size = bytes.count + data.size
  }

  private mutating func addOpset(_ reader: WireReader) throws(ONNXError) {
    var (reader, domain, version) = (reader, "", 0)
    while let (number, value) = try reader.next() {
      switch number {
      case 1: domain = try value.string("domain")
      case 2: version = try value.integer("version")
      default: break
      }
    }
    guard domain.isEmpty || domain == "ai.onnx" else { return }
    guard opset == nil else { throw .malformed(reason: "the model has two versions of operators") }
    opset = version
  }
}

extension ModelProto {
  /// Reads a model. The error of a file of another format names that format, if it is known.
  static func reading(_ bytes: [UInt8], folder: String?) throws(ONNXError) -> ModelProto {
    do throws(ONNXError) { return try ModelProto(bytes, folder: folder) } catch {
      guard case .malformed = error, bytes.isSafeTensors else { throw error }
      throw .malformed(reason: "the file is a safetensors file, expected an ONNX model")
    }
  }
}

extension [UInt8] {
  /// Whether a JSON object follows its length in 8 bytes.
  fileprivate var isSafeTensors: Bool {
    count > 8 && self[5..<8].allSatisfy { $0 == 0 } && self[8] == UInt8(ascii: "{")
  }
}

/// Counts the parts of a model, and has the files that they name.
struct PartCount {
  let data: ExternalData
  private let bytes: Int
  private var left: Int

  init(bytes: Int, _ data: ExternalData) {
    self.data = data
    self.bytes = bytes
    left = Limit.parts(ofFile: bytes)
  }

  mutating func add() throws(ONNXError) {
    left -= 1
    guard left >= 0 else {
      throw .file(
        reason:
          "the model has more than \(Limit.parts(ofFile: bytes)) nodes, tensors, inputs and outputs in "
          + "\(bytes) bytes")
    }
  }
}

/// A graph: nodes in topological order.
struct GraphProto {
  var nodes: [NodeProto] = []
  var initializers: [TensorProto] = []
  var inputs: [ValueInfoProto] = []
  var outputs: [ValueInfoProto] = []

  init(_ reader: WireReader, depth: Int, _ parts: inout PartCount) throws(ONNXError) {
    guard depth < Limit.depth else {
      throw .unsupported(part: "graph", reason: "has more than \(Limit.depth) levels")
    }
    var reader = reader
    while let (number, value) = try reader.next() {
      if [1, 5, 11, 12].contains(number) { try parts.add() }
      switch number {
      case 1: nodes.append(try NodeProto(value.message("node"), depth: depth, &parts))
      case 5: initializers.append(try TensorProto(value.message("initializer"), parts.data))
      case 11: inputs.append(try ValueInfoProto(value.message("input")))
      case 12: outputs.append(try ValueInfoProto(value.message("output")))
      case 14: throw .unsupported(part: "quantization_annotation", reason: "is not supported")
      case 15: throw .unsupported(part: "sparse_initializer", reason: "is not supported")
      default: break
      }
    }
  }
}

/// A node: an operator with inputs, outputs and attributes.
struct NodeProto {
  var inputs: [String] = []
  var outputs: [String] = []
  var name = ""
  var operatorName = ""
  var domain = ""
  var attributes: [String: AttributeProto] = [:]

  init(_ reader: WireReader, depth: Int, _ parts: inout PartCount) throws(ONNXError) {
    var reader = reader
    while let (number, value) = try reader.next() {
      switch number {
      case 1:
        guard inputs.count < Limit.nodeInputs else {
          throw .unsupported(part: "node", reason: "has more than \(Limit.nodeInputs) inputs")
        }
        inputs.append(try value.string("input"))
      case 2: outputs.append(try value.string("output"))
      case 3: name = try value.string("name")
      case 4: operatorName = try value.string("op_type")
      case 5:
        let attribute = try AttributeProto(value.message("attribute"), depth: depth, &parts)
        guard attributes.count < Limit.attributes else {
          throw .unsupported(
            part: "node", reason: "has more than \(Limit.attributes) attributes")
        }
        guard attributes.updateValue(attribute, forKey: attribute.name) == nil else {
          throw .malformed(reason: "a node has two attributes \"\(attribute.name)\"")
        }
      case 7: domain = try value.string("domain")
      case 8:
        guard try value.string("overload").isEmpty else {
          throw .unsupported(part: "overload", reason: "is not supported")
        }
      default: break
      }
    }
  }
}

/// A named constant of a node.
struct AttributeProto {
  var name = ""
  var float: Float?
  var integer: Int?
  var string: String?
  var tensor: TensorProto?
  var graph: GraphProto?
  var floats: [Float] = []
  var integers: [Int] = []
  var strings: [String] = []

  init(_ reader: WireReader, depth: Int, _ parts: inout PartCount) throws(ONNXError) {
    var reader = reader
    while let (number, value) = try reader.next() {
      switch number {
      case 1: name = try value.string("name")
      case 2: float = try value.float("f")
      case 3: integer = try value.integer("i")
      case 4: string = try value.string("s")
      case 5: tensor = try TensorProto(value.message("t"), parts.data)
      case 6: graph = try GraphProto(value.message("g"), depth: depth + 1, &parts)
      case 7: try value.append(to: &floats, "floats")
      case 8: try value.append(to: &integers, "ints")
      case 9: strings.append(try value.string("strings"))
      case 21: throw .unsupported(part: "ref_attr_name", reason: "is not supported")
      case 10, 11, 14, 15:
        throw .unsupported(part: "attribute", reason: "is a list of tensors, graphs or types")
      case 22, 23: throw .unsupported(part: "sparse_tensor", reason: "is not supported")
      default: break
      }
    }
  }
}

/// The name, the type and the shape of an input or output.
struct ValueInfoProto {
  /// The size of an axis: a number, a name, or unknown.
  enum Dimension {
    case size(Int)
    case name(String)
    case unknown
  }

  var name = ""
  var elementType: Int?
  var shape: [Dimension]?

  init(_ reader: WireReader) throws(ONNXError) {
    var reader = reader
    while let (number, value) = try reader.next() {
      switch number {
      case 1: name = try value.string("name")
      case 2: try readType(value.message("type"))
      default: break
      }
    }
  }

  private mutating func readType(_ reader: WireReader) throws(ONNXError) {
    var reader = reader
    while let (number, value) = try reader.next() {
      switch number {
      case 1: try readTensorType(value.message("tensor_type"))
      case 4, 5, 8, 9:
        throw .unsupported(part: "\"\(name)\"", reason: "is a sequence, a map, optional or sparse")
      default: break
      }
    }
  }

  private mutating func readTensorType(_ reader: WireReader) throws(ONNXError) {
    var reader = reader
    while let (number, value) = try reader.next() {
      switch number {
      case 1: elementType = try value.integer("elem_type")
      case 2: shape = try Self.shape(value.message("shape"))
      default: break
      }
    }
  }

  private static func shape(_ reader: WireReader) throws(ONNXError) -> [Dimension] {
    var (reader, shape) = (reader, [Dimension]())
    while let (number, value) = try reader.next() {
      guard number == 1 else { continue }
      shape.append(try dimension(value.message("dim")))
      guard shape.count <= Limit.rank else {
        throw .unsupported(part: "shape", reason: "has more than \(Limit.rank) axes")
      }
    }
    return shape
  }

  private static func dimension(_ reader: WireReader) throws(ONNXError) -> Dimension {
    var (reader, dimension) = (reader, Dimension.unknown)
    while let (number, value) = try reader.next() {
      switch number {
      case 1:
        let size = try value.integer("dim_value")
        // Some exporters write -1 or 0 for an unknown size.
        dimension = size > 0 ? .size(size) : .unknown
      case 2:
        let name = try value.string("dim_param")
        dimension = name.isEmpty ? .unknown : .name(name)
      default: break
      }
    }
    return dimension
  }
}
