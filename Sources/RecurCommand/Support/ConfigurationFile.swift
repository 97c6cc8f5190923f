// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// Options in a file: one JSON object whose keys are option names.
///
/// They are inserted before the options of the command line. So the parser rejects unknown options, and
/// the command line overrides the file.
enum ConfigurationFile {
  static let option = "--config"

  /// The maximum number of bytes.
  private static let longestFile = 1_000_000

  /// Inserts the options of the file given by `--config`, if any, after the first two arguments: the
  /// command and the kind of training.
  static func expand(_ arguments: [String]) throws -> [String] {
    let options = arguments.filter { $0 == option || $0.hasPrefix(option + "=") }
    guard arguments.first == "train", let path = path(in: arguments), !arguments[1].hasPrefix("-")
    else { return arguments }
    guard options.count == 1 else {
      throw BadInput("\(option) is given \(options.count) times, expected once")
    }
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
    let text: JSONText
    do {
      let bytes = try WholeFile.read(path, atMost: longestFile)
      text = try JSONText(quotingLongIntegers(bytes), fileSize: bytes.count)
    } catch let failure as JSONText.Failure {
      throw BadInput("\(path):\(failure.line): \(failure.reason)")
    }
    guard let entries = text.root.entries else {
      throw BadInput("\(path): is not a JSON object, expected one with option names and values")
    }
    return try entries.map { try argument($0, $1, path) }
  }

  private static func argument(_ key: String, _ value: JSON, _ path: String) throws -> String {
    let option = "--" + key
    guard let first = key.utf8.first, first != UInt8(ascii: "-"),
      key.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || lowercase ~= $0 }), option != Self.option,
      !UnknownNames.isOfParser(key)
    else { throw BadInput("\(path): has the key \"\(key.printable)\", expected an option name") }
    if value.isTrue { return option }
    guard let argument = value.number ?? value.string else {
      throw BadInput(
        "\(path): \(key.printable) is not a number, a string or true; omit options that are not set"
      )
    }
    return "\(option)=\(argument)"
  }

  private static let lowercase = UInt8(ascii: "a")...UInt8(ascii: "z")

  /// Encloses integers of 19 or more digits in quotes. The parser has no integers above 2^63 - 1, but a
  /// seed has 64 bits. A string and a number give the same argument.
  private static func quotingLongIntegers(_ text: Data) -> Data {
    let quote = UInt8(ascii: "\"")
    var (result, number): ([UInt8], [UInt8]) = ([], [])
    var (isInString, isEscaped) = (false, false)
    func endOfNumber() -> [UInt8] {
      let isLong =
        number.count >= 19 && number.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      return isLong && number.first != UInt8(ascii: "0") ? [quote] + number + [quote] : number
    }
    for byte in text {
      if !isInString, "+-.0123456789eE".utf8.contains(byte) {
        number.append(byte)
        continue
      }
      result += endOfNumber()
      number = []
      result.append(byte)
      if byte == quote, !isEscaped { isInString.toggle() }
      isEscaped = isInString && byte == UInt8(ascii: "\\") && !isEscaped
    }
    return Data(result + endOfNumber())
  }
}
