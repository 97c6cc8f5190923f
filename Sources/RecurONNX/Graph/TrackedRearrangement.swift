// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension Tracked {
  /// Renames, reorders, merges or splits axes; selects elements with nodes.
  func rearranged(_ lowering: Lowering, _ change: Rearrangement) throws(Refusal) -> Tracked {
    switch change {
    case .transpose(let permutation):
      var result = self
      result.axes = permutation.map { axes[$0] }
      return result
    case .reshape(let sizes): return try reshaped(lowering, sizes)
    case .first(let axis): return try end(lowering, axis, .firstStep)
    case .last(let axis): return try end(lowering, axis, .lastStep)
    case .slice(let axis, let first, let step, let count):
      let size = size(ofAxis: axis)
      if first == 0, step == 1, Size(count) == size { return self }
      guard !isTokens, padding == nil else {
        throw Refusal("selects elements of tokens or of padded values")
      }
      if axes[axis] == [.steps], count == 1, first == 0 || size == Size(first + 1) {
        return try end(lowering, axis, first == 0 ? .firstStep : .lastStep)
      }
      guard count > 0, step == 1 || count == 1 else {
        throw Refusal("selects \(count) elements with step \(step), expected step 1")
      }
      return try sliced(lowering, axis, first..<first + count)
    }
  }

  /// The first or last step.
  private func end(
    _ lowering: Lowering, _ axis: Int, _ layer: ModelLayer
  ) throws(Refusal) -> Tracked {
    if size(ofAxis: axis).isOne { return self }
    guard axes[axis] == [.steps], !isTokens, padding == nil else {
      throw Refusal("selects one element of an axis of unknown size that is not steps")
    }
    var result = lowering.map(layer, self)
    result.steps = Size(1)
    result.isPerSequence = true
    result.dropOnes()
    return result
  }

  private func sliced(
    _ lowering: Lowering, _ axis: Int, _ range: Range<Int>
  ) throws(Refusal) -> Tracked {
    var result: Tracked
    switch axes[axis] {
    case [.channels]:
      result = lowering.map(.slice(range), self)
      result.channels = range.count
    case [.positions]:
      let columns = range.lowerBound * channels..<range.upperBound * channels
      let flat = lowering.reshaped(self, positions: 1)
      result = lowering.map(.slice(columns), flat)
      result.channels = columns.count
      result = lowering.reshaped(result, positions: range.count)
    case [.positions, .channels]:
      result = lowering.map(.slice(range), lowering.flattened(self))
      result.channels = range.count
    case [.steps]:
      throw Refusal(
        "selects steps \(range.lowerBound) to \(range.upperBound - 1), expected the first or last; a network "
          + "that is written out for each step is not supported")
    default:
      throw Refusal(
        "selects elements \(range.lowerBound) to \(range.upperBound - 1) of \(names(axes[axis]))")
    }
    result.dropOnes()
    return result
  }
}

func names(_ axis: [Factor]) -> String {
  axis.isEmpty ? "an axis of size 1" : axis.map { "\($0)" }.joined(separator: " x ")
}

// Reshapes

extension Tracked {
  /// Merges and splits axes in row-major order. Steps and sequences are never split; columns may be split once,
  /// into positions and channels.
  private func reshaped(_ lowering: Lowering, _ sizes: [Size]) throws(Refusal) -> Tracked {
    let refusal = Refusal("reshapes \(describe(dims)) to \(describe(sizes))")
    var pieces = try pieces()
    var result: [[Piece]] = []
    for size in sizes {
      var (axis, rest) = ([Piece](), size)
      while !rest.isOne {
        guard let piece = pieces.last else { throw refusal }
        if let quotient = rest.exactQuotient(piece.size) {
          pieces.removeLast()
          axis.append(piece)
          rest = quotient
        } else if piece.isSplittable, let part = rest.number, let whole = piece.size.number,
          part > 1, whole.isMultiple(of: part)
        {
          pieces[pieces.count - 1].size = Size(whole / part)
          axis.append(Piece(factor: piece.factor, size: rest, isSplittable: true))
          rest = Size(1)
        } else {
          throw refusal
        }
      }
      result.append(axis)
    }
    guard pieces.isEmpty else { throw refusal }
    return try regrouped(lowering, result, refusal)
  }

  private struct Piece {
    var factor: Factor
    var size: Size
    var isSplittable: Bool
  }

  /// The parts of the axes, the last first. Columns in Recur's order are one piece.
  private func pieces() throws(Refusal) -> [Piece] {
    let factors = Array(axes.joined())
    var pieces: [Piece] = []
    for factor in factors {
      let size = size(of: factor)
      if factor == .channels, pieces.last?.factor == .positions {
        pieces[pieces.count - 1].size = Size(columns)
        pieces[pieces.count - 1].isSplittable = true
      } else {
        let all = factor.isColumn && size == Size(columns)
        pieces.append(Piece(factor: factor, size: size, isSplittable: all && padding == nil))
      }
    }
    guard padding == nil || pieces.allSatisfy({ !$0.isSplittable }) else {
      throw Refusal("merges the axes of padded values")
    }
    return pieces.reversed()
  }

  /// Names the column pieces and sets the number of positions.
  private func regrouped(
    _ lowering: Lowering, _ axes: [[Piece]], _ refusal: Refusal
  ) throws(Refusal) -> Tracked {
    let columnPieces = axes.joined().filter(\.factor.isColumn)
    var result = self
    guard columnPieces.contains(where: \.isSplittable) else {
      result.axes = axes.map { $0.map(\.factor) }
      return result
    }
    guard columnPieces.count <= 2 else { throw refusal }
    let parts = columnPieces.map { $0.size.number! }
    var names: [Factor] = parts.count == 1 ? [.channels] : [.positions, .channels]
    // One piece of all columns keeps its meaning.
    if parts.count == 1 {
      guard positions > 1, channels > 1 else {
        result.axes = axes.map { $0.map(\.factor) }
        return result
      }
      // The parts of an axis in Recur's order need no node until a layer reads them as channels.
      result.axes = axes.map { axis in
        axis.flatMap { $0.factor.isColumn ? [.positions, .channels] : [$0.factor] }
      }
      return result
    }
    result = lowering.reshaped(self, positions: parts[0])
    names.reverse()
    result.axes = axes.map { axis in
      axis.map { $0.factor.isColumn ? names.popLast()! : $0.factor }
    }
    return result
  }
}
