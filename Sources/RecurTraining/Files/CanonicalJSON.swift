// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The JSON that a file stores about a model or a run.
///
/// Each value has exactly one text, with sorted keys. Any other text is rejected, so no unknown or
/// repeated entry is silently ignored.
enum CanonicalJSON {
  static func text(of value: some Encodable, _ path: String) throws(FileError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw FileError(path, "cannot store \(value): \(error)")
    }
  }

  static func value<Value: Codable>(
    _ type: Value.Type, of text: String, _ path: String
  ) throws(FileError) -> Value {
    let decoder = JSONDecoder()
    let bytes = Data(text.utf8)
    do {
      try JSONText.requireFewSeparators(bytes, fileSize: bytes.count)
    } catch {
      throw FileError(path, "describes more than this version can read: \(error.reason)")
    }
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let value: Value
    do {
      value = try decoder.decode(type, from: bytes)
    } catch {
      throw FileError(path, "describes something that this version cannot read: \(brief(error))")
    }
    guard try self.text(of: value, path) == text else {
      throw FileError(path, "describes more than this version can read: \(text.prefix(200))")
    }
    return value
  }

  private static func brief(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, _): "no \(key.stringValue)"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
    default: "\(error)"
    }
  }
}
