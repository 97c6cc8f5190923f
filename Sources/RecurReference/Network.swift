// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A network of L layers in D directions for one sequence, written for readability. A batch corresponds
/// to several such sequences, each with its own length.
///
/// Layers and directions are indexed by l·D + d, with the forward direction first. The output of a layer
/// is [forward, reverse] and is the input of the next layer. The reverse direction starts at the last
/// step.
public struct ReferenceNetwork<Cell: ReferenceCell> {
  public typealias R = Cell.R

  public let options: Cell.Options
  public let inputSize: Int
  public let hiddenSize: Int

  /// The number of layers, L.
  public let layers: Int

  /// The number of directions, D: 1 or 2.
  public let directions: Int

  /// The cells. Layer l and direction d have the index l·D + d.
  public var cells: [Cell]

  /// Creates a network with the given parameters.
  ///
  /// - Parameters:
  ///   - options: The options of the cells.
  ///   - inputSize: The number of input features, I.
  ///   - hiddenSize: The hidden size, H.
  ///   - layers: The number of layers, L.
  ///   - directions: The number of directions, D: 1 or 2.
  ///   - parameters: The parameters, cell by cell.
  public init(
    _ options: Cell.Options, inputSize: Int, hiddenSize: Int, layers: Int = 1, directions: Int = 1,
    parameters: [R]
  ) {
    (self.options, self.inputSize, self.hiddenSize) = (options, inputSize, hiddenSize)
    (self.layers, self.directions) = (layers, directions)
    cells = []
    self.parameters = parameters
  }

  /// All parameters, cell by cell.
  public var parameters: [R] {
    get { cells.flatMap { $0.parameters.elements } }
    set {
      var rest = newValue[...]
      cells = shapes.map { shape in
        defer { rest = rest.dropFirst(shape.parameterCount) }
        return Cell(
          options, inputSize: shape.inputSize, hiddenSize: hiddenSize,
          parameters: Array(rest.prefix(shape.parameterCount)))
      }
      precondition(rest.isEmpty, "\(rest.count) parameters too many")
    }
  }

  /// The shapes of the cells, in order.
  public var shapes: [ReferenceShape] {
    let P = options.shape(inputSize: inputSize, hiddenSize: hiddenSize).stateSize
    return (0..<layers * directions).map { index in
      options.shape(
        inputSize: index < directions ? inputSize : directions * P, hiddenSize: hiddenSize)
    }
  }

  /// The zero states of all layers and directions, L·D of them.
  public var zeroStates: [ReferenceState<R>] {
    shapes.map { ReferenceState(zero: $0) }
  }
}

/// The result of running a network over one sequence.
public struct ReferenceNetworkOutput<R: ReferenceNumber> {
  /// The outputs of every layer before dropout: L x T x D·P.
  public var layers: [[[R]]]

  /// The state of each layer and direction after its last step: L·D.
  public var finalStates: [ReferenceState<R>]

  /// The states of every layer and direction after each step: L·D x T.
  public var states: [[ReferenceState<R>]]

  /// The outputs of the last layer: T x D·P.
  public var outputs: [[R]] { layers[layers.count - 1] }
}

extension ReferenceNetwork {
  /// Runs the network over the whole sequence.
  ///
  /// - Parameters:
  ///   - x: The inputs, T x I.
  ///   - initial: The state of each layer and direction before its first step, L·D; zero by default.
  ///   - masks: The random values; none by default.
  /// - Returns: The outputs and states.
  public func forward(
    _ x: [[R]], from initial: [ReferenceState<R>]? = nil, masks: ReferenceMasks<R> = .init()
  ) -> ReferenceNetworkOutput<R> {
    let initial = initial ?? zeroStates
    var result = ReferenceNetworkOutput<R>(layers: [], finalStates: [], states: [])
    for l in 0..<layers {
      let input = input(ofLayer: l, x, result.layers, masks)
      var output = [[R]](repeating: [], count: x.count)
      for d in 0..<directions {
        let index = l * directions + d
        let states = cell(index, masks).states(
          inDirection(d, input), from: initial[index], zoneout: zoneout(index, masks))
        result.finalStates.append(states.last ?? initial[index])
        result.states.append(inDirection(d, states))
        for t in x.indices { output[t] += result.states[index][t].hidden }
      }
      result.layers.append(output)
    }
    return result
  }

  /// Computes the activated gates of every layer and direction at every step.
  ///
  /// - Parameters:
  ///   - x: The inputs, T x I.
  ///   - initial: The state of each layer and direction before its first step, L·D; zero by default.
  ///   - masks: The random values; none by default.
  /// - Returns: The gates, L·D x T x G x H.
  public func gates(
    _ x: [[R]], from initial: [ReferenceState<R>]? = nil, masks: ReferenceMasks<R> = .init()
  ) -> [[[[R]]]] {
    let initial = initial ?? zeroStates
    let output = forward(x, from: initial, masks: masks)
    return cells.indices.map { index in
      let (l, d) = (index / directions, index % directions)
      let input = inDirection(d, input(ofLayer: l, x, output.layers, masks))
      let previous = [initial[index]] + inDirection(d, output.states[index])
      return inDirection(d, zip(input, previous).map { cell(index, masks).gates($0, $1) })
    }
  }

  /// Returns x, or the masked outputs of the layer below.
  func input(ofLayer l: Int, _ x: [[R]], _ outputs: [[[R]]], _ masks: ReferenceMasks<R>)
    -> [[R]]
  {
    if l == 0 { return x }
    return masked(outputs[l - 1], layer: l - 1, masks)
  }

  func masked(_ rows: [[R]], layer: Int, _ masks: ReferenceMasks<R>) -> [[R]] {
    masks.betweenLayers.isEmpty
      ? rows : zip(rows, masks.betweenLayers[layer]).map { hadamard($0, $1) }
  }

  /// Returns the cell of a layer and direction with its recurrent mask.
  func cell(_ index: Int, _ masks: ReferenceMasks<R>) -> Cell {
    var cell = cells[index]
    if !masks.recurrent.isEmpty { cell.recurrentMask = masks.recurrent[index] }
    return cell
  }

  /// Returns the zoneout of a layer and direction, in the order of its steps.
  func zoneout(_ index: Int, _ masks: ReferenceMasks<R>) -> [ReferenceState<R>] {
    masks.zoneout.isEmpty ? [] : inDirection(index % directions, masks.zoneout[index])
  }

  /// Converts between the order of time and the order in which a direction reads the steps.
  func inDirection<Step>(_ d: Int, _ steps: [Step]) -> [Step] {
    d == 0 ? steps : steps.reversed()
  }
}
