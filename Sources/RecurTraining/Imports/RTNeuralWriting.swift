// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension Model {
  /// Writes the model as RTNeural's JSON atomically. ``ImportedModel`` reads the same parameters from it.
  ///
  /// The nodes must be a chain of layers that RTNeural has: dense layers, GRUs that reset after the product, LSTMs,
  /// causal convolutions, scales (as batch normalizations), PReLU and activations. A network of several layers becomes
  /// several layers of the file. An LSTM has one bias there, the sum of both, which may round.
  ///
  /// The last node may be the sum of the previous one and the first channel of the input. It becomes AIDA-X's
  /// `in_skip`, which RTNeural itself does not read.
  ///
  /// - Parameters:
  ///   - url: the file; an existing file is replaced.
  ///   - sampleRate: the sampling rate that the model was made for, which AIDA-X reads.
  /// - Throws: ``FileError`` with the name of a node that RTNeural does not have, or of a parameter that is not finite;
  ///   or if the file cannot be written.
  public func writeRTNeural(to url: URL, sampleRate: Double? = nil) throws(FileError) {
    let file = try rtNeural(url.path(percentEncoded: false), sampleRate: sampleRate)
    try WholeFile.replace(url, with: [file])
  }

  /// Returns the contents of a file.
  package func rtNeural(_ path: String, sampleRate: Double? = nil) throws(FileError) -> Data {
    if let (slice, index, value) = parameters.firstNotFinite {
      throw FileError(
        path,
        "cannot store \(value) at index \(index) of \(slice.name), expected finite parameters")
    }
    if let sampleRate, !(sampleRate > 0 && sampleRate.isFinite) {
      throw FileError(
        path, "cannot store the sampling rate \(sampleRate), expected a positive number")
    }
    let chain = try RTNeuralChain(graph, path)
    let elements = parameters.elements
    var text = RTNeuralText(inputSize: chain.inputSize)
    for node in chain.nodes {
      let reason = try FileError.on(path, "cannot store node \(node.name)") {
        () throws(RecurError) in
        try text.append(node.layer, parameters.parts(of: node.name, in: elements))
      }
      if let reason { throw FileError(path, "cannot store node \(node.name): \(reason)") }
    }
    if chain.hasSkip, text.channels != 1 {
      throw FileError(
        path, "cannot store node \(chain.last): it has \(text.channels) channels, expected 1")
    }
    return text.file(hasSkip: chain.hasSkip, sampleRate: sampleRate)
  }
}

extension ParameterVector {
  /// Returns the parameters of a node by the names of their parts.
  fileprivate func parts(
    of node: String, in elements: [Scalar]
  ) -> [String: NestedNumbers] {
    var parts: [String: NestedNumbers] = [:]
    for slice in slices where slice.name.hasPrefix("\(node).") {
      let part = String(slice.name.dropFirst(node.count + 1))
      // A node a.b is not a part of the node a.
      guard !part.contains(".") else { continue }
      let range = slice.offset..<slice.offset + slice.rows * slice.columns
      parts[part] = NestedNumbers(
        shape: slice.shape, numbers: elements[range].map { Double($0) })
    }
    return parts
  }
}

/// The nodes of a model in a chain: each reads only the one before.
private struct RTNeuralChain {
  let inputSize: Int

  /// The nodes after the input, without a final sum.
  private(set) var nodes: ArraySlice<ModelNode>

  /// Whether the output is the sum of the last node and the first channel of the input.
  private(set) var hasSkip = false

  /// The name of the last node of the model.
  let last: String

  init(_ graph: ModelGraph, _ path: String) throws(FileError) {
    func refuse(_ node: String, _ reason: String) -> FileError {
      FileError(path, "cannot store node \(node): \(reason)")
    }
    nodes = graph.nodes[...]
    last = nodes.last?.name ?? ""
    guard let input = nodes.popFirst(), case .features(let size) = input.layer else {
      throw refuse(graph.nodes.first?.name ?? "", "RTNeural's models begin with features")
    }
    guard !nodes.isEmpty else { throw refuse(input.name, "RTNeural's models have a layer") }
    inputSize = size
    removeSkip(of: input)
    var expected = input.name
    for node in nodes {
      guard node.sources == [expected], !node.isOutput || node.name == last else {
        throw refuse(node.name, "RTNeural's layers form a chain with one output")
      }
      expected = node.name
    }
  }

  /// Removes a final sum with the first channel of the input, which is the input itself or a slice.
  private mutating func removeSkip(of input: ModelNode) {
    let dry =
      inputSize == 1
      ? input : nodes.first { $0.layer == .slice(0..<1) && $0.sources == [input.name] }
    guard let dry, let sum = nodes.last, case .add = sum.layer, sum.sources.count == 2 else {
      return
    }
    let wet = nodes.dropLast().filter { $0.name != dry.name }
    guard let output = wet.last, Set(sum.sources) == [output.name, dry.name] else { return }
    (nodes, hasSkip) = (wet[...], true)
  }
}
