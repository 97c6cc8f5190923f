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
    _ type: Value.Type, of text: String, named name: String, _ path: String
  ) throws(FileError) -> Value {
    let decoder = JSONDecoder()
    let bytes = Data(text.utf8)
    do {
      _ = try JSONText(
        bytes, fileSize: bytes.count, allowsLongIntegers: true, allowsNUL: true)
    } catch {
      throw FileError(path, "\(name) \(error.reason)")
    }
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let value: Value
    do {
      value = try decoder.decode(type, from: bytes)
    } catch {
      throw FileError(path, "describes something that this version cannot read: \(brief(error))")
    }
    let canonical = try self.text(of: value, path)
    guard canonical == text else {
      throw FileError(path, "\(name) is not in canonical form: \(difference(text, canonical))")
    }
    return value
  }

  /// The first difference between two texts. An entry that this version does not know is one, too.
  private static func difference(_ found: String, _ expected: String) -> String {
    let same = zip(found.utf8, expected.utf8).prefix { $0 == $1 }.count
    let (found, expected) = (
      String(decoding: found.utf8.dropFirst(same).prefix(50), as: UTF8.self),
      String(decoding: expected.utf8.dropFirst(same).prefix(50), as: UTF8.self)
    )
    return "has \"\(found)\" after \(same) bytes, expected \"\(expected)\""
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
