// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

// Pad is not computed: the convolution that reads its result pads.

private func pad(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  var value = try call.trackedOrPadded(0)
  let rank = value.axes.count
  guard var pads = try call.integers("pads", orInput: 1) else {
    throw Refusal("has no pads")
  }
  if let axes = try call.optionalConstant(3)?.numbers().elements {
    let axes = try normalized(axes, rank: rank)
    guard pads.count == 2 * axes.count else {
      throw Refusal("has \(pads.count) pads of \(axes.count) axes")
    }
    var all = [Int](repeating: 0, count: 2 * rank)
    for (k, axis) in axes.enumerated() {
      all[axis] = pads[k]
      all[rank + axis] = pads[axes.count + k]
    }
    pads = all
  }
  guard pads.count == 2 * rank, pads.allSatisfy({ $0 >= 0 && $0 < Limit.padding }) else {
    throw Refusal("has the pads \(pads)")
  }
  let padded = (0..<rank).filter { pads[$0] + pads[rank + $0] > 0 }
  guard let axis = padded.first else { return [Value(value)] }
  guard padded.count == 1, value.padding == nil, value.axes[axis].count == 1 else {
    throw Refusal("pads \(padded.map { names(value.axes[$0]) }), expected steps or positions")
  }
  value.padding = Tracked.Padding(
    factor: value.axes[axis][0], before: pads[axis], after: pads[rank + axis],
    padding: try mode(call))
  return [Value(value)]
}

private func mode(_ call: Call) throws(Refusal) -> Tracked.PaddingMode {
  let mode = try call.string("mode", default: "constant")
  switch mode {
  case "constant":
    let attribute = try call.float("value", default: 0)
    let value = try call.optionalConstant(2)?.scalar() ?? attribute
    guard value == 0 else { throw Refusal("pads with \(value), expected 0") }
    return .zeros
  case "reflect": return .reflect
  case "edge": return .replicate
  default: throw Refusal("has the mode \(mode)")
  }
}

// Conv

/// A convolution over one axis: its tensors, and the numbers of that axis.
private struct Geometry {
  var value: Tracked
  var outputs: Int
  var kernel: Int
  var stride: Int
  var dilation: Int
  var before: Int
  var after: Int
  var groups: Int

  /// Reads the attributes. Axes of size 1 with a kernel of 1, as two-dimensional convolutions of sequences have,
  /// are removed.
  init(_ call: Call) throws(Refusal) {
    let input = try call.trackedOrPadded(0)
    value = input
    let weight = try call.constant(1).knownDims
    let rank = input.axes.count - 2
    guard rank >= 1, weight.count == rank + 2, weight.allSatisfy({ $0 > 0 }) else {
      throw Refusal("has inputs of ranks \(value.axes.count) and \(weight.count)")
    }
    let kernel = try call.integers("kernel_shape") ?? Array(weight[2...])
    let strides = try call.integers("strides") ?? Array(repeating: 1, count: rank)
    let dilations = try call.integers("dilations") ?? Array(repeating: 1, count: rank)
    let pads = try call.integers("pads") ?? Array(repeating: 0, count: 2 * rank)
    guard kernel == Array(weight[2...]), strides.count == rank, dilations.count == rank,
      pads.count == 2 * rank,
      (strides + dilations).allSatisfy({ $0 >= 1 && $0 < Limit.padding }),
      pads.allSatisfy({ $0 >= 0 && $0 < Limit.padding })
    else { throw Refusal("has attributes that do not fit its weight of the shape \(weight)") }
    let trivial = (0..<rank).filter {
      kernel[$0] == 1 && input.axes[$0 + 2].isEmpty && pads[$0] + pads[rank + $0] == 0
    }
    guard let axis = (0..<rank).first(where: { !trivial.contains($0) }) ?? trivial.first,
      trivial.count >= rank - 1
    else { throw Refusal("is over several axes") }
    let removed = Set((0..<rank).filter { $0 != axis })
    value.axes = value.axes.enumerated().filter { !removed.contains($0.offset - 2) }.map(\.element)
    outputs = weight[0]
    self.kernel = kernel[axis]
    stride = strides[axis]
    dilation = dilations[axis]
    (before, after) = (pads[axis], pads[rank + axis])
    groups = try call.integer("group", default: 1)
    guard groups >= 1, groups <= weight[0] else { throw Refusal("has \(groups) groups") }
    try applyAutoPad(call)
  }

  private mutating func applyAutoPad(_ call: Call) throws(Refusal) {
    let mode = try call.string("auto_pad", default: "NOTSET")
    guard mode != "NOTSET" else { return }
    (before, after) = (0, 0)
    guard mode != "VALID" else { return }
    guard mode == "SAME_UPPER" || mode == "SAME_LOWER" else {
      throw Refusal("has the auto_pad \(mode)")
    }
    let reach = dilation * (kernel - 1) + 1
    var total = reach - 1
    if stride > 1 {
      let size = value.size(ofAxis: 2)
      guard let n = size.number else {
        throw Refusal(
          "pads with stride \(stride) as many steps as the size \(size) needs, which is not known",
          openSize: size)
      }
      total = max(0, ((n + stride - 1) / stride - 1) * stride + reach - n)
    }
    before = mode == "SAME_UPPER" ? total / 2 : total - total / 2
    after = total - before
  }

