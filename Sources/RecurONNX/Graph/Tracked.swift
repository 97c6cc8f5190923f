// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A part of an axis of an ONNX tensor: what its index stands for in Recur. A part of size 1 is left out, so an
/// axis without parts has size 1, and a merged axis has several, the slowest first.
enum Factor: Hashable {
  case steps, sequences, positions, channels

  var isColumn: Bool { self == .positions || self == .channels }
}

/// The tensor of a value that the model computes for each step of each sequence: the node of Recur that
/// computes it, and the meaning of its axes.
struct Tracked {
  /// Steps that are padded before a convolution reads them.
  struct Padding: Equatable {
    var factor: Factor
    var before: Int
    var after: Int
    var padding: PaddingMode
  }

  enum PaddingMode { case zeros, reflect, replicate }

  /// The number of the node in the builder.
  var node: Int
  var axes: [[Factor]]

  /// T, or 1 for one row for each sequence.
  var steps: Size
  var sequences: Size
  var positions = 1
  var channels = 1

  /// Whether the node has one row for each sequence instead of one for each step.
  var isPerSequence = false

  /// Whether the node is an input of tokens.
  var isTokens = false
  var padding: Padding?

  var columns: Int { positions * channels }

  func size(of factor: Factor) -> Size {
    var size =
      switch factor {
      case .steps: steps
      case .sequences: sequences
      case .positions: Size(positions)
      case .channels: Size(channels)
      }
    if let padding, padding.factor == factor { size = size + Size(padding.before + padding.after) }
    return size
  }

  func size(ofAxis axis: Int) -> Size { .product(axes[axis].map(size(of:))) }

  var dims: [Size] { axes.indices.map { size(ofAxis: $0) } }

  /// Whether two tensors have the same elements at the same places.
  func isSame(as other: Tracked) -> Bool { node == other.node && axes == other.axes }

  /// The column parts of all axes, in order.
  var columnFactors: [Factor] { axes.joined().filter(\.isColumn) }

  /// The axes without the parts whose size is 1.
  mutating func dropOnes() {
    axes = axes.map { $0.filter { !size(of: $0).isOne } }
  }
}
