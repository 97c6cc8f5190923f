// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// An input of the ONNX graph.
struct GraphInput {
  let name: String
  let type: ElementType?
  let dims: [Size]

  /// The possible meanings, the likeliest first, each with its cost.
  let interpretations: [(cost: Int, meaning: Interpretation)]
}

/// The meaning of an input.
enum Interpretation {
  /// A state of recurrent networks.
  case state

  /// Features or tokens with these axes. Positions come before channels in Recur's columns.
  case axes([[Factor]])
}

extension ValueInfoProto {
  /// The names of the axes without a size.
  var namedAxes: [String] {
    (shape ?? []).enumerated().compactMap { axis, dimension in
      switch dimension {
      case .size: nil
      case .name(let name): name
      case .unknown: unnamedAxis(axis)
      }
    }
  }

  /// The name of an axis that has neither a size nor a name.
  private func unnamedAxis(_ axis: Int) -> String { "\(name).\(axis)" }

  /// The sizes of the axes. Those with a name have the size that is given for it.
  fileprivate func dims(_ sizes: [String: Int]) throws(ONNXError) -> [Size] {
    guard let shape else {
      throw .unsupported(part: "input \"\(name)\"", reason: "has no shape")
    }
    return try shape.enumerated().map { axis, dimension throws(ONNXError) in
      switch dimension {
      case .size(let size):
        guard size <= Limit.elements else {
          throw .unsupported(part: "input \"\(name)\"", reason: "has an axis of size \(size)")
        }
        return Size(size)
      case .name(let name): return sizes[name].map { Size($0) } ?? Size(named: name)
      case .unknown:
        let name = unnamedAxis(axis)
        return sizes[name].map { Size($0) } ?? Size(named: name)
      }
    }
  }

  /// The input as a constant whose elements all have one value.
  func constant(_ value: Double, _ sizes: [String: Int]) throws(ONNXError) -> Constant {
    let type = elementType.flatMap(ElementType.init)
    guard let type, value.isFinite, type.isFloating || Int(exactly: value) != nil else {
      throw .invalid(
        argument: "constants", reason: "has \(value) for \"\(name)\", which is of another type")
    }
    return Constant(filled: value, dims: try dims(sizes), type)
  }
}

extension GraphInput {
  init(
    _ info: ValueInfoProto, sizes: [String: Int], roles: [ONNXAxisRole?]?, isState: Bool
  ) throws(ONNXError) {
    name = info.name
    type = info.elementType.flatMap(ElementType.init)
    dims = try info.dims(sizes)
    guard let type else {
      interpretations = []
      return
    }
    if let roles {
      interpretations = [(0, .axes(try Self.factors(roles, dims, info.name)))]
    } else if isState, type.isFloating {
      interpretations = [(0, .state)]
    } else {
      var list = Self.meanings(of: dims, isTokens: !type.isFloating)
      if type.isFloating { list.append((Cost.state, .state)) }
      interpretations = list.enumerated()
        .sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }.map(\.element)
    }
  }

  private static func factors(
    _ roles: [ONNXAxisRole?], _ dims: [Size], _ name: String
  ) throws(ONNXError) -> [[Factor]] {
    let given = roles.compactMap { $0 }
    guard roles.count == dims.count, Set(given).count == given.count,
      zip(roles, dims).allSatisfy({ $0 != nil || $1.isOne })
    else {
      throw .invalid(
        argument: "roles",
        reason:
          "has \(roles.count) roles of \"\(name)\", expected one for each axis of \(describe(dims))"
      )
    }
    return zip(roles, dims).map { role, size in
      switch role {
      case _ where size.isOne: []
      case .steps?: [.steps]
      case .sequences?: [.sequences]
      case .positions?: [.positions]
      case .channels?, nil: [.channels]
      }
    }
  }

  /// Returns all assignments of steps, sequences and columns to the axes whose size is not 1.
  private static func meanings(
    of dims: [Size], isTokens: Bool
  ) -> [(cost: Int, meaning: Interpretation)] {
    var partial: [[[Factor]]] = [[]]
    for size in dims {
      var roles: [[Factor]] = size.isOne ? [[]] : [[.sequences], [.steps]]
      if !isTokens, !size.isOne, size.number != nil { roles += [[.channels], [.positions]] }
      partial = partial.flatMap { axes in
        roles.filter { $0.isEmpty || !axes.contains($0) }.map { axes + [$0] }
      }
    }
    return partial.compactMap { axes in
      // One axis of columns has channels.
      guard axes.contains([.channels]) || !axes.contains([.positions]) else { return nil }
      return (cost(axes, dims, isTokens), .axes(axes))
    }
  }

  /// The cost of a meaning: the sum of what is unlikely about it.
  private static func cost(_ axes: [[Factor]], _ dims: [Size], _ isTokens: Bool) -> Int {
    var cost = Cost.axes
    let large = axes.count { !$0.isEmpty }
    if !isTokens, !axes.contains([.channels]) { cost += Cost.noChannels }
    if axes.contains([.positions]) { cost += Cost.positions }
    if let channels = axes.lastIndex(of: [.channels]) {
      if channels != axes.count - 1 { cost += Cost.channelsNotLast }
      if let positions = axes.lastIndex(of: [.positions]), positions < channels {
        cost += Cost.positionsFirst
      }
    }
    if large >= 2, !axes.contains([.steps]) { cost += Cost.missingAxis }
    if large >= 3, !axes.contains([.sequences]) { cost += Cost.missingAxis }
    for (axis, size) in zip(axes, dims) where size.number == nil {
      let name = "\(size)".lowercased()
      let isBatch = name.contains("batch") || name == "b" || name == "n"
      let isTime =
        name.contains("seq") || name.contains("time") || name.contains("step") || name == "t"
      if isBatch, axis == [.steps] { cost += Cost.otherName }
      if isTime, axis == [.sequences] { cost += Cost.otherName }
    }
    return cost
  }
}

