// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

@testable import RecurTraining

/// An input of a target that reads Recur's files: the contents of a file as text, which mutations leave
/// intact more often than the file itself.
///
/// Each line has one of these forms. The bytes after the first NUL byte are the tensors' elements,
/// repeated as often as necessary; without them, all elements are small finite numbers.
///
///     KEY=VALUE       a string of the metadata
///     ~KEY=VALUE      the same, converted to canonical JSON if the value can be decoded
///     info.KEY=VALUE  a string of the caller, stored in `recur.info`; CRC is the checksum of the
///                     text, and \n a line feed
///     @NAME TYPE D D  a tensor
///     >TEXT           a line of the text or series that belongs to the file
///     !damage         a wrong checksum
///     !omit           no checksum
public struct Recipe {
  public private(set) var text = Data()
  private var metadata: [(key: String, value: String)] = []
  private var info: [String: String] = [:]
  private var tensors: [(name: String, type: String, shape: [Int])] = []
  private var (isDamaged, omitsChecksum) = (false, false)
  private var elements: [UInt8] = []

  public init(_ input: Data) {
    let bytes = [UInt8](input)
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count > 1 { elements = Array(parts[1]) }
    for line in parts[0].split(separator: UInt8(ascii: "\n")) { add(line) }
    if !info.isEmpty { addInfo() }
  }

  private mutating func add(_ line: ArraySlice<UInt8>) {
    let rest = line.dropFirst()
    switch Unicode.Scalar(line.first!) {
    case ">": text += rest + [UInt8(ascii: "\n")]
    case "@": addTensor(rest)
    case "!":
      isDamaged = isDamaged || line.elementsEqual("!damage".utf8)
      omitsChecksum = omitsChecksum || line.elementsEqual("!omit".utf8)
    case "~": addString(rest) { Self.canonical($0, $1) ?? $1 }
    default: addString(line) { $1 }
    }
  }

  private mutating func addString(
    _ line: ArraySlice<UInt8>, _ convert: (String, String) -> String
  ) {
    let end = line.firstIndex(of: UInt8(ascii: "=")) ?? line.endIndex
    let key = String(decoding: line[..<end], as: UTF8.self)
    let value = String(decoding: line[end...].dropFirst(), as: UTF8.self)
    if key.utf8.starts(with: "info.".utf8) {
      info[String(key.utf8.dropFirst(5)) ?? ""] = value
    } else {
      metadata.append((key, convert(key, value)))
    }
  }

  private mutating func addInfo() {
    let crc = "\(SafeTensors.crc(0, text))"
    for (key, value) in info {
      info[key] = value.replacing("CRC", with: crc).replacing("\\n", with: "\n")
    }
    guard let value = try? CanonicalJSON.text(of: info, "") else { return }
    metadata.append((FileMetadata.info.name, value))
  }

  private mutating func addTensor(_ line: ArraySlice<UInt8>) {
    let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard words.count >= 2 else { return }
    tensors.append((words[0], words[1], words.dropFirst(2).map { Int($0) ?? 1 }))
  }

  private static func canonical(_ name: String, _ value: String) -> String? {
    func text<Value: Codable>(_ key: MetadataKey<Value>) -> String? {
      guard let decoded = try? JSONDecoder().decode(Value.self, from: Data(value.utf8)) else {
        return nil
      }
      return try? CanonicalJSON.text(of: decoded, "")
    }
    return switch name {
    case FileMetadata.training.name: text(FileMetadata.training)
    case FileMetadata.forecaster.name: text(FileMetadata.forecaster)
    default: nil
    }
  }
}

extension Recipe {
  private static let mostBytes = 1 << 18

  /// The file, whose header is correct for any metadata and tensors.
  public var file: Data {
    var header = Array("{\"__metadata__\":{".utf8)
    if !omitsChecksum {
      header += "\"\(FileMetadata.checksum)\":\"00000000\"".utf8
    }
    for (index, (key, value)) in metadata.enumerated() {
      if index > 0 || !omitsChecksum { header.append(UInt8(ascii: ",")) }
      Self.append(key, to: &header)
      header.append(UInt8(ascii: ":"))
      Self.append(value, to: &header)
    }
    header += "}".utf8
    var bytes: [UInt8] = []
    for tensor in tensors { append(tensor, to: &header, &bytes) }
    header += "}".utf8
    return Container(header: Data(header), values: Data(bytes), isDamaged: isDamaged).bytes
  }

  private func append(
    _ tensor: (name: String, type: String, shape: [Int]), to header: inout [UInt8],
    _ bytes: inout [UInt8]
  ) {
    let size = SafeTensors.ElementType(rawValue: tensor.type)?.size ?? 1
    let begin = bytes.count
    let most = (Self.mostBytes - begin) / size
    let count = SafeTensors.count(tensor.shape).flatMap { $0 <= most ? $0 : nil } ?? 0
    appendValues(tensor.type, count, size, to: &bytes)
    header.append(UInt8(ascii: ","))
    Self.append(tensor.name, to: &header)
    header += ":{\"dtype\":".utf8
    Self.append(tensor.type, to: &header)
    let shape = tensor.shape.map(String.init).joined(separator: ",")
    header += ",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(bytes.count)]}".utf8
  }

  /// Appends a text in quotes to a header.
  private static func append(_ text: String, to header: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    header.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        header += [UInt8(ascii: "\\"), byte]
      } else if byte < 32 {
        header += "\\u00".utf8
        header += [digits[Int(byte / 16)], digits[Int(byte % 16)]]
      } else {
        header.append(byte)
      }
    }
    header.append(UInt8(ascii: "\""))
  }

  private func appendValues(_ type: String, _ count: Int, _ size: Int, to bytes: inout [UInt8]) {
    if elements.isEmpty {
      for index in 0..<count {
        let value = Double(index % 13) / 16
        switch type {
        case "F64": withUnsafeBytes(of: value) { bytes += $0 }
        case "F32": withUnsafeBytes(of: Float(value)) { bytes += $0 }
        default: bytes += repeatElement(1, count: size)
        }
      }
    } else {
      for _ in 0..<count * size { bytes.append(elements[bytes.count % elements.count]) }
    }
  }
}
