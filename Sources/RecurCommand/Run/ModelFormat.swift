// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurONNX
import RecurTraining

/// A format in which models are written.
///
/// A new format is a case, with an entry in each `switch` of this file.
enum ModelFormat: String, CaseIterable, ExpressibleByArgument {
  case recur, onnx, pytorch, rtneural

  /// The extension of the file's name.
  var fileExtension: String {
    switch self {
    case .recur, .pytorch: "safetensors"
    case .onnx: "onnx"
    case .rtneural: "json"
    }
  }

  /// The format of a file: the first one with its extension, unless one is given.
  init(ofFile path: String, given: ModelFormat?) throws {
    let found = (path as NSString).pathExtension.lowercased()
    if let given {
      guard found == given.fileExtension else {
        throw BadInput("\(path): --format \(given.rawValue) expects a file .\(given.fileExtension)")
      }
      self = given
      return
    }
    guard let format = Self.allCases.first(where: { $0.fileExtension == found }) else {
      var known: [String] = []
      for format in Self.allCases where !known.contains(".\(format.fileExtension)") {
        known.append(".\(format.fileExtension)")
      }
      let what = found.isEmpty ? "has no extension" : "has the extension .\(found)"
      throw BadInput("\(path): \(what), expected one of \(known.joined(separator: ", "))")
    }
    self = format
  }

  /// Writes a model. A name in `names` is that of a tensor in the file.
  func write<Scalar>(
    _ loaded: LoadedModel<Scalar>, names: TensorNames, states: WrittenStates, to path: String
  ) throws {
    switch self {
    case .recur:
      try OutputFile.write(path) { try loaded.model.save(to: $0, info: loaded.strings) }
    case .onnx:
      let hasStates = if case .written = states { true } else { false }
      let bytes = try BadInput.naming(loaded.path) {
        try ONNXModel.bytes(of: loaded.model, states: hasStates)
      }
      try OutputFile.write(path) { try WholeFile.replace($0, with: [Data(bytes)]) }
    case .pytorch:
      let file = SafeTensors(loaded.model.parameters, names: names)
      try OutputFile.write(path) { try file.write(to: $0) }
    case .rtneural:
      let file = try loaded.model.rtNeural(path, sampleRate: loaded.sampleRate)
      try OutputFile.write(path) { try WholeFile.replace($0, with: [file]) }
    }
  }

  /// Reads what `write` wrote. The graph is that of the model that was written.
  func read<Scalar>(
    _ path: String, names: TensorNames, like loaded: LoadedModel<Scalar>
  ) throws -> ModelFile {
    switch self {
    case .recur, .onnx, .rtneural: return try ModelFile(path)
    case .pytorch:
      return try ModelWeights(SafeTensors(path: path), layout: .pytorch, names: names)
        .model(of: loaded.model.graph)
    }
  }
}
