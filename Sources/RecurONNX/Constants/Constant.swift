// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A tensor that is known while the model is read.
struct Constant {
  /// Where the elements are.
  enum Storage {
    /// A tensor of the file, whose elements are converted when they are needed.
    case stored(TensorProto)

    case values(NDArray<Double>)

    /// Integers and Booleans. Sizes of inputs may be named.
    case integers(NDArray<Size>)

    /// One value at all places, in a shape that may have named sizes.
    case filled(Double, dims: [Size])
  }

  let storage: Storage
  let type: ElementType

  init(_ tensor: TensorProto) {
    storage = .stored(tensor)
    type = tensor.type
  }

  init(_ array: NDArray<Double>, _ type: ElementType = .float) {
    storage = .values(array)
    self.type = type
  }

  init(_ array: NDArray<Size>, _ type: ElementType = .int64) {
    storage = .integers(array)
    self.type = type
  }

  init(filled value: Double, dims: [Size], _ type: ElementType) {
    storage = .filled(value, dims: dims)
    self.type = type
  }

  var dims: [Size] {
    switch storage {
    case .stored(let tensor): tensor.dims.map { Size($0) }
    case .values(let array): array.dims.map { Size($0) }
    case .integers(let array): array.dims.map { Size($0) }
    case .filled(_, let dims): dims
    }
  }

  /// The shape; an error if a size is named.
  var knownDims: [Int] {
    get throws(Refusal) {
      let dims = dims
      return try dims.map { size throws(Refusal) in
        guard let number = size.number else {
          throw Refusal("has a constant of the shape \(describe(dims)), whose sizes are not known")
        }
        return number
      }
    }
  }

  /// The elements of a floating-point tensor. Weights may have any size; others are limited.
  func values() throws(Refusal) -> NDArray<Double> {
    switch storage {
    case .stored(let tensor):
      guard type.isFloating || elementCount(tensor.dims, limit: Limit.computed) != nil else {
        throw Refusal("reads a tensor of integers of the shape \(tensor.dims), which is too large")
      }
      return NDArray(dims: tensor.dims, elements: tensor.values())
    case .values(let array): return array
    case .integers:
      return try NDArray(dims: knownDims, elements: numbers().elements.map(Double.init))
    case .filled(let value, _):
      let dims = try knownDims
      guard let count = elementCount(dims, limit: Limit.computed) else {
        throw Refusal("has a constant of the shape \(dims), which is too large")
      }
      return NDArray(dims: dims, elements: Array(repeating: value, count: count))
    }
  }

  /// The elements of an integer tensor.
  func sizes() throws(Refusal) -> NDArray<Size> {
    switch storage {
    case .integers(let array): return array
    case .stored(let tensor) where !type.isFloating:
      guard elementCount(tensor.dims, limit: Limit.computed) != nil else {
        throw Refusal("reads a tensor of integers of the shape \(tensor.dims), which is too large")
      }
      return NDArray(dims: tensor.dims, elements: tensor.wholeNumbers().map { Size($0) })
    case .filled(let value, _) where !type.isFloating:
      guard let number = Int(exactly: value) else { throw Refusal("has the integer \(value)") }
      let array = try values()
      return NDArray(dims: array.dims, elements: array.elements.map { _ in Size(number) })
    default: throw Refusal("has a constant of floating-point numbers, expected integers")
    }
  }

  /// The elements of an integer tensor; an error if one depends on the inputs.
  func numbers() throws(Refusal) -> NDArray<Int> {
    let sizes = try sizes()
    let numbers = try sizes.elements.map { size throws(Refusal) in
      guard let number = size.number else {
        throw Refusal("depends on the size \(size), which is not known", openSize: size)
      }
      return number
    }
    return NDArray(dims: sizes.dims, elements: numbers)
  }

  /// The only element of a floating-point tensor.
  func scalar() throws(Refusal) -> Double {
    if case .filled(let value, _) = storage { return value }
    let array = try values()
    guard array.elements.count == 1 else {
      throw Refusal("has a constant of the shape \(array.dims), expected one value")
    }
    return array.elements[0]
  }

  /// Whether all elements are 0.
  var isZero: Bool {
    get throws(Refusal) {
      if case .filled(let value, _) = storage { return value == 0 }
      return try values().elements.allSatisfy { $0 == 0 }
    }
  }
}

/// Text such as [T, B, 3].
func describe(_ dims: [Size]) -> String {
  "[" + dims.map(\.description).joined(separator: ", ") + "]"
}
