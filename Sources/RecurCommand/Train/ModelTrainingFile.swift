// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The sequences of a file with a tensor for each input and output of a model.
struct ModelTrainingFile {
  let path: String
  let examples: BatchExamples<Float>

  /// The CRC-32 of the file.
  let checksum: UInt32

  /// The outputs, in the order of the model, and whether their targets are labels.
  let outputs: [(name: String, hasLabels: Bool)]

  /// Labels that do not count.
  private static let ignoredLabel = -1

  init(_ path: String, for loaded: LoadedModel<Float>) throws {
    let format = try TensorFormat(ofFile: path)
    guard format.hasNames else {
      throw BadInput("\(path): has a single tensor, expected a file .safetensors or .npz")
    }
    self.path = path
    checksum = UInt32(SafeTensors.crc(0, try WholeFile.read(path, atMost: nil)))
    var tensors = Dictionary(
      uniqueKeysWithValues: try format.read(path).map { ($0.name ?? "", $0) })
    func take(_ name: String) throws -> FileTensor {
      guard let tensor = tensors.removeValue(forKey: name) else {
        throw BadInput("\(path): has no tensor \(name), which \(loaded.path) has")
      }
      return tensor
    }
    var inputs: [String: ModelInput<Float>] = [:]
    var layouts: [(input: String, layout: TensorLayout)] = []
    var (steps, count) = (0, 0)
    for port in loaded.inputs {
      let tensor = try take(port.name)
      let (input, layout) = try port.input(tensor, of: Float.self)
      if layouts.isEmpty { (steps, count) = (input.steps, input.batchSize) }
      guard (input.steps, input.batchSize) == (steps, count) else {
        throw BadInput(
          "\(tensor.place): has \(counted(input.steps, "step")) of "
            + "\(counted(input.batchSize, "sequence")), expected \(steps) of \(count) as "
            + layouts[0].input)
      }
      inputs[port.node] = input
      layouts.append((port.name, layout))
    }
    let layout = try TensorLayout.common(layouts, path)
    let names = try loaded.outputs.map(\.name)
    let lengths =
      try names.contains(ModelTensors.lengthsName)
      ? nil : tensors.removeValue(forKey: ModelTensors.lengthsName)?.lengths(count, steps: steps)
    var targets: [String: OutputTargets<Float>] = [:]
    var outputs: [(name: String, hasLabels: Bool)] = []
    let model = loaded.model
    let shapes = try model.outputShapes(steps: steps)
    // Without steps, only an output with one row for each sequence has rows.
    let isOneRow = try model.outputShapes(steps: 0).map { $0.steps == 1 }
    for port in try loaded.outputs {
      let k = model.outputs.firstIndex { $0.name == port.node }!
      let shape = try OutputShape(
        port, layout, steps: isOneRow[k] ? nil : shapes[k].steps, sequences: count)
      let rows = try model.rowsWithinSequences(
        of: port.node, steps: steps, batchSize: count, lengths: lengths)
      let found = try take(port.name).targets(shape, counts: rows, columns: port.size)
      targets[port.node] = OutputTargets(found)
      let hasLabels = if case .labels = found { true } else { false }
      outputs.append((port.node, hasLabels))
    }
    if let extra = tensors.keys.min() {
      throw BadInput(
        "\(path): has the tensor \(extra), expected the inputs and outputs of \(loaded.path)")
    }
    self.outputs = outputs
    examples = try BadInput.naming(path) {
      try BatchExamples(TrainingBatch(inputs: inputs, lengths: lengths, targets: targets))
    }
  }

  /// The loss of values, and the cross-entropy for labels; a sum for several outputs.
  func loss(ofValues loss: Loss) -> Loss {
    let losses = outputs.map { name, hasLabels in
      (name, HeadLoss(hasLabels ? .crossEntropy(ignoring: Self.ignoredLabel) : loss))
    }
    return losses.count == 1
      ? losses[0].1.loss : .heads(Dictionary(uniqueKeysWithValues: losses))
  }
}

extension FileTensor {
  /// The targets of an output: values, or labels of its columns.
  ///
  /// - Parameters:
  ///   - expected: The shape of the output.
  ///   - rows: The rows of its matrix that count; values of others need not be finite.
  ///   - columns: The number of its channels.
  fileprivate func targets(
    _ expected: OutputShape, counts rows: [Bool], columns: Int
  ) throws -> Targets<Float> {
    if shape == expected.values || columns == 1 && shape == expected.labels {
      for index in elements.indices where rows[expected.place(of: index) / columns] {
        try requireFinite(index, Float.self)
      }
      return .values(
        try Matrix(
          rows: elements.count / columns, columns: columns,
          elements: expected.matrixOrder(values: elements.map { Float($0) })))
    }
    guard shape == expected.labels else {
      throw BadInput(
        "\(place): has the shape \(shape), expected \(expected.values), or \(expected.labels) "
          + "for labels")
    }
    return .labels(expected.matrixOrder(labels: try integers(-1...columns - 1, "a label")))
  }
}
