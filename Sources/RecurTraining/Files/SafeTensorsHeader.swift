// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CJansson
import Foundation

/// The header of a safetensors file: one JSON object.
struct SafeTensorsHeader {
  private var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]

  private struct Entry {
    var name: String
    var type: SafeTensors.ElementType
    var shape: [Int]
    var bytes: Range<Int>
  }

  init(_ header: Data, fileSize: Int, path: String) throws(FileError) {
    // Only spaces may follow the object, and nothing may precede it.
    guard header.first == UInt8(ascii: "{"),
      header.last(where: { $0 != UInt8(ascii: " ") }) == UInt8(ascii: "}")
    else {
      throw FileError(path, "is not a safetensors file: its header is not a single JSON object")
    }
    let text: JSONText
    do {
      text = try JSONText(header, fileSize: fileSize)
    } catch {
      throw FileError(path, "has a header that \(error.reason)")
    }
    for (name, value) in text.root.entries ?? [] {
      if name == "__metadata__" {
        metadata = try Self.metadata(value, path)
      } else {
        entries.append(try Self.entry(name, value, path))
      }
    }
  }

  private static func metadata(_ json: JSON, _ path: String) throws(FileError) -> [String: String] {
    guard let pairs = json.entries else {
      throw FileError(path, "has a __metadata__ that is not an object")
    }
    var metadata: [String: String] = [:]
    metadata.reserveCapacity(pairs.count)
    for (name, value) in pairs {
      guard let string = value.string else {
        throw FileError(path, "has the metadata \(name), which is not a string")
      }
      // Swift treats names as equal that differ only in their bytes, such as é and e with a
      // combining accent.
      guard metadata.updateValue(string, forKey: name) == nil else {
        throw FileError(path, "has the metadata \(name) twice")
      }
    }
    return metadata
  }

  private static let fields = ["dtype", "shape", "data_offsets"]

  private static func entry(
    _ name: String, _ json: JSON, _ path: String
  ) throws(FileError) -> Entry {
    func refuse(_ what: String) -> FileError { FileError(path, "tensor \(name) \(what)") }
    guard !name.isEmpty else { throw FileError(path, "has a tensor without a name") }
    guard let count = json.count else { throw refuse("is not an object") }
    guard let type = json["dtype"]?.string else { throw refuse("has no dtype") }
    guard let known = SafeTensors.ElementType(rawValue: type) else {
      let types = SafeTensors.ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw refuse("is of type \(type), expected one of \(types)")
    }
    guard let shape = json["shape"]?.integers else {
      throw refuse("has no shape, expected an array of integers")
    }
    guard shape.count <= SafeTensors.mostDimensions else {
      throw refuse("has \(shape.count) dimensions, expected at most \(SafeTensors.mostDimensions)")
    }
    guard let offsets = json["data_offsets"]?.integers, offsets.count == 2 else {
      throw refuse("has no data_offsets, expected two integers")
    }
    if count > fields.count, let (field, _) = json.entries?.first(where: { !fields.contains($0.0) })
    {
      throw refuse("has the unknown field \(field)")
    }
    guard 0 <= offsets[0], offsets[0] <= offsets[1] else {
      throw refuse("has the invalid offsets \(offsets)")
    }
    guard let elements = SafeTensors.count(shape),
      case (let bytes, false) = elements.multipliedReportingOverflow(by: known.size)
    else { throw refuse("has the invalid shape \(shape)") }
    guard bytes == offsets[1] - offsets[0] else {
      throw refuse("has \(offsets[1] - offsets[0]) bytes, expected \(bytes) for \(shape)")
    }
    return Entry(name: name, type: known, shape: shape, bytes: offsets[0]..<offsets[1])
  }

  /// Returns the tensors, which must fill the bytes after the header without gaps or overlaps.
  func tensors(in values: Data, path: String) throws(FileError) -> [SafeTensors.Tensor] {
    let order = entries.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    guard Set(order.map(\.name)).count == order.count else {
      throw FileError(path, "has two tensors with the same name")
    }
    var end = 0
    for entry in order {
      guard entry.bytes.lowerBound == end else {
        throw FileError(
          path, "tensor \(entry.name) begins at \(entry.bytes.lowerBound), expected \(end)")
      }
      end = entry.bytes.upperBound
    }
    guard end == values.count else {
      throw FileError(path, "has \(values.count) bytes of tensors, expected \(end)")
    }
    return order.map { entry in
      let first = values.startIndex
      return SafeTensors.Tensor(
        name: entry.name, type: entry.type, shape: entry.shape,
        bytes: values[first + entry.bytes.lowerBound..<first + entry.bytes.upperBound])
    }
  }
}
