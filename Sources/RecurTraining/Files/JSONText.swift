// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CJansson
import CRecurFiles
import Foundation

/// A parsed JSON text. The C library reads it: see `CFiles/json_text.h`. The parser is jansson, which unlike
/// Foundation rejects repeated names and distinguishes integers from fractions.
package final class JSONText {
  fileprivate let value: UnsafeMutablePointer<json_t>

  /// The reason why a text cannot be read, such as `is not valid JSON: …`.
  package struct Failure: Error {
    package let line: Int
    package let reason: String
  }

  /// Parses a text.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - fileSize: the number of bytes of the file that contains the text.
  ///   - allowsLongIntegers: whether integers of any length become real numbers, instead of being
  ///     refused.
  ///   - allowsNUL: whether strings may have NUL characters. This file's values would end at them.
  ///   - mostNames: the maximum number of names in one object; 0 for any number. A table of many
  ///     names takes a microsecond for each, because it does not fit in the caches.
  /// - Throws: ``Failure`` if the text is not valid JSON or has too many values.
  package init(
    _ text: Data, fileSize: Int, allowsLongIntegers: Bool = false, allowsNUL: Bool = false,
    mostNames: Int = 0
  ) throws(Failure) {
    var line = 1
    let flags =
      (allowsLongIntegers ? JSON_DECODE_INT_AS_REAL : 0) | (allowsNUL ? JSON_ALLOW_NUL : 0)
    let parsed = text.withUnsafeBytes { bytes in
      rf_swift_json(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, fileSize,
        rf_json_options(flags: Int(flags), most_names: mostNames), &line)
    }
    guard let parsed else { throw Failure(line: line, reason: CFailure.reason) }
    value = parsed
  }

  deinit { json_decref(value) }

  package var root: JSON { JSON(value, of: self) }
}

/// A value of a JSON text, which it keeps in memory.
package struct JSON {
  private let value: UnsafeMutablePointer<json_t>

  private let text: JSONText

  fileprivate init(_ value: UnsafeMutablePointer<json_t>, of text: JSONText) {
    (self.value, self.text) = (value, text)
  }

  /// The entries of an object; nil for any other value.
  package var entries: [(String, JSON)]? {
    guard value.pointee.type == JSON_OBJECT else { return nil }
    var entries: [(String, JSON)] = []
    entries.reserveCapacity(json_object_size(value))
    var next = json_object_iter(value)
    while let iterator = next {
      entries.append(
        (
          String(cString: json_object_iter_key(iterator)),
          JSON(json_object_iter_value(iterator), of: text)
        ))
      next = json_object_iter_next(value, iterator)
    }
    return entries
  }

  /// Returns the first name in an object that a condition accepts, in the order of the text; otherwise nil.
  package func firstName(where isWanted: (String) -> Bool) -> String? {
    var next = json_object_iter(value)
    while let iterator = next {
      let name = String(cString: json_object_iter_key(iterator))
      if isWanted(name) { return name }
      next = json_object_iter_next(value, iterator)
    }
    return nil
  }

  /// The number of entries of an object; nil for any other value.
  package var count: Int? { value.pointee.type == JSON_OBJECT ? json_object_size(value) : nil }

  /// The value of an object's entry; nil if there is none, or for any other value.
  package subscript(name: String) -> JSON? {
    json_object_get(value, name).map { JSON($0, of: text) }
  }

  package var string: String? { json_string_value(value).map { String(cString: $0) } }

  package var isTrue: Bool { value.pointee.type == JSON_TRUE }

  /// The value of a number; nil for any other value.
  package var number: Double? {
    switch value.pointee.type {
    case JSON_INTEGER, JSON_REAL: json_number_value(value)
    default: nil
    }
  }

  /// Whether the value is true or false, or 1 or 0; nil for any other value.
  package var flag: Bool? {
    switch value.pointee.type {
    case JSON_TRUE: true
    case JSON_FALSE: false
    default: number == 1 ? true : number == 0 ? false : nil
    }
  }

  /// The elements of an array; nil for any other value.
  package var elements: [JSON]? {
    guard value.pointee.type == JSON_ARRAY else { return nil }
    return (0..<json_array_size(value)).map { JSON(json_array_get(value, $0), of: text) }
  }

  /// The shape and the numbers of nested arrays, row by row; nil if rows differ in length, or if a number is not
  /// finite in single precision.
  package var numbers: (shape: [Int], numbers: [Double])? {
    var numbers: [Double] = []
    guard let shape = collect(&numbers, depth: 0) else { return nil }
    return (shape, numbers)
  }

  private func collect(_ numbers: inout [Double], depth: Int) -> [Int]? {
    if let number {
      guard Float(number).isFinite else { return nil }
      numbers.append(number)
      return []
    }
    guard depth < SafeTensors.mostDimensions, let elements else { return nil }
    var shape: [Int]?
    for element in elements {
      guard let own = element.collect(&numbers, depth: depth + 1), shape ?? own == own else {
        return nil
      }
      shape = own
    }
    return [elements.count] + (shape ?? [])
  }

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
