// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// How the initial and final states of a model correspond to inputs and outputs of the ONNX model.
struct StateBindings: Sendable {
  private let inputs: [(name: String, shape: [Int?])]
  private let initial: [(part: NamedPart, map: StateMap)]
  private let outputs: [(name: String, map: StateMap)]
  private let parts: [NamedPart]
  let states: [ONNXState]

  init(_ assembly: Assembly) {
    let used = Set(assembly.initialStates.flatMap { $0.map.elements.map(\.tensor) }).sorted()
    inputs = assembly.stateInputs.map { ($0.name, $0.dims.map(\.number)) }
    initial = assembly.initialStates
    outputs = assembly.stateOutputs.map { ($0.name, $0.map) }
    parts = assembly.parts
    states =
      used.map { k in
        ONNXState(
          name: assembly.stateInputs[k].name, isInput: true,
          shape: assembly.stateInputs[k].dims.map(\.number),
          parts: assembly.initialStates.filter { $0.map.elements.contains { $0.tensor == k } }.map(
            \.part.name))
      }
      + assembly.stateOutputs.map { output in
        ONNXState(
          name: output.name, isInput: false, shape: output.dims.map(\.number),
          parts: Set(output.map.elements.map(\.tensor)).sorted().map { assembly.parts[$0].name })
      }
  }

  /// Returns the initial state of some inputs, or nil if none is given.
  func initialState<Scalar>(
    of model: Model<Scalar>, _ tensors: [String: ONNXTensor<Scalar>], sequences: Int
  ) throws(ONNXError) -> ModelState<Scalar>? {
    guard inputs.contains(where: { tensors[$0.name] != nil }) else { return nil }
    for (name, shape) in inputs {
      guard let tensor = tensors[name] else { continue }
      let expected = shape.map { $0 ?? sequences }
      guard tensor.shape == expected else {
        throw .invalid(
          argument: name, reason: "has the shape \(tensor.shape), expected \(expected)")
      }
    }
    var state = try recur { () throws(RecurError) in try model.zeroState(batchSize: sequences) }
    for (part, map) in initial {
      let rows = part.directions * sequences
      var elements = [Scalar](repeating: 0, count: rows * part.size)
      for (place, element) in map.elements.enumerated() {
        let (name, shape) = inputs[element.tensor]
        guard let tensor = tensors[name] else { continue }
        for b in 0..<(map.sequencesAxis == nil ? 1 : sequences) {
          let source = index(element.index, b, shape, sequences)
          elements[self.place(place, b, map, part, sequences)] = tensor.elements[source]
        }
      }
      try recur { () throws(RecurError) in
        try state.set(part.name, to: Matrix(rows: rows, columns: part.size, elements: elements))
      }
    }
    return state
  }

  /// Adds the outputs that are final states.
  func addFinalStates<Scalar>(
    _ state: ModelState<Scalar>?, to results: inout [String: ONNXTensor<Scalar>]
  ) throws(ONNXError) {
    guard let name = outputs.first?.name else { return }
    guard let state else {
      throw .invalid(
        argument: "steps",
        reason: "is no multiple of the strides, so there is no final state \"\(name)\"")
    }
    let matrices = try parts.map { part throws(ONNXError) in
      guard let matrix = state[part.name] else {
        throw .recur(.outOfMemory(reason: "memory for the state \(part.name) cannot be allocated"))
      }
      return matrix.elements
    }
    for (name, map) in outputs {
      var shape = map.dims
      if let axis = map.sequencesAxis { shape[axis] = state.batchSize }
      var elements = [Scalar](repeating: 0, count: shape.reduce(1, *))
      for (place, element) in map.elements.enumerated() {
        let part = parts[element.tensor]
        for b in 0..<(map.sequencesAxis == nil ? 1 : state.batchSize) {
          let row =
            map.sequencesAxis == nil
            ? element.index : self.place(element.index, b, map, part, state.batchSize)
          elements[
            index(
              place, b, map.dims.enumerated().map { $0 == map.sequencesAxis ? nil : $1 },
              state.batchSize)] =
            matrices[element.tensor][row]
        }
      }
      results[name] = ONNXTensor(shape: shape, elements: elements)
    }
  }

  /// The index of sequence b in a tensor, given the index without the axis of sequences, which is nil in `shape`.
  private func index(_ index: Int, _ b: Int, _ shape: [Int?], _ sequences: Int) -> Int {
    guard let axis = shape.firstIndex(of: nil) else { return index }
    let inner = shape[(axis + 1)...].reduce(1) { $0 * ($1 ?? 1) }
    return (index / inner * sequences + b) * inner + index % inner
  }

  /// The index in a part of D x B x size, given that in D x size; all of them if the number of sequences is fixed.
  private func place(
    _ index: Int, _ b: Int, _ map: StateMap, _ part: NamedPart, _ sequences: Int
  ) -> Int {
    guard map.sequencesAxis != nil else { return index }
    return (index / part.size * sequences + b) * part.size + index % part.size
  }
}
