// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// A file of tensors on the command line: `FILE`, `FILE:TENSOR`, `NAME=FILE` or `NAME=FILE:TENSOR`.
struct TensorArgument {
  /// The option with its value, for error messages.
  let description: String

  /// The input or output of the model.
  let name: String?

  let path: String

  /// The name of a tensor in the file.
  let tensor: String?

  let format: TensorFormat

  /// A path with an equals sign begins with a full stop or a slash. A colon precedes the name of a tensor only
  /// after an extension of files with named tensors.
  init(_ argument: String, of option: String) throws {
    description = "\(option) \(argument)"
    var path = argument[...]
    if !argument.hasPrefix("."), !argument.hasPrefix("/"), let sign = argument.firstIndex(of: "=") {
      name = String(argument[..<sign])
      path = argument[sign...].dropFirst()
    } else {
      name = nil
    }
    var tensor: Substring?
    for format in TensorFormat.allCases where format.hasNames {
      guard let place = path.ranges(of: ".\(format.rawValue):").last else { continue }
      tensor = path[place.upperBound...]
      path = path[..<place.upperBound].dropLast()
    }
    self.path = String(path)
    self.tensor = tensor.map(String.init)
    format = try TensorFormat(ofFile: self.path)
  }

  static func list(_ arguments: [String], of option: String) throws -> [TensorArgument] {
    try arguments.map { try TensorArgument($0, of: option) }
  }

  /// Reads the tensor that the argument names, or all tensors of the file.
  func read() throws -> [FileTensor] {
    let tensors = try format.read(path)
    guard let tensor else { return tensors }
    guard let found = tensors.first(where: { $0.name == tensor }) else {
      let names = tensors.compactMap(\.name).joined(separator: ", ")
      throw BadInput("\(path): has no tensor \(tensor), expected one of \(names)")
    }
    return [found]
  }
}