  /// The size of the output for n inputs.
  func size(_ n: Size) throws(Refusal) -> Size {
    let extra = before + after - dilation * (kernel - 1) - 1
    if stride == 1, extra == -1 { return n }
    guard let number = n.number else {
      return (n + Size(extra)) / Size(stride) + Size(1)
    }
    guard number + extra >= 0 else { throw Refusal("has a kernel that is larger than its input") }
    return Size((number + extra) / stride + 1)
  }
}

private func convolution(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  var geometry = try Geometry(call)
  let rank = try call.trackedOrPadded(0).axes.count
  let padding = try merge(&geometry)
  let axis = try lowering.prepare(&geometry)
  var value = geometry.value
  guard try call.constant(1).knownDims[1] * geometry.groups == value.channels else {
    throw Refusal("has a weight for another number of channels than \(value.channels)")
  }
  let size = try geometry.size(value.size(of: axis))
  guard axis == .steps || (size.number ?? 0) > 0 else { throw Refusal("has no outputs") }
  var convolution = Convolution(
    over: axis == .steps ? .steps : .positions, outputSize: geometry.outputs,
    kernelSize: geometry.kernel)
  convolution.stride = geometry.stride
  convolution.dilation = geometry.dilation
  convolution.groups = geometry.groups
  convolution.before = geometry.before
  convolution.after = geometry.after
  convolution.padding = padding
  convolution.bias = false
  let weight = try call.constant(1)
  let parameter = Parameter { () throws(Refusal) in try weight.values().elements }
  value.node = lowering.builder.add(
    geometry.isDense && value.positions == 1
      ? .dense(size: geometry.outputs, bias: false) : .convolution(convolution),
    of: [value.node], ["weight": parameter])
  value.channels = geometry.outputs
  value.axes[1] = [.channels]
  value.axes[2] = [axis]
  if axis == .steps { value.steps = size } else { value.positions = size.number! }
  value.dropOnes()
  if let bias = try call.optionalConstant(2) {
    let list = try bias.values().elements
    guard list.count == geometry.outputs else {
      throw Refusal("has a bias of \(list.count) elements")
    }
    value = lowering.map(.scale, value, ["bias": Parameter(list)])
  }
  // The axes of size 1 that were removed.
  value.axes.insert(contentsOf: Array(repeating: [], count: rank - 3), at: 2)
  return [Value(try value.restored(call, rank))]
}

extension Geometry {
  /// Whether each output depends on the input of its own step or position only.
  fileprivate var isDense: Bool {
    kernel == 1 && stride == 1 && groups == 1 && before + after == 0
  }
}

extension Tracked {
  /// Moves the convolved axis to its place among the axes of size 1 that were removed.
  fileprivate func restored(_ call: Call, _ rank: Int) throws(Refusal) -> Tracked {
    guard rank > 3 else { return self }
    var result = self
    let source = try call.trackedOrPadded(0)
    let place = source.axes.indices.dropFirst(2).first { !source.axes[$0].isEmpty } ?? rank - 1
    let convolved = result.axes.remove(at: rank - 1)
    result.axes.insert(convolved, at: place)
    return result
  }
}

/// Adds the padding of an earlier Pad.
private func merge(_ geometry: inout Geometry) throws(Refusal) -> Convolution.Padding {
  guard let padding = geometry.value.padding else { return .zeros }
  guard geometry.value.axes[2] == [padding.factor] else {
    throw Refusal("reads a value that is padded along another axis")
  }
  let isZero = padding.padding == .zeros
  guard isZero || geometry.before + geometry.after == 0 else {
    throw Refusal("pads a value that is already padded by other values")
  }
  geometry.before += padding.before
  geometry.after += padding.after
  geometry.value.padding = nil
  return isZero ? .zeros : padding.padding == .reflect ? .reflect : .replicate
}

extension Lowering {
  /// Makes the axes 1 and 2 the channels and the steps or positions of a convolution. Returns what it runs over.
  fileprivate func prepare(_ geometry: inout Geometry) throws(Refusal) -> Factor {
    var value = geometry.value
    defer { geometry.value = value }
    let (first, channels, last) = (value.axes[0], value.axes[1], value.axes[2])
    guard first.allSatisfy({ !$0.isColumn }), channels == [] || channels == [.channels] else {
      throw Refusal("has the axes \(value.axes.map(names)), expected channels second")
    }
    if last == [.steps] {
      guard value.positions == 1, !value.isPerSequence else {
        throw Refusal("is over steps that have positions")
      }
      return .steps
    }
    guard last.allSatisfy(\.isColumn) else {
      throw Refusal("is over \(names(last)), expected steps or positions")
    }
    if channels.isEmpty, value.columns > 1 {
      // All columns are positions of one channel.
      guard last.count == value.columnFactors.count, last != [.channels, .positions] else {
        throw Refusal("has the axes \(value.axes.map(names)), expected channels second")
      }
      value = reshaped(value, positions: value.columns)
      value.axes[2] = [.positions]
    }
    guard last.isEmpty || value.axes[2] == [.positions] else {
      throw Refusal("has the axes \(value.axes.map(names)), expected positions last")
    }
    return .positions
  }
}

let convolutionOperations: [String: Operation] = [
  "Pad": Operation(inputs: 4, ["mode", "pads", "value"], lower: pad),
  "Conv": Operation(
    inputs: 3, ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"],
    lower: convolution),
]
