// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// One interpretation of the graph: the nodes so far, and the states that they have.
final class Lowering {
  let opset: Int
  var builder = GraphBuilder()

  /// The parts of the final state that tensors refer to.
  var parts: [StatePart] = []

  /// The initial states that inputs give: a part, and an element for each of its elements.
  var initialStates: [(part: Int, state: StateTensor)] = []

  /// The number of nodes of the ONNX graph that have been read.
  var progress = 0

  /// The maximum number of layers.
  let layerLimit: Int

  /// The number of parameters that the model may still have.
  private var parameters: Int

  /// The number of elements that constants and states may still have.
  private var memory: Int

  init(opset: Int, fileSize: Int) {
    self.opset = opset
    layerLimit = Limit.layers(ofFile: fileSize)
    parameters = Limit.parameters(ofFile: fileSize)
    memory = Limit.memory(ofFile: fileSize)
  }

  /// Counts elements of constants and states that were computed.
  func addElements(_ count: Int) throws(Refusal) {
    memory -= count
    guard memory >= 0 else { throw Refusal("computes too many constants") }
  }

  /// Counts parameters; an error if there are far more than the file has.
  func addParameters(_ count: Int) throws(Refusal) {
    parameters -= count
    guard parameters >= 0 else { throw Refusal("has more parameters than the file can have") }
  }

  /// Adds a layer of one value that keeps its shape and axes.
  func map(
    _ layer: ModelLayer, _ value: Tracked, _ parameters: [String: Parameter] = [:]
  ) -> Tracked {
    var result = value
    result.node = builder.add(layer, of: [value.node], parameters)
    return result
  }

  /// Returns a value with another number of positions. The axes are the caller's to change.
  func reshaped(_ value: Tracked, positions: Int) -> Tracked {
    guard positions != value.positions else { return value }
    var result = value
    result.positions = positions
    result.channels = value.columns / positions
    // Two reshapes in a row are one, or none.
    var source = value.node
    while case .reshape = builder[source].layer { source = builder[source].sources[0] }
    let isOriginal = positions == 1 && originalPositions(of: source) == 1
    result.node = isOriginal ? source : builder.add(.reshape(positions: positions), of: [source])
    return result
  }

  /// The number of positions of a node's value if it is certainly 1; otherwise nil.
  private func originalPositions(of node: Int) -> Int? {
    switch builder[node].layer {
    case .features, .embedding, .network, .dense: 1
    default: nil
    }
  }

  /// Returns a value whose columns are all channels of one position, in the same order. Its axes with column
  /// parts must be one, or one of positions followed by one of channels.
  func flattened(_ value: Tracked) -> Tracked {
    var result = reshaped(value, positions: 1)
    var found = false
    result.axes = value.axes.map { axis in
      axis.compactMap { factor in
        guard factor.isColumn else { return factor }
        defer { found = true }
        return found ? nil : .channels
      }
    }
    return result
  }
}
