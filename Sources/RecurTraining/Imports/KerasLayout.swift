// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// The weights of a Keras layer, and the parameters of a node.
enum KerasLayout {
  /// An array of a Keras layer.
  struct Array {
    var name: String
    var shape: [Int]

    /// The value of all elements if Keras leaves out the array; nil if it may not be missing.
    var missing: Double?
  }

  /// Returns an array with its dimensions in the opposite order. Kernels of dense layers are I x O in Keras and O x I
  /// in Recur; those of convolutions K x C/g x O and O x C/g x K.
  static func permuted(_ numbers: [Double], _ shape: [Int]) -> [Double] {
    guard shape.count == 2 || shape.count == 3, let rows = shape.first, let columns = shape.last
    else { return numbers }
    let depth = shape.count == 2 ? 1 : shape[1]
    var result = [Double](repeating: 0, count: numbers.count)
    for k in 0..<rows {
      for c in 0..<depth {
        for o in 0..<columns {
          result[(o * depth + c) * rows + k] = numbers[(k * depth + c) * columns + o]
        }
      }
    }
    return result
  }

  /// Returns the arrays of the layer that corresponds to a node.
  ///
  /// - Parameters:
  ///   - layer: the layer of the node.
  ///   - shapes: the shapes of its parameters.
  /// - Returns: the arrays; none for a node without parameters.
  /// - Throws: `RecurError` if Keras does not have the layer.
  static func arrays(
    of layer: ModelLayer, _ shapes: [String: [Int]]
  ) throws(RecurError) -> [Array] {
    switch layer {
    case .network(let configuration):
      return try configuration.kerasSlices.map { slice in
        let isVector = slice.name.hasPrefix("bias") && slice.rows == 1
        return Array(
          name: slice.name, shape: isVector ? [slice.columns] : [slice.rows, slice.columns])
      }
    case .dense, .convolution:
      let names = ["weight": "kernel", "bias": "bias"]
      return shapes.sorted { $0.key > $1.key }.map {
        Array(name: names[$0] ?? $0, shape: $1.reversed())
      }
    case .embedding:
      return shapes.map { Array(name: "embeddings", shape: $1) }
    case .scale:
      let shape = shapes["weight"] ?? []
      return [
        Array(name: "gamma", shape: shape, missing: 1),
        Array(name: "beta", shape: shape, missing: 0),
        Array(name: "moving_mean", shape: shape), Array(name: "moving_variance", shape: shape),
      ]
    case .layerNormalization:
      let shape = shapes["weight"] ?? []
      return [
        Array(name: "gamma", shape: shape, missing: 1),
        Array(name: "beta", shape: shape, missing: 0),
      ]
    case .prelu:
      // Slopes are shared by the steps: shared_axes = [1].
      return shapes.map { Array(name: "alpha", shape: [1] + $1) }
    default: return []
    }
  }

  /// Returns the parameters of a node by the names of their parts.
  ///
  /// - Parameters:
  ///   - layer: the layer of the node.
  ///   - arrays: the arrays in the order of ``arrays(of:_:)``, with their elements.
  ///   - epsilon: the ε of batch normalizations.
  static func parameters(
    of layer: ModelLayer, _ arrays: [(Array, [Double])], epsilon: Double
  ) throws(RecurError) -> [String: [Double]] {
    switch layer {
    case .network(let configuration):
      return try configuration.parameters(fromKeras: arrays.flatMap { $0.1 })
    case .scale:
      let (weight, bias) = BatchNormalization(
        gamma: arrays[0].1, beta: arrays[1].1, mean: arrays[2].1, variance: arrays[3].1,
        epsilon: epsilon
      ).scale
      return ["weight": weight, "bias": bias]
    default:
      var parameters: [String: [Double]] = [:]
      for (array, numbers) in arrays {
        let part = ["bias", "beta"].contains(array.name) ? "bias" : "weight"
        parameters[part] =
          array.name == "kernel" ? permuted(numbers, array.shape) : numbers
      }
      return parameters
    }
  }
}
