// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The types of elements that are read. The raw values are those of TensorProto.DataType.
enum ElementType: Int {
  case float = 1
  case uint8 = 2
  case int8 = 3
  case uint16 = 4
  case int16 = 5
  case int32 = 6
  case int64 = 7
  case bool = 9
  case float16 = 10
  case double = 11
  case uint32 = 12
  case uint64 = 13
  case bfloat16 = 16

  var isFloating: Bool {
    switch self {
    case .float, .float16, .double, .bfloat16: true
    default: false
    }
  }

  /// The number of bytes of an element.
  var size: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .float, .int32, .uint32: 4
    case .int64, .double, .uint64: 8
    }
  }
}

/// A tensor of constants. Its elements are converted when they are needed.
///
/// A class, because the values of a graph refer to it.
final class TensorProto {
  private(set) var name = ""
  private(set) var dims: [Int] = []
  private(set) var type = ElementType.float
  private var raw: WireReader?
  private var floats: [Float] = []
  private var doubles: [UInt64] = []
  private var integers: [UInt64] = []

  init(_ reader: WireReader, _ data: ExternalData) throws(ONNXError) {
    var (reader, typeNumber) = (reader, 0)
    var (isExternal, place) = (false, ExternalPlace())
    while let (number, value) = try reader.next() {
      switch number {
      case 1:
        if case .bytes(let list) = value, list.count > Limit.rank * WireReader.longestNumber {
          throw .malformed(reason: "a tensor has more than \(Limit.rank) axes")
        }
        try value.append(to: &dims, "dims")
        guard dims.count <= Limit.rank else {
          throw .malformed(reason: "a tensor has more than \(Limit.rank) axes")
        }
      case 2: typeNumber = try value.integer("data_type")
      case 4: try value.append(to: &floats, "float_data")
      case 5, 7, 11: try value.append(to: &integers, "int_data", bytes: nil) { $0 }
      case 8: name = try value.string("name")
      case 9: raw = try value.message("raw_data")
      case 10: try value.append(to: &doubles, "double_data", bytes: 8) { $0 }
      case 3: throw .unsupported(part: "segment", reason: "is not supported")
      case 6: throw .unsupported(part: "string_data", reason: "is not supported")
      case 13: try place.read(value.message("external_data"))
      case 14:
        let location = try value.integer("data_location")
        guard location == 0 || location == 1 else {
          throw .unsupported(part: "data_location", reason: "is \(location), expected 0 or 1")
        }
        isExternal = location == 1
      default: break
      }
    }
    guard let type = ElementType(rawValue: typeNumber) else {
      throw .unsupported(part: "tensor \"\(name)\"", reason: "has elements of type \(typeNumber)")
    }
    self.type = type
    guard let count = elementCount(dims) else {
      throw .malformed(reason: "tensor \"\(name)\" has the shape \(dims)")
    }
    if isExternal { raw = try data.bytes(place, count: count * type.size, of: name) }
    try check(count)
  }

  private func check(_ count: Int) throws(ONNXError) {
    let stored: Int
    if let raw {
      guard raw.count.isMultiple(of: type.size) else {
        throw .malformed(reason: "tensor \"\(name)\" ends within an element")
      }
      stored = raw.count / type.size
    } else {
      stored = type == .float ? floats.count : type == .double ? doubles.count : integers.count
    }
    guard stored == count else {
      throw .malformed(reason: "tensor \"\(name)\" has \(stored) elements, expected \(count)")
    }
  }

  /// The elements of a floating-point tensor.
  func values() -> [Double] {
    switch type {
    case .float:
      return raw == nil
        ? floats.map(Double.init) : rawBits().map { Double(Float(bitPattern: UInt32($0))) }
    case .double: return (raw == nil ? doubles : rawBits()).map { Double(bitPattern: $0) }
    case .bfloat16:
      return bits().map { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0) << 16)) }
    case .float16: return bits().map { halfPrecision(UInt16(truncatingIfNeeded: $0)) }
    default: return wholeNumbers().map(Double.init)
    }
  }

  /// The elements of an integer tensor.
  func wholeNumbers() -> [Int] {
    let bits = bits()
    switch type {
    case .int8: return bits.map { Int(Int8(truncatingIfNeeded: $0)) }
    case .int16: return bits.map { Int(Int16(truncatingIfNeeded: $0)) }
    case .int32: return bits.map { Int(Int32(truncatingIfNeeded: $0)) }
    case .uint8: return bits.map { Int(UInt8(truncatingIfNeeded: $0)) }
    case .uint16: return bits.map { Int(UInt16(truncatingIfNeeded: $0)) }
    case .uint32: return bits.map { Int(UInt32(truncatingIfNeeded: $0)) }
    case .bool: return bits.map { $0 == 0 ? 0 : 1 }
    default: return bits.map { Int(Int64(bitPattern: $0)) }
    }
  }

  private func bits() -> [UInt64] {
    raw == nil ? integers : rawBits()
  }

  private func rawBits() -> [UInt64] {
    guard let bytes = raw?.rest else { return [] }
    return bytes.withUnsafeBytes { bytes in
      switch type.size {
      case 1: bytes.map { UInt64($0) }
      case 2: elements(of: bytes, UInt16.self)
      case 4: elements(of: bytes, UInt32.self)
      default: elements(of: bytes, UInt64.self)
      }
    }
  }

  private func elements<Element: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    of bytes: UnsafeRawBufferPointer, _ type: Element.Type
  ) -> [UInt64] {
    (0..<bytes.count / MemoryLayout<Element>.size).map { k in
      let offset = k * MemoryLayout<Element>.size
      return UInt64(Element(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type)))
    }
  }
}

/// The product of sizes; nil if one is negative or the product exceeds the limit.
func elementCount(_ dims: [Int], limit: Int = Limit.elements) -> Int? {
  var count = 1
  for size in dims {
    guard size >= 0, size <= limit,
      case (let product, false) = count.multipliedReportingOverflow(by: size),
      product <= limit
    else { return nil }
    count = product
  }
  return count
}

/// The value of a number with 1 sign bit, 5 bits of the exponent and 10 bits of the significand. Swift's
/// Float16 does not exist on all processors.
private func halfPrecision(_ bits: UInt16) -> Double {
  let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
  let magnitude =
    switch exponent {
    case 0: fraction * 0x1p-24
    case 31: fraction == 0 ? Double.infinity : Double.nan
    default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  return bits >> 15 == 0 ? magnitude : -magnitude
}
