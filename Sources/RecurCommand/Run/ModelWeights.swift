// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

/// Weights of another program, which have no graph.
struct ModelWeights {
  /// The shapes of the weights and the order of the gates.
  enum Layout: String, CaseIterable, ExpressibleByArgument {
    case pytorch, keras
  }

  private let file: SafeTensors
  private let layout: Layout
  private let names: TensorNames

  /// Reads a file of weights.
  init(_ path: String, layout: Layout, names: TensorNames) throws {
    let data = try WholeFile.read(path, atMost: nil)
    let file: SafeTensors
    switch FileFormat(of: data) {
    case .json: file = try SafeTensors(contentsOfJSON: URL(fileURLWithPath: path))
    case .npz: file = try SafeTensors(npz: data, path: path)
    case .safetensors: file = try SafeTensors(data, path: path)
    case let other:
      throw BadInput(
        "\(path): is \(other.name), expected weights: a safetensors file, a NumPy archive or a JSON "
          + "object of arrays")
    }
    guard file.kindName == nil else {
      throw BadInput("\(path): has a graph of its own, expected weights with --graph")
    }
    try self.init(file, layout: layout, names: names)
  }

  init(_ file: SafeTensors, layout: Layout, names: TensorNames) throws {
    for (old, _) in names.pairs where !file.tensors.contains(where: { $0.name.hasPrefix(old) }) {
      throw BadInput(
        "\(file.path): has no tensor whose name begins with \(old.printable) (--names)")
    }
    self.file = file
    self.layout = layout
    self.names = names
  }

  /// Creates a model of a graph with these weights.
  func model(of graph: ModelGraph) throws -> ModelFile {
    try BadInput.naming(file.path) {
      file.tensors.contains { $0.type == .double }
        ? .double(try loaded(graph)) : .float(try loaded(graph))
    }
  }

  private func loaded<Scalar: RecurScalar>(_ graph: ModelGraph) throws -> LoadedModel<Scalar> {
    let count = try graph.parameterCounts.elements
    let elements = file.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
    // A small file must not cause a large allocation. Keras has one bias where PyTorch has two.
    guard count / 2 <= elements else {
      throw BadInput(
        "\(file.path): has \(elements) elements, but the graph has \(count) parameters")
    }
    var model = try Model<Scalar>(graph)
    switch layout {
    case .pytorch: try model.parameters.load(file, names: names)
    case .keras: try model.loadKeras(file, names: names)
    }
    let loaded = LoadedModel(file.path, model)
    try loaded.requireUsableStorage()
    return loaded
  }
}
