// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurONNX
import RecurTraining

/// The shapes of all tensors of a run or of a file with training data.
enum TensorLayout {
  /// T x C: one sequence. Tokens: T.
  case sequence

  /// T x B x C. Tokens: T x B.
  case batch

  /// The shapes of the ONNX model.
  case onnx

  /// Returns the layout of the outputs, given those of the inputs.
  ///
  /// - Parameters:
  ///   - layouts: The layout of each input.
  ///   - path: The file of the model, for error messages.
  /// - Throws: `BadInput` if only some inputs have the shapes of the ONNX model.
  static func common(
    _ layouts: [(input: String, layout: TensorLayout)], _ path: String
  ) throws -> TensorLayout {
    let onnx = layouts.filter { $0.layout == .onnx }
    guard let first = onnx.first else {
      return layouts.allSatisfy { $0.layout == .sequence } ? .sequence : .batch
    }
    if let other = layouts.first(where: { $0.layout != .onnx }) {
      throw BadInput(
        "\(path): \(first.input) has the shape of the ONNX model, but \(other.input) has steps "
          + "first; expected the same for all inputs")
    }
    return .onnx
  }
}

/// The shape of an output's tensor, and the places of its elements in the matrix of the model.
struct OutputShape {
  /// The shape of values.
  let values: [Int]

  /// The shape of labels, which have no axis of channels.
  let labels: [Int]

  /// The place in the matrix of each element of the tensor; nil if the order is the same.
  private let places: [Int]?
  private let columns: Int

  /// - Parameters:
  ///   - port: The output.
  ///   - layout: The layout of the file.
  ///   - steps: The number of steps; nil if the output has one row for each sequence.
  ///   - sequences: The number of sequences.
  init(
    _ port: ModelPort, _ layout: TensorLayout, steps: Int?, sequences: Int
  ) throws(RecurError) {
    columns = port.size
    guard layout == .onnx, let onnx = port.onnx else {
      labels = layout == .sequence ? [steps ?? 1] : (steps.map { [$0] } ?? []) + [sequences]
      values = labels + [columns]
      places = nil
      return
    }
    // The tensor of the places tells their order.
    let rows = (steps ?? 1) * sequences
    let tensor = onnx.tensor(
      try SequenceBatch(
        steps: steps ?? 1, batchSize: sequences, features: columns,
        elements: (0..<rows * columns).map(Double.init)))
    values = tensor.shape
    labels = onnx.axes.compactMap { axis in
      let roles = axis.roles.filter { $0 == .steps || $0 == .sequences }
      return roles.isEmpty
        ? nil : roles.reduce(1) { $0 * ($1 == .steps ? steps ?? 1 : sequences) }
    }
    places = tensor.elements.map { Int($0) }
  }

  /// The place in the matrix of an element of values.
  func place(of index: Int) -> Int { places?[index] ?? index }

  /// Returns values in the order of the matrix.
  func matrixOrder<Element>(values elements: [Element]) -> [Element] {
    guard let places else { return elements }
    var result = elements
    for (element, place) in zip(elements, places) { result[place] = element }
    return result
  }

  /// Returns labels in the order of the rows of the matrix.
  func matrixOrder(labels elements: [Int]) -> [Int] {
    guard let places else { return elements }
    var result = elements
    let rows = places.lazy.filter { $0 % columns == 0 }.map { $0 / columns }
    for (element, row) in zip(elements, rows) { result[row] = element }
    return result
  }
}
