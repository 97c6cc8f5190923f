// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CJansson
import Foundation

/// A JSON text, by jansson, which unlike Foundation refuses repeated names, and knows an integer from a
/// fraction.
package final class JSONText {
  package let root: JSON

  /// Why a text is no JSON.
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

/// A value of a JSON text, as long as that lives.
package struct JSON {
  fileprivate let value: UnsafeMutablePointer<json_t>

  fileprivate init(_ value: UnsafeMutablePointer<json_t>) { self.value = value }

  /// Of an object.
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

  /// A number, as it is written.
  package var number: String? {
    switch value.pointee.type {
    case JSON_INTEGER: "\(json_integer_value(value))"
    case JSON_REAL: "\(json_real_value(value))"
    default: nil
    }
  }

  package var isTrue: Bool { value.pointee.type == JSON_TRUE }

  /// Of an array of integers.
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
