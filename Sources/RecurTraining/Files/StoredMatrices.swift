// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// The matrices of a model that a file stores as its networks do in inference: halves as `F16`, bfloat16 as
/// `BF16`, and integers as `I8` with a tensor `NAME.scale`.
struct StoredMatrices {
  private var storages: [String: NetworkConfiguration.WeightStorage] = [:]

  /// A file without such matrices.
  static let none = StoredMatrices()

  private init() {}

  init(of graph: ModelGraph) {
    for node in graph.nodes {
      guard case .network(let configuration) = node.layer, configuration.weightStorage != .full,
        let slices = try? configuration.parameterSlices
      else { continue }
      let storage = configuration.weightStorage
      let matrices = ["weight_ih", "weight_hh"] + (storage == .int8 ? [] : ["weight_hr"])
      for slice in slices where matrices.contains(where: { slice.name.hasPrefix($0) }) {
        storages["\(node.name).\(slice.name)"] = storage
      }
    }
  }

  var isEmpty: Bool { storages.isEmpty }

  /// The storage of a slice.
  subscript(slice: String) -> NetworkConfiguration.WeightStorage { storages[slice] ?? .full }

  /// The magnitude from which on elements would be rounded to infinity.
  static func limit(
    of storage: NetworkConfiguration.WeightStorage
  ) -> (value: Float, text: String)? {
    switch storage {
    case .half: (65520, "65520, the limit of halves")
    case .bfloat16: (0x1.FFp127, "3.39617e38, the limit of bfloat16")
    case .full, .int8: nil
    }
  }

  /// The tensors of a matrix whose elements are rounded to its storage, or will be.
  static func tensors<Scalar: RecurScalar>(
    _ name: String, _ shape: [Int], _ storage: NetworkConfiguration.WeightStorage,
    _ elements: UnsafeBufferPointer<Scalar>
  ) -> [SafeTensors.Tensor] {
    switch storage {
    case .full:
      return [
        .init(
          name: name, type: .init(Scalar.self), shape: shape,
          bytes: Data(UnsafeRawBufferPointer(elements)))
      ]
    case .half:
      let halves = elements.map { Float16(Float($0)) }
      return [
        .init(
          name: name, type: .float16, shape: shape, bytes: halves.withUnsafeBytes { Data($0) })
      ]
    case .bfloat16:
      let upperHalves = elements.map { element in
        let bits = Float(element).bitPattern
        return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
      }
      return [
        .init(
          name: name, type: .bfloat16, shape: shape,
          bytes: upperHalves.withUnsafeBytes { Data($0) })
      ]
    case .int8:
      let columns = shape[1]
      let scales = (0..<shape[0]).map { row in
        let maximum = elements[row * columns..<(row + 1) * columns].lazy.map(\.magnitude).max() ?? 0
        return Float(maximum) / 127
      }
      let integers = elements.indices.map { k in
        let scale = scales[k / columns]
        return scale == 0 ? 0 : Int8((Float(elements[k]) / scale).rounded(.toNearestOrEven))
      }
      return [
        .init(name: name, type: .int8, shape: shape, bytes: integers.withUnsafeBytes { Data($0) }),
        .init(
          name: scaleName(name), type: .float, shape: [shape[0]],
          bytes: scales.withUnsafeBytes { Data($0) }),
      ]
    }
  }

  static func scaleName(_ name: String) -> String { "\(name).scale" }

  /// The elements of a tensor of type `F16` or `BF16`.
  static func numbers<Scalar: RecurScalar>(
    narrow tensor: SafeTensors.Tensor, to base: UnsafeMutablePointer<Scalar>
  ) {
    let widen: (UInt16) -> Float =
      tensor.type == .float16
      ? { Float(Float16(bitPattern: $0)) } : { Float(bitPattern: UInt32($0) << 16) }
    tensor.bytes.withUnsafeBytes { bytes in
      for k in 0..<bytes.count / 2 {
        base[k] = Scalar(widen(bytes.loadUnaligned(fromByteOffset: 2 * k, as: UInt16.self)))
      }
    }
  }

  /// The elements of a tensor of integers, with one scale for each row.
  static func numbers<Scalar: RecurScalar>(
    integers: SafeTensors.Tensor, scales: [Float], to base: UnsafeMutablePointer<Scalar>
  ) {
    let columns = integers.shape[1]
    integers.bytes.withUnsafeBytes { bytes in
      for (k, byte) in bytes.enumerated() {
        base[k] = Scalar(scales[k / columns] * Float(Int8(bitPattern: byte)))
      }
    }
  }
}
