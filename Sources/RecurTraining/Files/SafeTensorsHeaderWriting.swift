// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CJansson
import Foundation

extension SafeTensorsHeader {
  /// Returns the header of a file, with zeros as the checksum, padded with spaces to a multiple of
  /// 8 bytes.
  static func write(
    _ tensors: [SafeTensors.Tensor], _ metadata: [String: String], path: String
  ) throws(FileError) -> Data {
    let root = json_object()
    defer { json_decref(root) }
    let strings = json_object()
    json_object_set_new(root, "__metadata__", strings)
    try set(FileMetadata.checksum, json_string(SafeTensors.zeroDigits), in: strings, path)
    for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
      guard !value.utf8.contains(0) else {
        throw FileError(path, "metadata \(name) contains a NUL character")
      }
      try set(name, json_string(value), in: strings, path)
    }
    guard Set(tensors.map(\.name)).count == tensors.count else {
      throw FileError(path, "would have two tensors with the same name")
    }
    var end = 0
    for tensor in tensors {
      guard !tensor.name.isEmpty, tensor.shape.count <= SafeTensors.mostDimensions else {
        throw FileError(path, "tensor \(tensor.name) has no name or too many dimensions")
      }
      let entry = json_object()
      json_object_set_new(entry, "dtype", json_string(tensor.type.rawValue))
      json_object_set_new(entry, "shape", array(tensor.shape))
      json_object_set_new(entry, "data_offsets", array([end, end + tensor.bytes.count]))
      try set(tensor.name, entry, in: root, path)
      end += tensor.bytes.count
    }
    guard let text = json_dumps(root, Int(JSON_COMPACT)) else {
      throw FileError(path, "the header cannot be encoded")
    }
    defer { free(text) }
    let header = Data(bytes: text, count: strlen(text))
    let padded = header + Data(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    guard padded.count <= SafeTensors.longestHeader else {
      throw FileError(
        path,
        "the header would have \(padded.count) bytes, expected at most \(SafeTensors.longestHeader)"
      )
    }
    return padded
  }

  private static func set(
    _ name: String, _ value: UnsafeMutablePointer<json_t>?,
    in object: UnsafeMutablePointer<json_t>?, _ path: String
  ) throws(FileError) {
    guard !name.utf8.contains(0), json_object_get(object, name) == nil else {
      json_decref(value)
      throw FileError(path, "\(name) is used twice or contains a NUL character")
    }
    json_object_set_new(object, name, value)
  }

  private static func array(_ numbers: [Int]) -> UnsafeMutablePointer<json_t>? {
    let array = json_array()
    for number in numbers { json_array_append_new(array, json_integer(json_int_t(number))) }
    return array
  }
}
