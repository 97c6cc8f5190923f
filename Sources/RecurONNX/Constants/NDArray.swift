// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The reason why a node cannot be computed. The caller adds the operator and the name of the node.
struct Refusal: Error {
  let reason: String

  /// The size that the caller can give; nil if there is none.
  private(set) var openSize: Size?

  init(_ reason: String) { self.reason = reason }

  /// A reason that goes away if the sizes of axes are given.
  init(_ reason: String, openSize: Size) {
    self.init(reason)
    self.openSize = openSize
  }

  /// The reason, and how to give the sizes of axes with these names.
  func reason(axes: [String]) -> String {
    guard let openSize, !axes.isEmpty else { return reason }
    let size = "\(openSize)"
    let read = axes.filter { size.contains($0) }
    let names = read.isEmpty ? axes : read
    return "\(reason); give the size of \(names.joined(separator: ", ")): "
      + "sizes: [\"\(names[0])\": N], or --size \(names[0])=N of the command"
  }
}

/// An array with several axes, in row-major order.
struct NDArray<Element> {
  let dims: [Int]
  let elements: [Element]

  /// Creates an array from as many elements as the product of the sizes.
  init(dims: [Int], elements: [Element]) {
    precondition(dims.reduce(1, *) == elements.count)
    self.dims = dims
    self.elements = elements
  }

  init(scalar: Element) { self.init(dims: [], elements: [scalar]) }

  /// The distance between neighbors along each axis.
  var strides: [Int] { rowMajorStrides(dims) }

  /// Returns an array whose element at an index is the element at `offset` + Σ index · stride.
  func view(dims: [Int], strides: [Int], offset: Int = 0) throws(Refusal) -> NDArray {
    guard let count = elementCount(dims, limit: max(Limit.computed, elements.count)) else {
      throw Refusal("computes a tensor of the shape \(dims), which is too large")
    }
    var result: [Element] = []
    result.reserveCapacity(count)
    forEachOffset(dims, strides, offset) { result.append(elements[$0]) }
    return NDArray(dims: dims, elements: result)
  }

  func transposed(_ permutation: [Int]) throws(Refusal) -> NDArray {
    let strides = strides
    return try view(dims: permutation.map { dims[$0] }, strides: permutation.map { strides[$0] })
  }

  /// Returns elements first, first + step, … of an axis.
  func sliced(axis: Int, first: Int, step: Int, count: Int) throws(Refusal) -> NDArray {
    var (dims, strides) = (dims, strides)
    let offset = count == 0 ? 0 : first * strides[axis]
    dims[axis] = count
    strides[axis] *= step
    return try view(dims: dims, strides: strides, offset: offset)
  }

  func reshaped(_ dims: [Int]) -> NDArray { NDArray(dims: dims, elements: elements) }

  /// Repeats axes of size 1, as ONNX broadcasts.
  func broadcast(to target: [Int]) throws(Refusal) -> NDArray {
    guard dims != target else { return self }
    let padded = Array(repeating: 1, count: max(0, target.count - dims.count)) + dims
    guard padded.count == target.count, zip(padded, target).allSatisfy({ $0 == 1 || $0 == $1 })
    else { throw Refusal("cannot broadcast the shape \(dims) to \(target)") }
    let strides = zip(padded, rowMajorStrides(padded)).map { $0 == 1 ? 0 : $1 }
    return try view(dims: target, strides: strides)
  }

  static func concatenated(_ arrays: [NDArray], axis: Int) throws(Refusal) -> NDArray {
    var dims = arrays[0].dims
    for array in arrays.dropFirst() {
      var other = array.dims
      guard other.count == dims.count else {
        throw Refusal("concatenates tensors of several ranks")
      }
      dims[axis] += other[axis]
      other[axis] = dims[axis]
      guard other == dims else {
        throw Refusal("concatenates the shapes \(dims) and \(array.dims)")
      }
    }
    guard elementCount(dims) != nil else {
      throw Refusal("computes a tensor of the shape \(dims), which is too large")
    }
    let outer = dims[..<axis].reduce(1, *)
    var elements: [Element] = []
    for k in 0..<outer {
      for array in arrays {
        let count = array.elements.count / max(outer, 1)
        elements += array.elements[k * count..<(k + 1) * count]
      }
    }
    return NDArray(dims: dims, elements: elements)
  }
}

func rowMajorStrides(_ dims: [Int]) -> [Int] {
  var (strides, next) = ([Int](), 1)
  for size in dims.reversed() {
    strides.append(next)
    next *= size
  }
  return strides.reversed()
}

/// Calls `body` with offset + Σ index · stride for all indices, in row-major order.
func forEachOffset(_ dims: [Int], _ strides: [Int], _ offset: Int = 0, _ body: (Int) -> Void) {
  guard !dims.contains(0) else { return }
  var (index, position) = ([Int](repeating: 0, count: dims.count), offset)
  while true {
    body(position)
    var axis = dims.count - 1
    while axis >= 0 {
      index[axis] += 1
      position += strides[axis]
      if index[axis] < dims[axis] { break }
      position -= strides[axis] * dims[axis]
      index[axis] = 0
      axis -= 1
    }
    if axis < 0 { return }
  }
}
