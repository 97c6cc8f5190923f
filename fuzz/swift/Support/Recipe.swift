// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

@testable import RecurTraining

/// An input of a target that reads Recur's files: the contents of a file as text, which mutations leave
/// intact more often than the file itself.
///
/// Each line has one of these forms. After the first NUL byte, the bytes are the tensors' elements, repeated as
/// often as necessary; without any, all elements are small finite numbers.
///
///     KEY=VALUE       a string of the metadata
///     ~KEY=VALUE      the same; converted to canonical JSON, if it can be decoded
///     info.KEY=VALUE  a string of the caller, stored in `recur.info`
///     @NAME TYPE D D  a tensor
///     >TEXT           a line of the text or series that belongs to the file
///     !damage         a wrong checksum
///     !omit           no checksum
///
/// In a value, `CRC` is replaced by the checksum of the text.
public struct Recipe {
  public private(set) var text = Data()
  private var metadata: [String: String] = [:]
  private var tensors: [(name: String, type: String, shape: [Int])] = []
  private var (isDamaged, omitsChecksum) = (false, false)
  private var elements = Data()

  public init(_ input: Data) {
    let end = input.firstIndex(of: 0) ?? input.endIndex
    elements = input[end...].dropFirst()
    var (info, lines): ([String: String], [Substring]) = ([:], [])
    let description = String(decoding: input[..<end], as: UTF8.self)
    for line in description.split(separator: "\n", omittingEmptySubsequences: true) {
      switch line.first! {
      case ">": text += Data("\(line.dropFirst())\n".utf8)
      case "@": addTensor(line.dropFirst())
      case "!":
        (isDamaged, omitsChecksum) = (
          isDamaged || line == "!damage", omitsChecksum || line == "!omit"
        )
      default: lines.append(line)
      }
    }
    let crc = "\(SafeTensors.crc(0, text))"
    for line in lines {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let key = String(parts[0])
      let value = parts.count > 1 ? String(parts[1]).replacing("CRC", with: crc) : ""
      if key.hasPrefix("info.") {
        info[String(key.dropFirst(5))] = value
      } else if key.hasPrefix("~") {
        let name = String(key.dropFirst())
        metadata[name] = Self.canonical(name, value) ?? value
      } else {
        metadata[key] = value
      }
    }
    if !info.isEmpty { metadata[FileMetadata.info.name] = try? CanonicalJSON.text(of: info, "") }
  }

  private mutating func addTensor(_ line: Substring) {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count >= 2 else { return }
    tensors.append((String(words[0]), String(words[1]), words.dropFirst(2).map { Int($0) ?? 1 }))
  }

  private static func canonical(_ name: String, _ value: String) -> String? {
    func text<Value: Codable>(_ key: MetadataKey<Value>) -> String? {
      guard let decoded = try? JSONDecoder().decode(Value.self, from: Data(value.utf8)) else {
        return nil
      }
      return try? CanonicalJSON.text(of: decoded, "")
    }
    return switch name {
    case FileMetadata.model.name: text(FileMetadata.model)
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
    var (entries, bytes) = (["\"__metadata__\":{\(strings)}"], Data())
    for (name, type, shape) in tensors {
      let size = SafeTensors.ElementType(rawValue: type)?.size ?? 1
      let count = SafeTensors.count(shape).flatMap { $0 <= Self.mostBytes / size ? $0 : nil } ?? 0
      let begin = bytes.count
      if bytes.count + count * size <= Self.mostBytes { bytes += values(type, count, size, begin) }
      let numbers = shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(Self.quoted(name)):{\"dtype\":\(Self.quoted(type)),\"shape\":[\(numbers)],"
          + "\"data_offsets\":[\(begin),\(bytes.count)]}")
    }
    let header = Data("{\(entries.joined(separator: ","))}".utf8)
    return Container(header: header, values: bytes, isDamaged: isDamaged).bytes
  }

  private var strings: String {
    let checksum =
      omitsChecksum ? [] : ["\"\(FileMetadata.checksum)\":\"\(SafeTensors.zeroDigits)\""]
    return
      (checksum
      + metadata.sorted { $0.key < $1.key }.map {
        "\(Self.quoted($0.key)):\(Self.quoted($0.value))"
      })
      .joined(separator: ",")
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 32:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private func values(_ type: String, _ count: Int, _ size: Int, _ begin: Int) -> Data {
    if elements.isEmpty {
      switch type {
      case "F64": return (0..<count).map { Double($0 % 13) / 16 }.withUnsafeBytes { Data($0) }
      case "F32": return (0..<count).map { Float($0 % 13) / 16 }.withUnsafeBytes { Data($0) }
      default: return Data(repeating: 1, count: count * size)
      }
    }
    let repeated = [UInt8](elements)
    return Data((begin..<begin + count * size).map { repeated[$0 % repeated.count] })
  }
}
