// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CJansson
import Foundation

/// A parsed JSON text. The parser is jansson, which unlike Foundation rejects repeated names and
/// distinguishes integers from fractions.
package final class JSONText {
  package let root: JSON

  /// The reason why a text is not valid JSON.
  package struct Failure: Error {
    package let line: Int
    package let reason: String
  }

  package init(_ text: Data) throws(Failure) {
    var error = json_error_t()
    let parsed = text.withUnsafeBytes { bytes in
      json_loadb(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
        Int(JSON_REJECT_DUPLICATES), &error)
    }
    guard let parsed else {
      let reason = withUnsafeBytes(of: &error.text) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw Failure(line: max(Int(error.line), 1), reason: reason)
    }
    root = JSON(parsed)
  }

  deinit { json_decref(root.value) }
}

/// A value of a JSON text. It must not outlive the ``JSONText``.
package struct JSON {
  fileprivate let value: UnsafeMutablePointer<json_t>

  fileprivate init(_ value: UnsafeMutablePointer<json_t>) { self.value = value }

  /// The entries of an object; nil for any other value.
  package var entries: [(String, JSON)]? {
    guard value.pointee.type == JSON_OBJECT else { return nil }
    var entries: [(String, JSON)] = []
    var next = json_object_iter(value)
    while let iterator = next {
      entries.append(
        (String(cString: json_object_iter_key(iterator)), JSON(json_object_iter_value(iterator))))
      next = json_object_iter_next(value, iterator)
    }
    return entries
  }

  package var string: String? { json_string_value(value).map { String(cString: $0) } }

  /// The decimal text of a number; nil for any other value.
  package var number: String? {
    switch value.pointee.type {
    case JSON_INTEGER: "\(json_integer_value(value))"
    case JSON_REAL: "\(json_real_value(value))"
    default: nil
    }
  }

  package var isTrue: Bool { value.pointee.type == JSON_TRUE }

  /// The elements of an array of integers; nil for any other value.
  package var integers: [Int]? {
    guard value.pointee.type == JSON_ARRAY else { return nil }
    var integers: [Int] = []
    for index in 0..<json_array_size(value) {
      guard let element = json_array_get(value, index), element.pointee.type == JSON_INTEGER else {
        return nil
      }
      integers.append(Int(json_integer_value(element)))
    }
    return integers
  }
}