/// The costs of meanings. Only their order matters: the interpretation with the smallest sum that all nodes accept
/// is taken, so the costs decide only if several fit. After states come features with channels last, then other
/// places of the channels, then names that disagree, then positions, and last an input without channels. RecurONNX.md
/// describes this order to users.
enum Cost {
  /// Only recurrent operators accept a state, so that it is right if it fits.
  static let state = 0

  /// Features or tokens.
  static let axes = 2

  /// Features without an axis of channels have one channel.
  static let noChannels = 8

  /// Few models have positions, such as frequencies.
  static let positions = 6

  /// Convolutions have their channels before the steps.
  static let channelsNotLast = 2

  /// Images have their channels before the positions.
  static let positionsFirst = 1

  /// Two axes or more have steps, three or more sequences.
  static let missingAxis = 2

  /// The name of the axis, such as `batch`, means something else.
  static let otherName = 4

  /// The mean cost of the inputs of a likely interpretation, at most. Its error is shown before those of less likely
  /// ones.
  static let likely = 6
}

extension GraphInput {
  /// The value of the input, and the node that it adds.
  func value(_ number: Int, _ meaning: Interpretation, _ lowering: Lowering) throws(Refusal)
    -> Value
  {
    switch meaning {
    case .state:
      return Value(tracked: nil, state: try StateTensor(origin: number, dims: dims, lowering))
    case .axes(let axes):
      func size(_ factor: Factor) -> Size {
        axes.firstIndex { $0 == [factor] }.map { dims[$0] } ?? Size(1)
      }
      let isTokens = type?.isFloating == false
      let (positions, channels) = (size(.positions).number ?? 1, size(.channels).number ?? 1)
      guard let columns = elementCount([positions, channels]) else {
        throw Refusal("has too many columns")
      }
      let node = lowering.builder.add(
        isTokens ? .tokens(vocabularySize: 1) : .features(columns), of: [])
      lowering.builder[node].name = name
      var tracked = Tracked(
        node: node, axes: axes, steps: size(.steps), sequences: size(.sequences))
      tracked.channels = columns
      tracked = lowering.reshaped(tracked, positions: positions)
      tracked.isTokens = isTokens
      var value = Value(tracked)
      if isTokens, Size.product(dims).isOne { value.pending = .scalarInput }
      return value
    }
  }
}
