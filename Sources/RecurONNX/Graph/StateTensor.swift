// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// An element of an initial state that is an input of the ONNX graph, or of a final state.
struct StateElement: Hashable {
  /// The number of the input, or −1 − the number of the part of the final state.
  let origin: Int
  let index: Int
}

/// A tensor that only rearranges elements of initial or final states. The axis of sequences, if its size is
/// named, has one element that stands for all.
struct StateTensor {
  let array: NDArray<StateElement>
  let sequencesAxis: Int?
  let sequences: Size

  var dims: [Size] {
    array.dims.enumerated().map { $0 == sequencesAxis ? sequences : Size($1) }
  }

  init(_ array: NDArray<StateElement>, sequencesAxis: Int?, sequences: Size) {
    self.array = array
    self.sequencesAxis = sequencesAxis
    self.sequences = sequences
  }

  /// Creates the tensor of all elements in order.
  init(origin: Int, dims: [Size], _ lowering: Lowering) throws(Refusal) {
    let named = dims.indices.filter { dims[$0].number == nil }
    guard named.count <= 1 else {
      throw Refusal(
        "has a state of the shape \(describe(dims)), expected at most one size without a number")
    }
    let known = dims.map { $0.number ?? 1 }
    guard let count = elementCount(known, limit: Limit.state) else {
      throw Refusal("has a state of the shape \(describe(dims)), which is too large")
    }
    try lowering.addElements(2 * count)
    self.init(
      NDArray(dims: known, elements: (0..<count).map { StateElement(origin: origin, index: $0) }),
      sequencesAxis: named.first, sequences: named.first.map { dims[$0] } ?? Size(1))
  }

  func with(_ array: NDArray<StateElement>, sequencesAxis: Int?) -> StateTensor {
    StateTensor(array, sequencesAxis: sequencesAxis, sequences: sequences)
  }
}

/// A part of a final state: the h or c of a network, whose elements are D x (B) x size.
struct StatePart {
  enum Kind: String { case hidden = "h", cell = "c" }

  /// The number of the network; nil if it is written out and not complete.
  var node: Int?
  let kind: Kind
  let directions: Int
  let size: Int
}
