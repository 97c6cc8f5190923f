// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// What an ONNX file leaves open: sizes of axes, and inputs that stay the same.
struct ONNXArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Size of an axis that an ONNX model names; may be repeated.", valueName: "axis=n"))
  var size: [String] = []
  @Option(
    help: ArgumentHelp(
      "Value of an input of an ONNX model that stays the same, such as sr=16000; may be repeated.",
      valueName: "input=value"))
  var constant: [String] = []

  /// The values of the options.
  struct Values {
    var sizes: [String: Int] = [:]
    var constants: [String: Double] = [:]

    /// The option that is given; nil if there is none.
    var option: String? { sizes.isEmpty ? constants.isEmpty ? nil : "--constant" : "--size" }
  }

  func values() throws -> Values {
    var values = Values()
    for argument in size {
      let (name, text) = try namePair(argument, of: "--size", expected: "AXIS=N")
      guard let number = Int(text), number > 0 else {
        throw ValidationError("--size \(argument): \(text) is not a positive number")
      }
      values.sizes[name] = number
    }
    for argument in constant {
      let (name, text) = try namePair(argument, of: "--constant", expected: "INPUT=VALUE")
      guard let number = Double(text), number.isFinite else {
        throw ValidationError("--constant \(argument): \(text) is not a finite number")
      }
      values.constants[name] = number
    }
    return values
  }
}

/// Splits the value of an option at its first equals sign.
func namePair(
  _ argument: String, of option: String, expected: String
) throws -> (name: String, value: String) {
  guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else {
    throw ValidationError("\(option) is \(argument.printable), expected \(expected)")
  }
  return (String(argument[..<sign]), String(argument[sign...].dropFirst()))
}
