// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CJansson
import Foundation

/// Options from a file: one JSON object whose keys are their names.
///
/// They are put before those of the command line, so that the parser refuses what it does not know, and
/// the command line, where it gives an option again, has the last word.
enum ConfigurationFile {
  static let option = "--config"

  /// The arguments with those of the file that `--config` names, if it is there. Options follow the
  /// command and what it trains, the first two.
  static func expand(_ arguments: [String]) throws -> [String] {
    guard arguments.first == "train", let path = path(in: arguments) else { return arguments }
    return try arguments.prefix(2) + self.arguments(of: path) + arguments.dropFirst(2)
  }

  static func path(in arguments: [String]) -> String? {
    for (index, argument) in arguments.enumerated() {
      if argument.hasPrefix(option + "=") { return String(argument.dropFirst(option.count + 1)) }
      if argument == option, index + 1 < arguments.count { return arguments[index + 1] }
    }
    return nil
  }

  private static func arguments(of path: String) throws -> [String] {
    let data = try bytes(of: path, expected: "a JSON file")
    var error = json_error_t()
    let parsed = data.withUnsafeBytes { bytes in
      json_loadb(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
        Int(JSON_REJECT_DUPLICATES), &error)
    }
    guard let parsed else {
      let text = withUnsafeBytes(of: &error.text) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw BadInput("\(path):\(max(error.line, 1)): \(text)")
    }
    defer { json_decref(parsed) }
    guard parsed.pointee.type == JSON_OBJECT else {
      throw BadInput("\(path): is no JSON object, expected one of options and their values")
    }
    var arguments: [String] = []
    var next = json_object_iter(parsed)
    while let iterator = next {
      arguments += try self.arguments(
        String(cString: json_object_iter_key(iterator)), json_object_iter_value(iterator), path)
      next = json_object_iter_next(parsed, iterator)
    }
    return arguments
  }

  private static func arguments(
    _ key: String, _ value: UnsafeMutablePointer<json_t>, _ path: String
  ) throws -> [String] {
    let option = "--" + key
    guard key.wholeMatch(of: #/[a-z][a-z-]*/#) != nil, ![Self.option, "--help"].contains(option)
    else { throw BadInput("\(path): has the key \"\(key)\", expected the name of an option") }
    switch value.pointee.type {
    case JSON_TRUE: return [option]
    case JSON_INTEGER: return ["\(option)=\(json_integer_value(value))"]
    case JSON_REAL: return ["\(option)=\(json_real_value(value))"]
    case JSON_STRING: return ["\(option)=\(String(cString: json_string_value(value)))"]
    default:
      throw BadInput("\(path): \(key) is not a number, a string or true; leave out what is not set")
    }
  }
}
