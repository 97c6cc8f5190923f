// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The weights of Keras layers in a file, for the nodes of a model.
struct KerasWeights {
  private let path: String
  private var nodes: [Node] = []
  private var tensors: RenamedTensors

  private struct Node {
    var layer: ModelLayer

    /// The beginning of the names of the arrays.
    var prefix: String
    var slices: [(part: String, slice: ParameterSlice)]
    var arrays: [KerasLayout.Array]

    /// The path of a weight as Keras writes it, such as `gru/gru_cell/kernel` for the array `kernel_l0`.
    func path(of array: KerasLayout.Array) -> String {
      var path = prefix.split(separator: ".").map(String.init)
      guard case .network(let configuration) = layer else {
        return (path + [array.name]).joined(separator: "/")
      }
      // PART_lLAYER or PART_lLAYER_reverse
      let words = array.name.split(separator: "_")
      let isReverse = words.last == "reverse"
      let number = words.count - (isReverse ? 2 : 1)
      let cell = configuration.cell == .simple ? "simple_rnn" : configuration.cell.rawValue
      if configuration.layers > 1 { path.append(String(words[number])) }
      if configuration.bidirectional {
        path.append("\(isReverse ? "backward" : "forward")_\(cell)")
      }
      path += ["\(cell)_cell", words[..<number].joined(separator: "_")]
      return path.joined(separator: "/")
    }
  }

  /// Finds the weights of some nodes.
  ///
  /// - Parameters:
  ///   - file: the contents of the file.
  ///   - names: how paths in the file correspond to the names of the nodes.
  ///   - layers: the beginnings of the nodes' parameters, such as `lstm.`, and the layers.
  ///   - slices: all parameters.
  init(
    _ file: SafeTensors, _ names: TensorNames, of layers: [(prefix: String, layer: ModelLayer)],
    _ slices: [ParameterSlice]
  ) throws(FileError) {
    path = file.path
    for (prefix, layer) in layers {
      let own = slices.filter { $0.name.hasPrefix(prefix) }.map {
        (part: String($0.name.dropFirst(prefix.count)), slice: $0)
      }.filter { !$0.part.contains(".") }  // a node a.b is not a part of the node a
      let shapes = Dictionary(uniqueKeysWithValues: own.map { ($0.part, $0.slice.shape) })
      let arrays = try FileError.on(path, "cannot be read as \(prefix.dropLast())") {
        () throws(RecurError) in try KerasLayout.arrays(of: layer, shapes)
      }
      nodes.append(
        Node(
          layer: layer, prefix: prefix.replacing("/", with: "."), slices: own, arrays: arrays))
    }
    let wanted = Set(nodes.flatMap { node in node.arrays.map { node.prefix + $0.name } })
    tensors = try RenamedTensors(file) { name in
      let candidates = Self.candidates(names.inRecur(name))
      return candidates.first(where: wanted.contains) ?? candidates[0]
    }
  }

  /// Returns the names that a weight may have as an array of a node.
  ///
  /// Keras's paths are NODE/PART, NODE/CELL/PART, or NODE/forward_LAYER/CELL/PART and NODE/backward_LAYER/CELL/PART
  /// in a bidirectional layer. NODE may end in a number of the layer, such as `l1`.
  private static func candidates(_ path: String) -> [String] {
    var rest = path.split { $0 == "/" || $0 == "." }
    let plain = rest.joined(separator: ".")
    guard let part = rest.popLast() else { return [path] }
    if ["lstm_cell", "gru_cell", "simple_rnn_cell"].contains(rest.last) { rest.removeLast() }
    var direction = ""
    if let last = rest.last, last.hasPrefix("forward_") || last.hasPrefix("backward_") {
      direction = last.hasPrefix("backward_") ? "_reverse" : ""
      rest.removeLast()
    }
    let first = (rest + ["\(part)_l0\(direction)"]).joined(separator: ".")
    guard let last = rest.last, last.first == "l", Int(last.dropFirst()) != nil else {
      return [plain, first]
    }
    let numbered = (rest.dropLast() + ["\(part)_\(last)\(direction)"]).joined(separator: ".")
    return [plain, first, numbered]
  }

  /// Replaces the parameters. If this fails, they are unchanged.
  mutating func load<Scalar>(
    into vector: inout ParameterVector<Scalar>, _ differences: TensorDifferences, epsilon: Double
  ) throws(FileError) {
    var loaded = vector
    for node in nodes {
      let found = try take(node, differences, Scalar.self)
      guard !found.isEmpty else { continue }
      try FileError.on(path, "cannot be read") { () throws(RecurError) in
        let parameters = try KerasLayout.parameters(
          of: node.layer, Array(zip(node.arrays, found)), epsilon: epsilon)
        for (part, slice) in node.slices {
          let numbers = (parameters[part] ?? []).map { Scalar($0) }
          try loaded.set(
            slice.name, to: Matrix(rows: slice.rows, columns: slice.columns, elements: numbers))
        }
      }
    }
    if let name = tensors.left.first, !differences.contains(.leftOver) {
      throw FileError(path, "has the unexpected tensor \(name)")
    }
    if let (slice, index, value) = loaded.firstNotFinite {
      throw FileError(
        path, "gives \(slice.name) \(value) at index \(index), expected finite parameters")
    }
    vector = loaded
  }

  /// Takes the elements of the arrays of a node; none if all arrays are missing and may be.
  private mutating func take<Scalar: RecurScalar>(
    _ node: Node, _ differences: TensorDifferences, _ scalar: Scalar.Type
  ) throws(FileError) -> [[Double]] {
    var found: [[Double]] = []
    var missing: [KerasLayout.Array] = []
    for array in node.arrays {
      if let tensor = try tensors.take(node.prefix + array.name, array.shape) {
        found.append(
          try FileError.on(path, "cannot be read") { () throws(RecurError) in
            try tensor.elements(as: scalar).map { Double($0) }
          })
      } else {
        missing.append(array)
        let count = array.shape.reduce(1, *)
        found.append(Array(repeating: array.missing ?? 0, count: count))
      }
    }
    let isAbsent = missing.count == node.arrays.count
    if isAbsent, node.arrays.isEmpty || differences.contains(.missing) { return [] }
    if let array = isAbsent ? missing.first : missing.first(where: { $0.missing == nil }) {
      throw FileError(path, "has no weight \(node.path(of: array))")
    }
    return found
  }
}
