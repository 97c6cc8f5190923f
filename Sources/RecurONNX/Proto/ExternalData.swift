// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The files next to a model that have the elements of its tensors. Each is read once.
///
/// A class, because all tensors of a model share what was read.
final class ExternalData {
  /// The folder of the model; nil if it is unknown.
  private let folder: String?

  private var files: [String: [UInt8]] = [:]

  /// The number of bytes of all files that were read.
  private(set) var size = 0

  /// The number of bytes that may still be read.
  private var left: Int

  /// - Parameters:
  ///   - folder: The folder of the model; nil if it is unknown.
  ///   - bytes: The number of bytes of the model.
  init(folder: String?, bytes: Int) {
    self.folder = folder
    left = Limit.bytes - bytes
  }

  /// Returns a reader of the bytes of a tensor.
  ///
  /// - Parameters:
  ///   - place: The fields of the tensor.
  ///   - count: The number of bytes that its shape and type need.
  ///   - tensor: The name of the tensor, for messages.
  func bytes(
    _ place: ExternalPlace, count: Int, of tensor: String
  ) throws(ONNXError) -> WireReader {
    let file = try contents(place.location, tensor)
    guard place.length == nil || place.length == count else {
      throw .malformed(
        reason: "tensor \"\(tensor)\" has \(place.length!) bytes in \"\(place.location)\", "
          + "expected \(count)")
    }
    guard place.offset <= file.count, count <= file.count - place.offset else {
      throw .malformed(
        reason: "tensor \"\(tensor)\" has \(count) bytes at \(place.offset) of "
          + "\"\(place.location)\", which has \(file.count)")
    }
    return WireReader(file, place.offset..<place.offset + count)
  }

  private func contents(_ location: String, _ tensor: String) throws(ONNXError) -> [UInt8] {
    if let file = files[location] { return file }
    guard let folder else {
      throw .unsupported(
        part: "tensor \"\(tensor)\"",
        reason: "is in the file \"\(location)\", and the model's folder is not known")
    }
    let file = try RecurONNX.contents(ofFile: location, inFolder: folder, atMost: left)
    files[location] = file
    size += file.count
    left -= file.count
    return file
  }
}

/// The place of a tensor's elements in another file.
struct ExternalPlace {
  private(set) var location = ""
  private(set) var offset = 0

  /// The number of bytes; nil if the shape alone tells it.
  private(set) var length: Int?

  /// Reads a pair of a key and a value. Others than these three, such as a checksum, are skipped.
  mutating func read(_ pair: WireReader) throws(ONNXError) {
    var (reader, key, value) = (pair, "", "")
    while let (number, field) = try reader.next() {
      switch number {
      case 1: key = try field.string("key")
      case 2: value = try field.string("value")
      default: break
      }
    }
    switch key {
    case "location": location = value
    case "offset": offset = try Self.size(value, key)
    case "length": length = try Self.size(value, key)
    default: break
    }
  }

  private static func size(_ text: String, _ key: String) throws(ONNXError) -> Int {
    guard let size = Int(text), size >= 0 else {
      throw .malformed(reason: "external_data has the \(key) \"\(text)\"")
    }
    return size
  }
}
