// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Operators that only rearrange elements, for each kind of tensor.

/// A rearrangement of elements, with all its numbers.
enum Rearrangement {
  /// Axis k of the result is axis permutation[k].
  case transpose([Int])

  /// The same elements in another shape.
  case reshape([Size])

  /// Elements first, first + step, … of an axis.
  case slice(axis: Int, first: Int, step: Int, count: Int)

  /// The first or last element of an axis whose size need not be known.
  case first(axis: Int)
  case last(axis: Int)
}

extension Value {
  /// Rearranges each kind of tensor that this value is.
  func rearranged(_ lowering: Lowering, _ change: Rearrangement) throws(Refusal) -> Value {
    if let constant { return Value(constant: try constant.rearranged(change)) }
    var (tracked, state): (Tracked?, StateTensor?) = (nil, nil)
    var refusal = Refusal(
      pending.map { "rearranges \($0.description)" } ?? "has no input")
    do throws(Refusal) { state = try self.state?.rearranged(change) } catch { refusal = error }
    do throws(Refusal) { tracked = try self.tracked?.rearranged(lowering, change) } catch {
      refusal = error
    }
    let step = rearrangedStep(change)
    guard tracked != nil || state != nil || step != nil else { throw refusal }
    var result = Value(tracked: tracked, state: state)
    result.pending = step.map { .step($0) }
    return result
  }

  /// A term of a written-out network: one step of a value, or the same term in another shape.
  private func rearrangedStep(_ change: Rearrangement) -> RNNTerm? {
    if case .step(var term)? = pending {
      guard case .reshape(let sizes) = change,
        sizes.filter({ !$0.isOne }) == term.shape.filter({ !$0.isOne })
      else { return nil }
      term.shape = sizes
      return term
    }
    return tracked.flatMap { RNNTerm($0, change) }
  }
}

extension NDArray {
  func rearranged(_ change: Rearrangement) throws(Refusal) -> NDArray {
    switch change {
    case .transpose(let permutation): return try transposed(permutation)
    case .slice(let axis, let first, let step, let count):
      return try sliced(axis: axis, first: first, step: step, count: count)
    case .first(let axis):
      return try sliced(axis: axis, first: 0, step: 1, count: min(1, dims[axis]))
    case .last(let axis):
      guard dims[axis] > 0 else {
        throw Refusal("reads the last element of an axis without elements")
      }
      return try sliced(axis: axis, first: dims[axis] - 1, step: 1, count: 1)
    case .reshape(let sizes):
      let numbers = sizes.compactMap(\.number)
      guard numbers.count == sizes.count, elementCount(numbers) == elements.count else {
        throw Refusal("reshapes \(dims) to \(describe(sizes))")
      }
      return reshaped(numbers)
    }
  }
}

extension Constant {
  func rearranged(_ change: Rearrangement) throws(Refusal) -> Constant {
    if case .filled(let value, let dims) = storage {
      return Constant(filled: value, dims: try Self.dims(dims, change), type)
    }
    if type.isFloating { return Constant(try values().rearranged(change), type) }
    return Constant(try sizes().rearranged(change), type)
  }

  private static func dims(_ dims: [Size], _ change: Rearrangement) throws(Refusal) -> [Size] {
    var dims = dims
    switch change {
    case .transpose(let permutation): return permutation.map { dims[$0] }
    case .slice(let axis, _, _, let count): dims[axis] = Size(count)
    case .first(let axis), .last(let axis): dims[axis] = Size(1)
    case .reshape(let sizes):
      guard Size.product(sizes) == .product(dims) else {
        throw Refusal("reshapes \(describe(dims)) to \(describe(sizes))")
      }
      return sizes
    }
    return dims
  }
}

extension StateTensor {
  func rearranged(_ change: Rearrangement) throws(Refusal) -> StateTensor {
    guard let sequencesAxis else { return with(try array.rearranged(change), sequencesAxis: nil) }
    switch change {
    case .transpose(let permutation):
      return with(
        try array.transposed(permutation), sequencesAxis: permutation.firstIndex(of: sequencesAxis))
    case .slice(let axis, _, _, _), .first(let axis), .last(let axis):
      guard axis != sequencesAxis else { throw Refusal("selects sequences of a state") }
      return with(try array.rearranged(change), sequencesAxis: sequencesAxis)
    case .reshape(let sizes):
      let named = sizes.indices.filter { sizes[$0].number == nil }
      let before = array.dims[..<sequencesAxis].reduce(1, *)
      guard named.count == 1, sizes[named[0]] == sequences,
        elementCount(sizes[..<named[0]].compactMap(\.number)) == before,
        elementCount(sizes.map { $0.number ?? 1 }) == array.elements.count
      else { throw Refusal("reshapes a state \(describe(dims)) to \(describe(sizes))") }
      return with(array.reshaped(sizes.map { $0.number ?? 1 }), sequencesAxis: named[0])
    }
  }
}
