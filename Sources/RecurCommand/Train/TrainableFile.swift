// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// A model to train: a graph in JSON with new weights, or a model of any format in single precision.
struct TrainableFile {
  let model: LoadedModel<Float>

  init(_ path: String, seed: UInt64) throws {
    let data = try WholeFile.read(path, atMost: nil)
    if let graph = try Self.graph(data, path) {
      model = LoadedModel(path, try BadInput.naming(path) { try Model(graph, seed: seed) })
      return
    }
    switch try ModelFile(data, path: path) {
    case .float(let loaded): model = loaded
    case .double: throw BadInput("\(path): is in double precision, expected single precision")
    }
    guard model.initialState == nil else {
      throw BadInput("\(path): has an initial state, which training would not use")
    }
  }

  /// The graph of a JSON file with nodes; nil for other files.
  private static func graph(_ data: Data, _ path: String) throws -> ModelGraph? {
    guard FileFormat(of: data) == .json,
      let json = try? JSONText(data, fileSize: data.count, allowsLongIntegers: true),
      withExtendedLifetime(json, { json.root["nodes"] }) != nil
    else { return nil }
    return try BadInput.naming(path) {
      try ModelGraph(json: String(decoding: data, as: UTF8.self))
    }
  }
}
