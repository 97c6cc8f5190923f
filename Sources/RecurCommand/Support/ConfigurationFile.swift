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
    let given = arguments.count { $0 == option || $0.hasPrefix(option + "=") }
    guard arguments.first == "train", let path = path(in: arguments), !arguments[1].hasPrefix("-")
    else { return arguments }
    guard given == 1 else {
      throw BadInput("\(option) is given \(given) times, expected once")
    }
    let options = try self.arguments(of: path, for: arguments[1])
    return arguments.prefix(2) + options + arguments.dropFirst(2)
  }

  static func path(in arguments: [String]) -> String? {
    for (index, argument) in arguments.enumerated() {
      if argument.hasPrefix(option + "=") { return String(argument.dropFirst(option.count + 1)) }
      if argument == option, index + 1 < arguments.count { return arguments[index + 1] }
    }
    return nil
  }

  private static func arguments(of path: String, for kind: String) throws -> [String] {
    let text: JSONText
    do {
      let bytes = try WholeFile.read(path, atMost: longestFile)
      text = try JSONText(quotingNumbers(bytes), fileSize: bytes.count)
    } catch let failure as JSONText.Failure {
      throw BadInput("\(path):\(failure.line): \(failure.reason)")
    }
    guard let entries = text.root.entries else {
      throw BadInput("\(path): is not a JSON object, expected one with option names and values")
    }
    return try entries.map { key, value in
      // The parser would take the next argument as the value.
      guard !value.isTrue || !takesValue(key, kind) else {
        throw BadInput("\(path): \(key) is true, expected a value")
      }
      return try argument(key, value, path)
    }
  }

  private static func takesValue(_ option: String, _ kind: String) -> Bool {
    let commands = TrainCommand.configuration.subcommands
    guard let command = commands.first(where: { $0.configuration.commandName == kind }) else {
      return false
    }
    return UnknownNames.options(of: command, in: RecurCommand.self)
      .contains { $0.name == option && $0.takesValue }
  }

  private static func argument(_ key: String, _ value: JSON, _ path: String) throws -> String {
    let option = "--" + key
    guard let first = key.utf8.first, first != UInt8(ascii: "-"),
      key.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || lowercase ~= $0 }), option != Self.option,
      !UnknownNames.isOfParser(key)
    else { throw BadInput("\(path): has the key \"\(key.printable)\", expected an option name") }
    if value.isTrue { return option }
    guard let argument = value.string else {
      throw BadInput(
        "\(path): \(key.printable) is not a number, a string or true; omit options that are not set"
      )
    }
    return "\(option)=\(argument)"
  }

  private static let lowercase = UInt8(ascii: "a")...UInt8(ascii: "z")
}
