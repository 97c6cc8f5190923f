// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

@Suite("Rearrangements of values and states of ONNX models")
struct ONNXRearrangementTests {
  private let lowering = Lowering(opset: 17, fileSize: 1000)

  private func reason<Result>(_ body: () throws(Refusal) -> Result) -> String {
    do {
      _ = try body()
      return "no error"
    } catch { return error.reason }
  }

  private func state(_ dims: [Size]) throws -> StateTensor {
    try StateTensor(origin: 3, dims: dims, lowering)
  }

  private let b = Size(named: "B")

  private func indices(_ state: StateTensor) -> [Int] { state.array.elements.map(\.index) }

  @Test("a state has one size without a number, and a limit")
  func states() throws {
    let plain = try state([Size(2), Size(3)])
    #expect(plain.sequencesAxis == nil && plain.sequences == Size(1))
    #expect(indices(plain) == [0, 1, 2, 3, 4, 5] && describe(plain.dims) == "[2, 3]")
    #expect(plain.array.elements.allSatisfy { $0.origin == 3 })
    let batched = try state([Size(2), b, Size(3)])
    #expect(batched.sequencesAxis == 1 && batched.sequences == b)
    #expect(batched.array.dims == [2, 1, 3] && describe(batched.dims) == "[2, B, 3]")
    let large = Lowering(opset: 17, fileSize: 1 << 24)
    #expect(
      reason { () throws(Refusal) in try StateTensor(origin: 0, dims: [Size(1 << 20)], large) }
        == "no error")
    #expect(
      reason { () throws(Refusal) in try StateTensor(origin: 0, dims: [Size((1 << 20) + 1)], large)
      }
        == "has a state of the shape [1048577], which is too large")
    #expect(
      reason { () throws(Refusal) in
        try StateTensor(origin: 0, dims: [b, Size(named: "T")], large)
      } == "has a state of the shape [B, T], expected at most one size without a number")
    // Each element counts twice: 2^15 + 1500 elements.
    let small = Lowering(opset: 17, fileSize: 1000)
    #expect(
      reason { () throws(Refusal) in try StateTensor(origin: 0, dims: [Size(17_134)], small) }
        == "no error")
    let other = Lowering(opset: 17, fileSize: 1000)
    #expect(
      reason { () throws(Refusal) in try StateTensor(origin: 0, dims: [Size(17_135)], other) }
        == "computes too many constants")
  }

  @Test("states are transposed, sliced and reshaped around their sequences")
  func rearrangedStates() throws {
    let tensor = try state([Size(2), b, Size(3)])
    let transposed = try tensor.rearranged(.transpose([1, 2, 0]))
    #expect(transposed.sequencesAxis == 0 && describe(transposed.dims) == "[B, 3, 2]")
    #expect(indices(transposed) == [0, 3, 1, 4, 2, 5])
    let sliced = try tensor.rearranged(.slice(axis: 2, first: 1, step: 1, count: 2))
    #expect(indices(sliced) == [1, 2, 4, 5] && describe(sliced.dims) == "[2, B, 2]")
    let last = try tensor.rearranged(.last(axis: 0))
    #expect(indices(last) == [3, 4, 5] && last.sequencesAxis == 1)
    #expect(indices(try tensor.rearranged(.first(axis: 0))) == [0, 1, 2])
    for change in [
      Rearrangement.first(axis: 1), .last(axis: 1), .slice(axis: 1, first: 0, step: 1, count: 1),
    ] {
      #expect(
        reason { () throws(Refusal) in try tensor.rearranged(change) }
          == "selects sequences of a state")
    }
    let reshaped = try tensor.rearranged(.reshape([Size(1), Size(2), b, Size(3)]))
    #expect(reshaped.sequencesAxis == 2 && reshaped.array.dims == [1, 2, 1, 3])
    #expect(try tensor.rearranged(.reshape([Size(2), b, Size(1), Size(3)])).sequencesAxis == 1)
    for sizes in [
      [Size(2), Size(3)], [b, Size(6)], [Size(6), b], [Size(2), b, b, Size(3)],
      [Size(2), Size(named: "T"), Size(3)], [Size(2), b * Size(3)], [Size(2), b, Size(4)],
    ] {
      #expect(
        reason { () throws(Refusal) in try tensor.rearranged(.reshape(sizes)) }
          == "reshapes a state [2, B, 3] to \(describe(sizes))")
    }
    let plain = try state([Size(2), Size(3)])
    #expect(indices(try plain.rearranged(.transpose([1, 0]))) == [0, 3, 1, 4, 2, 5])
    #expect(try plain.rearranged(.reshape([Size(6)])).array.dims == [6])
    #expect(
      reason { () throws(Refusal) in try plain.rearranged(.reshape([Size(5)])) }
        == "reshapes [2, 3] to [5]")
    #expect(
      reason { () throws(Refusal) in try plain.rearranged(.reshape([b, Size(6)])) }
        == "reshapes [2, 3] to [B, 6]")
  }

  @Test("one number at all places has only a shape")
  func filled() throws {
    let constant = Constant(filled: 2, dims: [Size(2), b, Size(3)], .float)
    func dims(_ change: Rearrangement) throws(Refusal) -> String {
      describe(try constant.rearranged(change).dims)
    }
    #expect(try dims(.transpose([2, 0, 1])) == "[3, 2, B]")
    #expect(try dims(.slice(axis: 2, first: 1, step: 1, count: 2)) == "[2, B, 2]")
    #expect(try dims(.first(axis: 1)) == "[2, 1, 3]" && dims(.last(axis: 0)) == "[1, B, 3]")
    #expect(try dims(.reshape([b * Size(2), Size(3)])) == "[2*B, 3]")
    #expect(
      reason { () throws(Refusal) in try dims(.reshape([b, Size(5)])) }
        == "reshapes [2, B, 3] to [B, 5]")
  }

  /// T x B x 12 in Recur, whose columns are 3 positions of 4 channels.
  private func tracked(_ axes: [[Factor]], positions: Int = 3, channels: Int = 4) -> Tracked {
    let node = lowering.builder.add(.features(positions * channels), of: [])
    var value = Tracked(node: node, axes: axes, steps: Size(named: "T"), sequences: b)
    value.channels = positions * channels
    return lowering.reshaped(value, positions: positions)
  }

  private func reshaped(_ value: Tracked, _ sizes: [Size]) -> String {
    do throws(Refusal) {
      let result = try value.rearranged(lowering, .reshape(sizes))
      return result.axes.map { $0.map { "\($0)".prefix(1) }.joined() }.joined(separator: ",")
        + " \(result.positions)x\(result.channels)"
    } catch { return error.reason }
  }

  @Test("axes are merged and split")
  func reshapes() {
    let t = Size(named: "T")
    let value = tracked([[.steps], [.sequences], [.positions], [.channels]])
    #expect(reshaped(value, [t, b, Size(12)]) == "s,s,pc 3x4")
    #expect(reshaped(value, [t, b, Size(3), Size(4)]) == "s,s,p,c 3x4")
    #expect(reshaped(value, [t, b, Size(4), Size(3)]) == "s,s,p,c 4x3")
    #expect(reshaped(value, [t * b, Size(12)]) == "ss,pc 3x4")
    #expect(reshaped(value, [t, b, Size(1), Size(12)]) == "s,s,,pc 3x4")
    #expect(reshaped(value, [t, b * Size(3), Size(4)]) == "s,sp,c 3x4")
    #expect(
      reshaped(value, [t, b, Size(2), Size(2), Size(3)])
        == "reshapes [T, B, 3, 4] to [T, B, 2, 2, 3]")
    #expect(reshaped(value, [t, b]) == "reshapes [T, B, 3, 4] to [T, B]")
    #expect(reshaped(value, [t, t, b, Size(12)]) == "reshapes [T, B, 3, 4] to [T, T, B, 12]")
    #expect(reshaped(value, [b, t, Size(12)]) == "reshapes [T, B, 3, 4] to [B, T, 12]")
    #expect(reshaped(value, [t, b, Size(5)]) == "reshapes [T, B, 3, 4] to [T, B, 5]")
    // Channels before positions keep their names.
    let other = tracked([[.steps], [.sequences], [.channels], [.positions]])
    #expect(reshaped(other, [t, b, Size(12)]) == "s,s,cp 3x4")
    #expect(reshaped(other, [t, b, Size(3), Size(4)]) == "reshapes [T, B, 4, 3] to [T, B, 3, 4]")
    let flat = tracked([[.steps], [.sequences], [.channels]], positions: 1, channels: 12)
    #expect(reshaped(flat, [t, b, Size(3), Size(4)]) == "s,s,p,c 3x4")
    #expect(reshaped(flat, [t, b, Size(12)]) == "s,s,c 1x12")
    #expect(reshaped(flat, [t, b, Size(12), Size(1)]) == "s,s,c, 1x12")
    var padded = flat
    padded.padding = .init(factor: .steps, before: 1, after: 1, padding: .zeros)
    #expect(reshaped(padded, [padded.size(of: .steps), b, Size(12)]) == "s,s,c 1x12")
    #expect(
      reshaped(padded, [padded.size(of: .steps), b, Size(3), Size(4)])
        == "reshapes [(T+2), B, 12] to [(T+2), B, 3, 4]")
    var split = value
    split.padding = .init(factor: .positions, before: 1, after: 1, padding: .zeros)
    #expect(reshaped(split, [t, b, Size(20)]) == "merges the axes of padded values")
  }

  @Test("elements of an axis are selected by layers")
  func selections() throws {
    let value = tracked([[.steps], [.sequences], [.positions, .channels]])
    func selected(_ value: Tracked, _ change: Rearrangement) -> String {
      do throws(Refusal) {
        let result = try value.rearranged(lowering, change)
        let layer = "\(lowering.builder[result.node].layer)"
        return "\(layer) \(result.positions)x\(result.channels) \(describe(result.dims))"
      } catch { return error.reason }
    }
    #expect(
      selected(value, .slice(axis: 2, first: 2, step: 1, count: 5))
        == "slice(Range(2..<7)) 1x5 [T, B, 5]")
    #expect(
      selected(value, .slice(axis: 2, first: 2, step: 1, count: 1))
        == "slice(Range(2..<3)) 1x1 [T, B, 1]")
    #expect(
      selected(value, .slice(axis: 2, first: 2, step: 7, count: 1))
        == "slice(Range(2..<3)) 1x1 [T, B, 1]")
    #expect(
      selected(value, .slice(axis: 2, first: 0, step: 1, count: 12)).hasSuffix("3x4 [T, B, 12]"))
    let split = tracked([[.steps], [.sequences], [.positions], [.channels]])
    #expect(
      selected(split, .slice(axis: 2, first: 1, step: 1, count: 2))
        == "reshape(positions: 2) 2x4 [T, B, 2, 4]")
    #expect(
      selected(split, .slice(axis: 3, first: 1, step: 1, count: 2))
        == "slice(Range(1..<3)) 3x2 [T, B, 3, 2]")
    #expect(selected(value, .first(axis: 0)) == "firstStep 3x4 [1, B, 12]")
    #expect(selected(value, .last(axis: 0)) == "lastStep 3x4 [1, B, 12]")
    for change in [Rearrangement.first(axis: 1), .last(axis: 1), .last(axis: 2)] {
      #expect(
        selected(value, change)
          == "selects one element of an axis of unknown size that is not steps")
    }
    var one = value
    one.steps = Size(1)
    #expect(try one.rearranged(lowering, .last(axis: 0)).node == value.node)
    var five = value
    five.steps = Size(5)
    #expect(
      selected(five, .slice(axis: 0, first: 0, step: 1, count: 1)) == "firstStep 3x4 [1, B, 12]")
    #expect(
      selected(five, .slice(axis: 0, first: 4, step: 1, count: 1)) == "lastStep 3x4 [1, B, 12]")
    #expect(
      selected(five, .slice(axis: 0, first: 1, step: 1, count: 3))
        == "selects steps 1 to 3, expected the first or last; a network that is written out for each "
        + "step is not supported")
    #expect(
      selected(five, .slice(axis: 0, first: 4, step: 1, count: 0))
        == "selects 0 elements with step 1, expected step 1")
    let merged = tracked([[.steps], [.sequences, .positions], [.channels]])
    #expect(
      selected(merged, .slice(axis: 1, first: 1, step: 1, count: 3))
        == "selects elements 1 to 3 of sequences x positions")
    var known = merged
    known.sequences = Size(1)
    #expect(names([]) == "an axis of size 1" && names([.steps]) == "steps")
    // The first element of a slice that is all is the value itself.
    #expect(
      try value.rearranged(lowering, .slice(axis: 2, first: 0, step: 1, count: 12)).node
        == value.node)
  }

  @Test("columns of a constant are those of an axis in its order")
  func columns() throws {
    let value = tracked([[.steps], [.sequences], [.channels, .positions]])
    #expect(value.index(in: 2, position: 2, channel: 3) == 11)
    #expect(value.index(in: 2, position: 1, channel: 3) == 10)
    #expect(value.index(in: 0, position: 1, channel: 3) == 0)
    #expect(value.columnOrder(ofAxis: 2) == [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11])
    let plain = tracked([[.steps], [.sequences], [.positions, .channels]])
    #expect(plain.columnOrder(ofAxis: 2) == Array(0..<12))
    #expect(
      tracked([[.steps], [.sequences], [.positions], [.channels]]).columnOrder(ofAxis: 3)
        == [0, 1, 2, 3])
    let row = Constant(NDArray(dims: [12], elements: (0..<12).map { Double($0) }))
    #expect(
      try value.columnConstant(row, lowering)
        == .columns([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]))
    #expect(try value.columnConstant(Constant(NDArray(scalar: 5.0)), lowering) == .scalar(5))
    #expect(
      try value.columnConstant(Constant(filled: 5, dims: [b], .float), lowering) == .scalar(5))
    let narrow = tracked([[.steps], [.sequences], []], positions: 1, channels: 1)
    #expect(try narrow.columnConstant(Constant(NDArray(scalar: 5.0)), lowering) == .columns([5]))
    // A merged axis of sequences and positions has no constants.
    let merged = tracked([[.steps], [.sequences, .positions], [.channels]])
    #expect(merged.index(in: 1, position: 2, channel: 3) == 2)
    let steps = Constant(NDArray(dims: [5, 1, 1], elements: [1.0, 2, 3, 4, 5]))
    var five = value
    five.steps = Size(5)
    #expect(
      reason { () throws(Refusal) in try five.columnConstant(steps, lowering) }
        == "combines [5, B, 12] with a constant of the shape [5, 1, 1]")
  }

  @Test("values of the same shape are combined")
  func combinations() throws {
    let axes: [[Factor]] = [[.steps], [.sequences], [.channels]]
    let x = tracked(axes, positions: 1, channels: 4)
    #expect(try lowering.combined(.add, x, x).axes == axes)
    var (tokens, padded, last) = (x, x, x)
    tokens.isTokens = true
    padded.padding = .init(factor: .sequences, before: 0, after: 0, padding: .zeros)
    last.isPerSequence = true
    for (a, b) in [(tokens, x), (x, tokens), (padded, x), (x, padded)] {
      #expect(
        reason { () throws(Refusal) in try lowering.combined(.add, a, b) }
          == "combines tokens or padded values")
    }
    #expect(
      reason { () throws(Refusal) in try lowering.combined(.add, x, last) }
        == "combines values of the shapes [T, B, 4] and [T, B, 4]")
    let wide = x.padded(toRank: 5)
    #expect(wide.axes == [[], [], [.steps], [.sequences], [.channels]])
    #expect(x.padded(toRank: 2).axes == axes)
    #expect(try lowering.combined(.add, wide, x).axes.count == 5)
  }

  @Test("positions are those of the last reshape")
  func positions() {
    let flat = tracked([[.steps], [.sequences], [.channels]], positions: 1, channels: 12)
    let split = lowering.reshaped(flat, positions: 3)
    #expect(split.node != flat.node && split.channels == 4)
    #expect(lowering.reshaped(split, positions: 3).node == split.node)
    #expect(lowering.reshaped(split, positions: 1).node == flat.node)
    let other = lowering.reshaped(split, positions: 2)
    #expect(other.channels == 6 && lowering.builder[other.node].sources == [flat.node])
    let mapped = lowering.map(.activation(.tanh), split)
    let back = lowering.reshaped(mapped, positions: 1)
    #expect(back.node != mapped.node && back.channels == 12)
    #expect(lowering.builder[back.node].sources == [mapped.node])
    let joined = lowering.flattened(
      tracked([[.steps], [.sequences], [.positions], [.channels]]))
    #expect(joined.axes == [[.steps], [.sequences], [.channels], []])
    #expect(joined.positions == 1 && joined.channels == 12)
  }

  @Test("names are printable and unique")
  func nodeNames() {
    var builder = GraphBuilder()
    for name in [
      "x", "x", "a b", "é\"", "", String(repeating: "n", count: 61), "~!", "\u{7F}", "x_2", "x",
    ] {
      let node = builder.add(.features(1), of: [])
      builder[node].name = name
    }
    _ = builder.add(.activation(.elu(alpha: 2)), of: [0])
    _ = builder.add(.activation(.tanh), of: [0])
    _ = builder.add(.activation(.tanh), of: [0])
    _ = builder.add(.network(.init(.simple, inputSize: 1, hiddenSize: 1)), of: [0])
    _ = builder.add(.network(.init(.gru, inputSize: 1, hiddenSize: 1)), of: [0])
    _ = builder.add(.layerNormalization(epsilon: 1), of: [0])
    _ = builder.add(.firstStep, of: [0])
    _ = builder.add(.lastStep, of: [0])
    _ = builder.add(.dense(size: 1, bias: false), of: [0])
    #expect(
      builder.names == [
        "x", "x_2", "a_b", "__", "_", String(repeating: "n", count: 60), "~!", "__2", "x_2_2",
        "x_3",
        "elu", "tanh", "tanh_2", "rnn", "gru", "layer_normalization", "first_step", "last_step",
        "dense",
      ])
  }
}
